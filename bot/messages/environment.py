"""Where the words of invitations and messages stand, and how templates become text (pure but for reading them).

HR may have a folder of their own with templates of the same names; what is not in it is ours. Ours are always to be had under
`ours/`, and a template of HR's that names itself means ours of that name. Escapes in `.html.j2` and leaves
`.txt.j2` alone; a name that a template does not get is an error, told with file and line. Templates reach nothing but what they are
given (Jinja's sandbox), because not everybody who words mails may run programs.
"""

from __future__ import annotations

import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateSyntaxError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import InputError
from bot.messages.characters import unbroken

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES = Path(__file__).parent / "templates"
OURS = "ours"
"""What the names of our templates begin with where HR's templates want them and not their own."""


def render(name: str, given: Mapping[str, Any], *, own: str | None = None) -> str:
    """A template by its path below `templates/`, with HR's own folder before ours.

    Raises InputError `words_failed` with file and line for one of HR's that cannot be rendered.
    """
    try:
        text = _environment(own).get_template(name).render(given)
    except Exception as error:  # an expression in a template can raise anything that Python can
        where = _where(error, name, own) if own else None
        if where is None:
            raise
        raise InputError("words_failed", file=where[0], line=where[1], detail=str(error) or type(error).__name__) from error
    return unbroken(text) if name.endswith(".html.j2") else text


def read_anew(own: str) -> None:
    """Look at HR's folder again: a file that has come since would stand behind ours that was used instead."""
    cache = _environment(own).cache
    assert cache is not None  # noqa: S101 - only an environment that is told to has none
    cache.clear()


def _where(error: Exception, name: str, own: str) -> tuple[str, int] | None:
    """File and line of the fault, where it is one of HR's; line 0 for a file that cannot be read."""
    if isinstance(error, (UnicodeDecodeError, OSError)):
        return str(Path(own) / name), 0
    if isinstance(error, TemplateSyntaxError) and error.filename:
        places = [(error.filename, error.lineno)]
    else:
        places = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    folder = str(Path(own).resolve())
    inside = [(file, line) for file, line in places if str(Path(file).resolve()).startswith(folder)]
    return inside[-1] if inside else None


class _Words(ImmutableSandboxedEnvironment):
    """Templates that may build on ours of the same name."""

    def join_path(self, template: str, parent: str) -> str:
        """The name of what `parent` extends, includes or imports as `template`."""
        return f"{OURS}/{template}" if template == parent else template


@cache
def _environment(own: str | None) -> ImmutableSandboxedEnvironment:
    ours = FileSystemLoader(TEMPLATES)
    folders = [] if own is None else [FileSystemLoader(Path(own))]
    return _Words(
        loader=ChoiceLoader([*folders, ours, PrefixLoader({OURS: ours})]),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=own is not None,
    )
