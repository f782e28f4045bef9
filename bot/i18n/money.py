"""Amounts of money as people write them in Danish and English, to the last øre; pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from bot.domain.people import Language
from bot.i18n.dates import LOCALES

if TYPE_CHECKING:
    from decimal import Decimal

WHOLE, WITH_CENTS = "#,##0", "#,##0.00"
KRONER = "DKK"


@lru_cache(maxsize=4096)
def money_text(language: Language, amount: Decimal, currency: str) -> str:
    """`300.000 kr.`, `40.000,50 kr.`, `300.000 EUR`; in English `DKK 300,000`. The blank does not break."""
    number = format_decimal(amount, format=WITH_CENTS if amount % 1 else WHOLE, locale=LOCALES[language])
    if language is Language.DA:
        return f"{number}\u00a0{'kr.' if currency == KRONER else currency}"
    return f"{currency}\u00a0{number}"
