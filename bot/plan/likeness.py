"""Whether a heading that is not known looks like one that is.

Misspelt, inflected, or the known one with words around it.

    what was written                                        it is taken for the known heading
    the same letters, other signs (`Svar frist`)            always
    an inflection of it (`Lokaler`, `Pladserne`)            always
    nearly the same letters (`Svarfist`)                    always
    a word that offices use for it (`Kapacitet`)            where the known one is not on the sheet
    it as a word, or the part of one (`Antal pladser`)      where the known one is not on the sheet
    anything else                                           never: it is HR's own

Where the known heading stands beside it, `Antal pladser` is HR's own count; where it does not, the seats
would be lost in silence.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Danish and English endings; what is left must still be a word.
ENDINGS = ("erne", "ene", "er", "en", "et", "us", "es", "e", "r", "n", "t", "s")
SHORTEST_STEM = 3
SHORTEST_PART = 4
# Of the letters of both; `temaer` and `tema` are 0.8, `team` and `tema` 0.75.
NEARLY_ALL = 0.8
# Longer than any heading: comparing is slow, and a file may hold thousands.
LONGEST = 60
WORDS = re.compile(r"[^\W_]+")


def alike(written: str, known: str) -> bool:
    """Whether the two are the same word in another spelling or form."""
    one, other = compact(written), compact(known)
    if one == other or _stems(one) & _stems(other):
        return True
    if min(len(one), len(other)) < SHORTEST_PART or len(one) > LONGEST:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEARLY_ALL


def holds(written: str, known: str) -> bool:
    """Whether the known one stands in what was written: as a word in any form, or at an end of one."""
    part = compact(known)
    if len(part) < SHORTEST_PART or len(written) > LONGEST:
        return False
    words = [compact(word) for word in WORDS.findall(written)]
    return part in compact(written) and any(
        word.startswith(part) or word.endswith(part) or _stems(word) & _stems(part) for word in words
    )  # fmt: skip


def is_any(written: str, words: Iterable[str]) -> bool:
    """Whether what was written is one of the words, whatever its signs and case."""
    return compact(written) in {compact(word) for word in words}


def compact(name: str) -> str:
    """The letters and digits alone, in small ones: `E-mail` and `e mail` are both `email`."""
    return "".join(WORDS.findall(unicodedata.normalize("NFC", name).casefold()))


def _stems(word: str) -> frozenset[str]:
    shorter = (word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))
    return frozenset(stem for stem in (word, *shorter) if len(stem) >= SHORTEST_STEM)
