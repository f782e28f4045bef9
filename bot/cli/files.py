"""Writing the files that a user asked for: whole or not at all, and readable by those that they are for.

A list of participants is for HR, not for the service's user alone: a new file may be read by the owner and
the folder's group as far as the umask goes, never by everybody; a file that was there keeps its mode.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.people import Language

FOR_OWNER_AND_GROUP = 0o640


def hand_over(data: bytes, out: str | None, language: Language) -> None:
    """What a command was asked for: into the file `out`, which is said on stderr, or without one to stdout.

    Raises as `replace_file`.
    """
    if out is None:
        sys.stdout.buffer.write(data)
        return
    replace_file(out, data)
    click.echo(text(language, "cli.exported", file=out), err=True)


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
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except OSError as error:
        raise InputError("file_not_written", file=name, detail=error.strerror or str(error)) from None


def make_folder(folder: Path) -> None:
    """The folder and those above it; raises InputError `file_not_written`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("file_not_written", file=str(folder), detail=error.strerror or str(error)) from None


def _mode(path: Path) -> int:
    """What the file may be opened by: as it was, else owner and group without what the umask takes away."""
    if path.is_file():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return FOR_OWNER_AND_GROUP & ~umask
