"""HR's Markdown as HTML that is safe to mail and that Outlook's Word engine can draw (pure).

CommonMark and tables; raw HTML is shown as the text it is. Whatever comes out is cut down to a short
list of elements, links go to http, https or mailto, and each element carries its looks itself, because
Word knows no style sheet. Headings start at the third level: the message has its own above them.
Does not fetch or embed anything: a picture becomes its description.
"""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from bot.messages.characters import printable

# Word and old browsers forget the font inside a table.
FONT = "font-family:Segoe UI,Calibri,Arial,sans-serif;font-size:15px;line-height:22px;"
CELL = f"border:1px solid #767676;padding:4px 8px;text-align:left;vertical-align:top;{FONT}"
MONOSPACE = "font-family:Consolas,Courier New,monospace;"
ATTRIBUTES = {
    "a": "",
    "blockquote": 'style="margin:0 0 12px 0;padding:0 0 0 12px;border-left:3px solid #767676;"',
    "br": "",
    "code": f'style="{MONOSPACE}"',
    "em": "",
    "h3": 'style="margin:12px 0 4px 0;font-size:15px;font-weight:bold;"',
    "h4": 'style="margin:12px 0 4px 0;font-size:15px;font-weight:normal;font-style:italic;"',
    "hr": 'style="margin:12px 0;"',
    "li": 'style="margin:0 0 4px 0;"',
    "ol": 'style="margin:0 0 12px 0;padding:0 0 0 24px;"',
    "p": 'style="margin:0 0 12px 0;"',
    "pre": f'style="margin:0 0 12px 0;white-space:pre-wrap;{MONOSPACE}"',
    "strong": "",
    "table": 'border="1" cellpadding="0" cellspacing="0" style="margin:0 0 12px 0;border-collapse:collapse;"',
    "tbody": "",
    "td": f'style="{CELL}"',
    "th": f'scope="col" style="{CELL}font-weight:bold;"',
    "thead": "",
    "tr": "",
    "ul": 'style="margin:0 0 12px 0;padding:0 0 0 24px;"',
}
"""Every element that may stand in a message, with its looks."""

HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_CLEANER = nh3.Cleaner(
    tags=set(ATTRIBUTES),
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)
# After the cleaner, a "<" begins a tag: in texts it is "&lt;", in addresses "%3C".
_OPENING = re.compile(f"<({'|'.join(tag for tag, looks in ATTRIBUTES.items() if looks)})(?=[ >])")


# Whoever types a mail ends lines where they mean it, and indents without meaning anything.
_TYPED = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("code")
_TAGS = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r"https?://(?:(?!&(?:lt|gt|quot);)[^\s<>\"'»«])+")
_AFTER_ADDRESS = ".,;:!?)"


@lru_cache(maxsize=256)
def markdown_html(text: str) -> str:
    """The HTML of a Markdown text, "" for an empty one; the sessions of a course share theirs."""
    return _html(text, _PARSER)


@lru_cache(maxsize=64)
def typed_html(text: str) -> str:
    """The same of a mail as somebody types it: lines end where they end, and web addresses are links."""
    inside: list[str] = []
    pieces = _TAGS.split(_html(text, _TYPED))
    for at, piece in enumerate(pieces):
        name = piece.strip("</>").partition(" ")[0] if at % 2 else ""
        if name in {"a", "code", "pre"}:
            inside.pop() if piece.startswith("</") else inside.append(name)
        elif not name and not inside:
            pieces[at] = _ADDRESS.sub(_linked, piece)
    return "".join(pieces)


def _linked(found: re.Match[str]) -> str:
    address = found[0].rstrip(_AFTER_ADDRESS)
    return f'<a href="{address}">{address}</a>{found[0][len(address) :]}'


def _html(text: str, parser: MarkdownIt) -> str:
    if not text.strip():
        return ""
    tokens = parser.parse(printable(text))
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
        for child in token.children or ():
            if child.type == "image":
                child.type, child.tag = "text", ""
    clean = _CLEANER.clean(parser.renderer.render(tokens, parser.options, {})).strip()
    return _OPENING.sub(lambda opening: f"{opening[0]} {ATTRIBUTES[opening[1]]}", clean)
