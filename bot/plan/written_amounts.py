"""Amounts as people write them → digits with a full stop before the decimals, or None.

    written                             is
    300.000 · 1.250.000 · 300 000       thousands: three digits after each sign
    40.000,50 · 40000,5 · 40.000,-      a comma before one or two decimals, or none
    99.50                               a full stop before two decimals, or one
    1,234.50                            the English order, where both signs stand and say so
    1,234                               could be a thousand or a little more than one: refused

`kr.`, `kr`, `DKK` and a dash for no decimals may stand around it.
"""

from __future__ import annotations

import re

AROUND = re.compile(r"^(?:kr\.?|dkk)\s*|\s*(?:kr\.?|dkk)$", re.IGNORECASE)
NO_DECIMALS = re.compile(r",[-–]{1,2}$")
DANISH = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?", re.ASCII)
ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{1,2})", re.ASCII)
PLAIN = re.compile(r"(\d+)(?:\.(\d{1,2}))?", re.ASCII)
DECIMALS = 2
NOISE = 1e-6


def read_amount(words: str) -> str | None:
    """The amount of a text; None for what could be two amounts or is none."""
    text = NO_DECIMALS.sub("", AROUND.sub("", AROUND.sub("", " ".join(words.split())))).strip()
    for pattern in (DANISH, PLAIN, ENGLISH):
        if found := pattern.fullmatch(text):
            whole = re.sub(r"[^0-9]", "", found[1])
            return f"{whole}.{found[2]}" if found[2] else whole
    return None


def rounded(number: float) -> float:
    """A sum of amounts without the noise that a computer's decimals have; others as they are."""
    near = round(number, DECIMALS)
    return near if abs(near - number) < NOISE else number


def read_whole(words: str) -> str:
    """A whole number without the signs between its thousands; anything else as it is."""
    found = re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+", words, re.ASCII)
    return re.sub(r"[. ]", "", words) if found else words
