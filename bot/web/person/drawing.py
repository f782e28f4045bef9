"""The templates of a person's own pages, with the words that stand on them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.evaluation_results import FEWEST
from bot.i18n.evaluation import evaluation_text
from bot.i18n.tasks import task_question
from bot.messages.own_place import seats_text, session_when, state_text
from bot.web.answer_fields import answer_words
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.task_answers import OwnTask


def _words(language: Language) -> dict[str, object]:
    return {
        "when": partial(session_when, language),
        "state": partial(state_text, language),
        "seats": partial(seats_text, language),
        "fewest": FEWEST,
        "task_question": partial(_task_question, language),
        "evaluation_text": partial(evaluation_text, language),
        **answer_words(language),
    }


def _task_question(language: Language, task: OwnTask) -> str:
    return task_question(task, language)


PAGES = Templates(Path(__file__).parent / "templates", _words)
