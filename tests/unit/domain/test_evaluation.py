"""Who is asked what they think of a course, until when, and what of a form can be kept: row by row of the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.evaluation import (
    LONGEST_SAID,
    STANDARD,
    EvaluationForm,
    EvaluationState,
    WrongEvaluation,
    form_state,
    is_asked,
    said_of,
    wrong_answers,
)
from bot.domain.evaluation_links import LASTS, ResultsGrant

ENDS = datetime(2026, 3, 4, 14, tzinfo=UTC)
DAY = timedelta(days=1)
FORM = EvaluationForm(opens=DAY, closes=5 * DAY)


@pytest.mark.parametrize(
    ("presence", "has_seat", "was_said", "asked"),
    [
        (None, True, False, True),
        (None, False, False, False),
        (Presence.ATTENDED, True, True, True),
        (Presence.ATTENDED, False, True, True),
        (Presence.NO_SHOW, True, True, False),
        (None, True, True, False),
    ],
)
def test_who_is_asked(presence, has_seat, was_said, asked):
    assert is_asked(presence, has_seat=has_seat, was_said=was_said) is asked


@pytest.mark.parametrize(
    ("after", "facts", "state"),
    [
        (timedelta(0), {}, EvaluationState.NOT_OPEN),
        (DAY, {}, EvaluationState.OPEN),
        (5 * DAY, {}, EvaluationState.CLOSED),
        (2 * DAY, {"answered": True}, EvaluationState.ANSWERED),
        (9 * DAY, {"answered": True}, EvaluationState.ANSWERED),
        (2 * DAY, {"shown": True}, EvaluationState.CLOSED),
        (2 * DAY, {"shown": True, "answered": True}, EvaluationState.ANSWERED),
        (2 * DAY, {"asked": False}, EvaluationState.NOT_ASKED),
        (2 * DAY, {"ends": None}, EvaluationState.NOT_ASKED),
    ],
)
def test_where_a_form_stands(after, facts, state):
    given = {"ends": ENDS, "asked": True, "answered": False} | facts
    assert form_state(FORM, now=ENDS + after, **given) is state


def test_a_form_is_kept_with_what_is_on_it_and_nothing_else():
    typed = {"overall": " 4 ", "best": "", "made-up": "x"}
    assert said_of(FORM, typed) == {"overall": "4"}
    assert wrong_answers(FORM, typed) == {}
    assert wrong_answers(FORM, {"best": "  "}) == {"": WrongEvaluation.NOTHING}
    wrong = wrong_answers(FORM, {"overall": "6", "useful": "5", "best": "x" * (LONGEST_SAID + 1), "better": "x" * LONGEST_SAID})
    assert wrong == {"overall": WrongEvaluation.NO_OPTION, "best": WrongEvaluation.TOO_LONG}
    assert {one.values for one in STANDARD} == {("1", "2", "3", "4", "5"), ()}


def test_a_link_to_results_ends_in_time():
    grant = ResultsGrant(plan="by", course="k", made_at=ENDS)
    assert not grant.is_over(ENDS + LASTS - timedelta(seconds=1))
    assert grant.is_over(ENDS + LASTS)
