"""Writing the files that a user asked for: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bot.errors import InputError


def write_new_file(name: str, data: bytes) -> None:
    """Write a file that is not there yet; raises InputError `file_exists` or `file_not_written`."""
    try:
        with Path(name).open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise InputError("file_exists", file=name) from None
    except OSError as error:
        raise InputError("file_not_written", file=name, detail=error.strerror or str(error)) from None


def replace_file(name: str, data: bytes) -> None:
    """Write a file, replacing what was there in one step; raises InputError `file_not_written`."""
    path = Path(name)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError as error:
        raise InputError("file_not_written", file=name, detail=error.strerror or str(error)) from None


def make_folder(folder: Path) -> None:
    """The folder and those above it; raises InputError `file_not_written`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("file_not_written", file=str(folder), detail=error.strerror or str(error)) from None
