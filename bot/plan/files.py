"""A plan file from disk as bytes. The only I/O of this package; what the bytes mean is `parse`'s business."""

from __future__ import annotations

from pathlib import Path

from bot.errors import InputError

# A plan of 5,000 sessions is about 0.5 MB. More than this is some other file, and reading it would only hurt.
MOST_MEGABYTES = 20
MEGABYTE = 1_000_000


def read_plan_file(path: str | Path) -> bytes:
    """The bytes of the file.

    Raises `InputError` with code `plan_file_missing`, `plan_file_is_folder`, `plan_file_too_big` (more
    than 20 MB; refused before it is read) or `plan_file_unreadable` (no permission, a broken disk).
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError("plan_file_is_folder", path=str(path))
        with file.open("rb") as stream:
            data = stream.read(MOST_MEGABYTES * MEGABYTE + 1)
    except FileNotFoundError as error:
        raise InputError("plan_file_missing", path=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError("plan_file_unreadable", path=repr(str(path)), reason=reason) from error
    if len(data) > MOST_MEGABYTES * MEGABYTE:
        raise InputError("plan_file_too_big", path=str(path), limit=MOST_MEGABYTES)
    return data
