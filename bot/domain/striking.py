"""Taking people out of free text that belongs to nobody, before anybody reads it (pure).

| in the text | becomes `MARK` |
|---|---|
| an address | always |
| ten digits as of a CPR number, eight or more as of a telephone | always |
| the whole name of somebody we know | whatever its case |
| a word with a capital that is part of the name of somebody we know | always; words of the plan (`spared`) never |

A name that nobody we know has, and a first name in small letters, cannot be told from other words: the page
asks people to write none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.reasons import ADDRESS, SHORTEST_NAME, WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "[…]"
NUMBER = re.compile(r"(?<!\d)(?:\+?\d{2}[ .-]?)?\d(?:[ .-]?\d){7,9}(?!\d)")
SEVERAL = re.compile(rf"{re.escape(MARK)}(?:[ .,-]*{re.escape(MARK)})+")


def struck(text: str, names: Iterable[str], *, spared: Iterable[str] = ()) -> str:
    """The text by the table above; `names` are those of all people that we know."""
    known = sorted({" ".join(name.split()) for name in names if name.strip()}, key=len, reverse=True)
    kept = {word.casefold() for words in spared for word in WORD.findall(words)}
    parts = {
        word.casefold() for name in known for word in WORD.findall(name) if len(word) >= SHORTEST_NAME
    } - kept
    left = NUMBER.sub(MARK, ADDRESS.sub(MARK, text))
    for name in known:
        if len(name.split()) > 1:
            spelt = r"\s+".join(map(re.escape, name.split()))
            left = re.sub(rf"(?<!\w){spelt}(?!\w)", MARK, left, flags=re.IGNORECASE)

    def without(found: re.Match[str]) -> str:
        word = found[0]
        owner = word[:-1] if word[-1:] in {"s", "S"} else word
        is_name = word[0].isupper() and not parts.isdisjoint({word.casefold(), owner.casefold()})
        return MARK if is_name else word

    return SEVERAL.sub(MARK, WORD.sub(without, left))
