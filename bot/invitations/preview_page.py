"""A preview as a page: for a terminal, or as Markdown for a page or a mail (pure).

What stands on it, comes from outside as well: titles and names can neither move a cursor nor become markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MARKS = re.compile(r"[\\`*_\[\]<>#&|~]")
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])")

Item = tuple[str, ...]
"""Its headline, and what is said about it."""

Section = tuple[str, tuple[Item, ...]]
"""A heading and its items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A page: title, opening lines, sections of (heading, items of lines), closing lines."""

    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]


def as_text(page: Outline) -> str:
    """For a terminal."""
    lines = [plain(line) for line in (page.title, "", *page.opening)]
    for heading, items in page.sections:
        lines += ["", heading, "-" * len(heading)]
        for first, *rest in items:
            lines += [f"• {plain(first)}", *(f"    {plain(line)}" for line in rest)]
    return "\n".join([*lines, *([""] if page.closing else []), *page.closing]) + "\n"


def as_markdown(page: Outline) -> str:
    """For a page or a mail."""
    lines = [f"# {_escape(page.title)}", "", *(f"{_escape(line)}\n" for line in page.opening)]
    for heading, items in page.sections:
        lines += [f"## {_escape(heading)}", ""]
        for first, *rest in items:
            lines += [f"- **{_escape(first)}**", *(f"  - {_escape(line)}" for line in rest)]
        lines.append("")
    return "\n".join([*lines, *(f"{_escape(line)}\n" for line in page.closing)])


def plain(line: str) -> str:
    """On one line, without what would move a terminal's cursor or turn the writing around.

    Titles and names come from outside.
    """
    return " ".join(_UNWANTED.sub(" ", line).split())


def _escape(line: str) -> str:
    """Shown by Markdown as it is.

    No emphasis, link, entity or HTML, and no list or heading at the beginning.
    """
    return _LIST_MARK.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", plain(line)))
