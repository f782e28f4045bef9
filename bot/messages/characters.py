"""Text from the plan made fit to send: without the characters that no mail means (pure).

Control characters, lone halves of surrogate pairs (which no encoding takes) and marks that turn the
direction of writing around (which make a text say something else than it seems to).
"""

from __future__ import annotations

import re

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
_HOUR = re.compile(r"kl\. (?<=\bkl\. )(?=\d)")
"""Letters first: a long page is searched for them, and not looked back from at every place."""


def printable(text: str) -> str:
    """The text with a space in the place of such characters; its lines and tabs stay."""
    return text if text.isprintable() else _UNWANTED.sub(" ", text)


def one_line(text: str) -> str:
    """The text on one line, words a space apart."""
    return " ".join(printable(text).split())


def unbroken(text: str) -> str:
    """The text with a blank that no line ends at between »kl.« and the hour."""
    return _HOUR.sub("kl.\u00a0", text)


def cut_at_word(text: str, longest: int) -> str:
    """At most `longest` characters of a line; what is cut ends at a word, with `…`."""
    if len(text) <= longest:
        return text
    words, space, _ = text[:longest].rpartition(" ")
    return f"{words.rstrip(' –-,:;') if space else text[: longest - 1]}…"


def typed(text: str) -> str:
    """A text as it was typed into a form.

    Browsers send each new line as two characters, and some characters no database keeps.
    """
    return printable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
