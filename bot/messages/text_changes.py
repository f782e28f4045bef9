"""What was struck and what was added between two texts, word by word (pure).

Lines are held against lines first, and words only within the lines that are not the same: what moved stays
together, and a long text is no slower than it has to be. What is too long to be held against each other word
by word stands as one struck and one added piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_AT_ONCE = 1000
"""Lines, or words, that are held against each other: the work grows with the square of them."""

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\s+|[^\s]+")


class TextFate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    STRUCK = "struck"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPiece:
    """One piece of a text, with its line breaks."""

    kind: TextFate
    text: str


def text_changes(before: str, after: str) -> tuple[TextPiece, ...]:
    """The pieces in order: all but what was added are `before`, all but what was struck are `after`."""
    found = _held_together(_LINES.findall(before), _LINES.findall(after), by_word=True)
    return tuple(
        TextPiece(kind=kind, text="".join(piece.text for piece in same))
        for kind, same in groupby(found, key=lambda piece: piece.kind)
    )


def _held_together(before: Sequence[str], after: Sequence[str], *, by_word: bool) -> Iterator[TextPiece]:
    if max(len(before), len(after)) > MOST_AT_ONCE:
        yield from _instead(before, after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        if what == "equal":
            yield TextPiece(kind=TextFate.KEPT, text="".join(old))
        elif what == "replace" and by_word:
            words = _WORDS.findall("".join(old)), _WORDS.findall("".join(new))
            yield from _held_together(*words, by_word=False)
        else:
            yield from _instead(old, new)


def _instead(old: Sequence[str], new: Sequence[str]) -> Iterator[TextPiece]:
    if old:
        yield TextPiece(kind=TextFate.STRUCK, text="".join(old))
    if new:
        yield TextPiece(kind=TextFate.ADDED, text="".join(new))
