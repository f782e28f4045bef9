"""A plan file from disk as bytes. The only I/O of this package; what the bytes mean is `parse`'s business."""

from __future__ import annotations

from pathlib import Path

from bot.errors import InputError
from bot.plan.parse import MOST_BYTES


def read_plan_file(path: str | Path) -> bytes:
    """The bytes of the file; of one that is too big only so many that `parse_plan` refuses it.

    Raises `InputError` with code `plan_file_missing`, `plan_file_is_folder` or `plan_file_unreadable`
    (no permission, a broken disk).
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError("plan_file_is_folder", path=str(path))
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("plan_file_missing", path=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError("plan_file_unreadable", path=repr(str(path)), reason=reason) from error
