"""Names, addresses and numbers in free text: row by row of the table."""

from __future__ import annotations

import pytest

from bot.domain.striking import MARK, struck

NAMES = ("Anna Kirstine Bæk", "Bo  Prøve", "liv", "")


@pytest.mark.parametrize(
    ("wrote", "left"),
    [
        ("Spørg anna@by.example, hun ved det", f"Spørg {MARK}, hun ved det"),
        ("Mit nummer er 010203-1234 eller +45 12 34 56 78", f"Mit nummer er {MARK} eller {MARK}"),
        ("Vi var 25 i 2026", "Vi var 25 i 2026"),
        ("anna kirstine bæk var god", f"{MARK} var god"),
        ("Annas oplæg og Bæk", f"{MARK} oplæg og {MARK}"),
        ("Anna Bæk, Bo og jeg", f"{MARK} og jeg"),
        ("Jeg bor i et bo", "Jeg bor i et bo"),
        ("Liv i kludene", f"{MARK} i kludene"),
        ("mere liv", "mere liv"),
        ("Kaffen i Bo Kommune", "Kaffen i Bo Kommune"),
        ("", ""),
    ],
)
def test_each_row(wrote, left):
    spared = ("Bo Kommune",) if "Kommune" in wrote else ()
    assert struck(wrote, NAMES, spared=spared) == left
