"""Where the words of messages stand, and how templates become text (pure but for reading).

HR may have a folder of their own with templates of the same names; what is not in it is ours. Ours are always
to be had under `ours/`, and a template of HR's that names itself means ours of that name. Escapes in
`.html.j2` and leaves `.txt.j2` alone; a name that a template does not get is an error, told with file and
line. Templates reach nothing but what they are given and come to an end (`bot.messages.guarded`) where they
are HR's, because not everybody who words mails may run programs.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateSyntaxError,
    select_autoescape,
)

from bot.domain.errors import InputError
from bot.messages.characters import unbroken
from bot.messages.guarded import Guarded, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from jinja2.bccache import Bucket

TEMPLATES = Path(__file__).parent / "templates"
OURS = "ours"
"""What the names of our templates begin with where HR's templates want them and not their own."""

LARGEST_FILE = 256 * 1024


def render(name: str, given: Mapping[str, Any], *, own: str | None = None) -> str:
    """A template by its path below `templates/`, HR's own folder first, as it was read last.

    `take_words` reads it.

    Raises InputError `words_failed` with file and line for one of HR's that cannot be rendered.
    """
    try:
        text = (
            _OURS.get_template(name).render(given)
            if own is None
            else rendered(_environment(own), name, given)
        )
    except Exception as error:  # an expression in a template can raise anything that Python can
        where = _where(error, own) if own else None
        if where is None:
            raise
        raise InputError(
            "words_failed", file=where[0], line=where[1], detail=str(error) or type(error).__name__
        ) from error
    return unbroken(text) if name.endswith(".html.j2") else text


def read_words(own: str) -> dict[str, str]:
    """HR's templates by path below their folder.

    Blocks as long as the disk does, so nothing is read while a message is made.

    Raises InputError: `words_folder_missing`, `words_elsewhere` for a link that leads out of the folder and
    for what is no file, `words_unknown` for a file that stands for nothing, `words_broken` for one that is
    not UTF-8, cannot be read, or is too large.
    """
    folder = Path(own)
    if not folder.is_dir():
        raise InputError("words_folder_missing", folder=own)
    return {file.relative_to(folder).as_posix(): _read(file, folder) for file in sorted(folder.rglob("*.j2"))}


def take_words(own: str, words: Mapping[str, str]) -> None:
    """From now on messages are made with these templates of the folder."""
    _own[own] = _made(own, words)


def _read(file: Path, folder: Path) -> str:
    if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
        raise InputError("words_elsewhere", file=str(file))
    if not (TEMPLATES / file.relative_to(folder)).is_file():
        raise InputError("words_unknown", file=str(file))
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise InputError("words_broken", file=str(file), line=0, detail=f"> {LARGEST_FILE} bytes")
        return content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("words_broken", file=str(file), line=0, detail=str(error)) from error


def _where(error: Exception, own: str) -> tuple[str, int] | None:
    """File and line of the fault, where it is one of HR's."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        places = [(error.filename, error.lineno)]
    else:
        places = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    folder = str(Path(own).absolute())
    inside = [(file, line) for file, line in places if str(Path(file).absolute()).startswith(folder)]
    return inside[-1] if inside else None


class _Words(Guarded):
    """Templates that may build on ours of the same name."""

    def join_path(self, template: str, parent: str) -> str:
        """The name of what `parent` extends, includes or imports as `template`."""
        return f"{OURS}/{template}" if template == parent else template


_FORM: dict[str, Any] = {
    "autoescape": select_autoescape(enabled_extensions=("html.j2",), default=False),
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,
}


class _CompiledOnce(BytecodeCache):
    """What was made of a file serves every folder and every look, for as long as its words are the same."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """By file and content."""
        checksum, code = self._made.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """The latest of a file."""
        self._made[bucket.key] = bucket.checksum, bucket.code


_COMPILED = _CompiledOnce()
_LOADER = FileSystemLoader(TEMPLATES)
# `_FORM` escapes.
_OURS = Environment(loader=ChoiceLoader([_LOADER, PrefixLoader({OURS: _LOADER})]), **_FORM)  # noqa: S701
_own: dict[str, _Words] = {}
"""By folder, each with the templates that were read last.

One that is replaced in between is whole for who has it.
"""


def _environment(own: str) -> _Words:
    return _own.get(own) or _own.setdefault(own, _made(own, read_words(own)))


def _made(own: str, words: Mapping[str, str]) -> _Words:
    def load(name: str) -> tuple[str, str, None] | None:
        return (words[name], str(Path(own) / name), None) if name in words else None

    loader = ChoiceLoader([FunctionLoader(load), _LOADER, PrefixLoader({OURS: _LOADER})])
    return _Words(loader=loader, bytecode_cache=_COMPILED, **_FORM)
