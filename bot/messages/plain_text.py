"""The plain text of a mail: what somebody reads whose program shows no HTML (pure).

Exchange makes the text that goes with an HTML mail itself; this is for looking at it beforehand, and for
where there is no HTML. Blocks become lines, points of a list begin with a dash, and where a link leads stands
after its text.
"""

from __future__ import annotations

from html.parser import HTMLParser

PARAGRAPHS = frozenset({"p", "ul", "ol", "table", "div", "h1", "h2", "h3"})
LINES = frozenset({"li", "tr", "br"})
UNSEEN = frozenset({"script", "style", "title"})


def text_of(body: str, *, link: str = " <{}>") -> str:
    """Lines of text, paragraphs parted by an empty line; ends with a line break.

    `link` is how the target follows a link's text.
    """
    reader = _Reader(link)
    reader.feed(body)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self, link: str) -> None:
        super().__init__(convert_charrefs=True)
        self._link = link
        self.pieces: list[str] = []
        self._target = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in UNSEEN
        if tag in PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in LINES:
            self.pieces.append("\n- " if tag == "li" else "\n")
        elif tag == "td":
            self.pieces.append(" ")
        elif tag == "a":
            self._target = dict(attrs).get("href") or ""
            self.pieces.append("\0")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in UNSEEN
        if tag in PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(" ".join(f"|{data}|".split())[1:-1])

    def _end_link(self) -> None:
        if "\0" not in self.pieces:
            return
        at = len(self.pieces) - 1 - self.pieces[::-1].index("\0")
        said = "".join(self.pieces[at + 1 :])
        del self.pieces[at]
        address = self._target.removeprefix("mailto:")
        if self._target and said != address:
            self.pieces.append(self._link.format(address))
