"""The templates of a person's own pages, with the words that stand on them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n.evaluation import evaluation_text
from bot.messages.own_place import seats_text, session_when, state_text
from bot.web.answer_fields import answer_words
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.people import Language


def _words(language: Language) -> dict[str, object]:
    return {
        "when": partial(session_when, language),
        "state": partial(state_text, language),
        "seats": partial(seats_text, language),
        "evaluation_text": partial(evaluation_text, language),
        **answer_words(language),
    }


PAGES = Templates(Path(__file__).parent / "templates", _words)
