"""The Teams block in an event's body: found, cut out, and kept when the body is written anew.

Losing the block disables the online meeting, so a new body is written as the new text with the old
block (graph-facts sections 1 and 14). Observed bodies are compared without it, because Teams adds it
after the event was created, and in its own time.

The block as Teams writes it (seen 2023 to 2026): a line of underscores and an element of class
`me-email-text` beside or inside one another, the join link in them. Exchange may prefix class names
and ids (`x_`). A body with none of these but a Teams link has the element around that link as block.
Pure text; reads only as much HTML as that takes.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_RULE = re.compile(r"_{20,}")
_JOIN_LINK = re.compile(r"^https?://[^/]*\bteams\.[^/]+/(?:l/meetup-join|meet|meetup-join)/", re.IGNORECASE)
_BREAKS = re.compile(r"(?:\s|<br\s*/?>|&nbsp;)+$", re.IGNORECASE)
_HOLDERS = frozenset({"div", "p", "table"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# An element that holds the whole body is nobody's block.
_OUTSIDE = frozenset({"html", "body"})


def join_block(html: str, join_url: str | None = None) -> str:
    """The Teams block as it stands in the body, "" when there is none.

    `join_url` is the event's own link, where it is known.
    """
    start, end = _find(html, join_url)
    return html[start:end]


def without_join_block(html: str, join_url: str | None = None) -> str:
    """The body without the block, and without line breaks at its end.

    The same before Teams adds the block and after.
    """
    start, end = _find(html, join_url)
    if start == end:
        start = end = html.lower().rfind("</body>") if "</body>" in html.lower() else len(html)
    return _BREAKS.sub("", html[:start]) + html[end:].lstrip()


def with_join_block(html: str, block: str) -> str:
    """A new body with the block at its end, before `</body>` where there is one."""
    if not block:
        return html
    at = html.lower().rfind("</body>")
    return f"{html}<br>{block}" if at < 0 else f"{html[:at]}<br>{block}{html[at:]}"


def _find(html: str, join_url: str | None) -> tuple[int, int]:
    if not _may_hold_one(html, join_url):
        return 0, 0
    finder = _BlockFinder(html, join_url)
    finder.feed(html)
    finder.close()
    finder.finish()
    marks = finder.marked
    if not any(mark.certain for mark in marks):
        # A rule of underscores alone is a person's drawing, a link alone may be theirs too, unless nothing
        # else is there.
        marks = [mark for mark in marks if mark.link]
    if not marks:
        return 0, 0
    return min(mark.start for mark in marks), max(mark.end for mark in marks)


def _may_hold_one(html: str, join_url: str | None) -> bool:
    """Whether it is worth reading: most bodies have nothing that a block has."""
    if join_url is not None and (join_url in html or escape(join_url) in html):
        return True
    lowered = html.lower()
    return "me-email-text" in lowered or "teams." in lowered or "_" * 20 in lowered


class _Element:
    __slots__ = ("certain", "end", "link", "name", "start")

    def __init__(self, name: str, start: int) -> None:
        self.name, self.start, self.end = name, start, start
        self.certain = self.link = False


class _BlockFinder(HTMLParser):
    """Marks the elements that belong to the block, with where they begin and end in the text."""

    def __init__(self, html: str, join_url: str | None) -> None:
        super().__init__(convert_charrefs=True)
        self._join_url = join_url
        self.marked: list[_Element] = []
        self._open: list[_Element] = []
        self._length = len(html)
        self._lines = [0]
        for match in re.finditer("\n", html):
            self._lines.append(match.end())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        element = _Element(tag, self._offset())
        self._open.append(element)
        given = {name: value or "" for name, value in attrs}
        if "me-email-text" in given.get("class", "") or "meet_invite_block" in given.get("id", ""):
            self._mark(element if tag in _HOLDERS else self._holder(), certain=True)
        elif tag == "a" and (_JOIN_LINK.match(given.get("href", "")) or given.get("href") == self._join_url):
            self._mark(self._holder(), link=True)

    def handle_endtag(self, tag: str) -> None:
        nearest = next(
            (at for at in reversed(range(len(self._open))) if self._open[at].name == tag), len(self._open)
        )
        end = self._end_of_tag()
        for element in self._open[nearest:]:
            element.end = end
        del self._open[nearest:]

    def handle_data(self, data: str) -> None:
        if _RULE.search(data):
            self._mark(self._holder())

    def finish(self) -> None:
        for element in self._open:
            element.end = self._length
        self._open.clear()

    def _mark(self, element: _Element | None, *, certain: bool = False, link: bool = False) -> None:
        if element is None:
            return
        element.certain, element.link = element.certain or certain, element.link or link
        if element not in self.marked:
            self.marked.append(element)

    def _holder(self) -> _Element | None:
        for element in reversed(self._open):
            if element.name in _OUTSIDE:
                break
            if element.name in _HOLDERS:
                return element
        return next((element for element in reversed(self._open) if element.name not in _OUTSIDE), None)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _end_of_tag(self) -> int:
        at = self.rawdata.find(">", self._offset())
        return self._length if at < 0 else at + 1
