"""HR's Markdown as HTML for our own pages.

The same elements as in mails, without looks, because pages have a style sheet (pure).
"""

from __future__ import annotations

import re

from bot.messages.markdown import markdown_html

# What `markdown_html` adds to its own elements, and nothing else that could stand between quotes.
_LOOKS = re.compile(r' (?:style|border|cellpadding|cellspacing)="[^"]*"')


def structured_html(text: str) -> str:
    """The HTML of a Markdown text without style attributes, which the pages' security policy forbids."""
    return without_looks(markdown_html(text))


def without_looks(safe: str) -> str:
    """HTML of ours without style attributes."""
    return _LOOKS.sub("", safe)
