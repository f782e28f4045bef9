"""The words and numbers that pages with the results of an evaluation need, the desk's and the shared one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.desks.afterwards.evaluations import question_words
from bot.domain.evaluation_results import FEWEST
from bot.domain.people import Language

if TYPE_CHECKING:
    from collections.abc import Mapping


def result_words(language: Language) -> Mapping[str, object]:
    """By the name that templates use."""
    return {
        "question_words": partial(question_words, language),
        "decimal": partial(one_decimal, language),
        "fewest": FEWEST,
    }


def one_decimal(language: Language, number: float) -> str:
    """`4,2` in Danish, `4.2` in English."""
    return f"{number:.1f}".replace(".", "," if language is Language.DA else ".")
