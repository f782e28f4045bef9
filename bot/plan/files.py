"""A plan file from disk as bytes. The only I/O of this package; what the bytes mean is `parse`'s business."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.domain.errors import InputError
from bot.plan.parse import MOST_BYTES

# Opening a pipe waits for who writes into it, unless it is told not to.
AT_ONCE = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def read_plan_file(path: str | Path) -> bytes:
    """The bytes of the file; of one that is too big only so many that `parse_plan` refuses it.

    Blocks as long as the disk does. Raises `InputError` with code `plan_file_missing`, `plan_file_is_folder`,
    `plan_file_is_special` (a pipe, a device) or `plan_file_unreadable` (no permission, a broken disk).
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError("plan_file_is_folder", path=str(path))
        with os.fdopen(os.open(file, AT_ONCE), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise InputError("plan_file_is_special", path=str(path))
            return stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("plan_file_missing", path=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError("plan_file_unreadable", path=repr(str(path)), reason=reason) from error
