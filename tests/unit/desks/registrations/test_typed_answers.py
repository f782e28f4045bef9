"""What is typed into the fields of a course's questions, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.registrations.typed_answers import WhoAnswers, new_answers, problems_of
from bot.domain.people import Language
from bot.domain.questions import GivenAnswer, Question, QuestionAnswer, QuestionKind, Worth, WrongAnswer

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
BUS = Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO, required=True)
NOTE = Question(id="note", text="Andet?")
WHO = WhoAnswers(plan="by", course="k", email="anna@by.example", by="hr@by.example", door="desk", language=Language.DA)


def answered(question, answer, worth=Worth.STANDS):
    earlier = QuestionAnswer(
        plan="by", course="k", question=question.id, email=WHO.email, answer=answer, kind=question.kind, asked="Før?",
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    return GivenAnswer(question=question, given=earlier, worth=worth)


@pytest.mark.parametrize(
    ("given", "typed", "problems"),
    [
        (GivenAnswer(question=BUS), {}, {"bus": WrongAnswer.MISSING}),
        (GivenAnswer(question=BUS), {"bus": ""}, {"bus": WrongAnswer.MISSING}),
        (GivenAnswer(question=BUS), {"bus": "måske"}, {"bus": WrongAnswer.NO_OPTION}),
        (GivenAnswer(question=BUS), {"bus": "yes"}, {}),
        (answered(BUS, "yes"), {}, {}),
        (answered(BUS, "yes", Worth.EARLIER), {}, {"bus": WrongAnswer.MISSING}),
        (answered(BUS, "yes"), {"bus": ""}, {"bus": WrongAnswer.MISSING}),
        (GivenAnswer(question=NOTE), {}, {}),
    ],
)
def test_a_person_has_to_answer_what_has_to_be_answered(given, typed, problems):
    assert problems_of([given], typed) == problems


def test_hr_need_not_know_but_cannot_invent_an_option():
    given = [GivenAnswer(question=BUS)]
    assert problems_of(given, {}, by_hr=True) == {}
    assert problems_of(given, {"bus": "måske"}, by_hr=True) == {"bus": WrongAnswer.NO_OPTION}


def test_an_answer_under_an_earlier_address_is_changed_and_taken_away_there():
    before = answered(NOTE, "Nej")
    before = replace(before, given=replace(before.given, email="for@by.example"))
    assert [one.email for typed in ("Jo", "") for one in new_answers([before], {"note": typed}, WHO, now=NOW)] == ["for@by.example"] * 2


@pytest.mark.parametrize(
    ("given", "typed", "kept"),
    [
        (GivenAnswer(question=NOTE), {}, None),
        (GivenAnswer(question=NOTE), {"note": ""}, None),
        (GivenAnswer(question=NOTE), {"note": "Nej"}, "Nej"),
        (answered(NOTE, "Nej"), {"note": "Nej"}, None),
        (answered(NOTE, "Nej"), {"note": "Jo"}, "Jo"),
        (answered(NOTE, "Nej"), {"note": ""}, ""),
        (answered(NOTE, "Nej", Worth.REWORDED), {"note": "Nej"}, "Nej"),
        (answered(NOTE, "Nej", Worth.EARLIER), {"note": ""}, ""),
        (answered(NOTE, "Nej"), {"andet": "x"}, None),
    ],
)
def test_what_is_new_is_kept_in_the_words_of_today_and_what_a_form_has_not_stays(given, typed, kept):
    found = new_answers([given], typed, WHO, now=NOW)
    assert [(one.answer, one.asked, one.at, one.email) for one in found] == ([] if kept is None else [(kept, "Andet?", NOW, WHO.email)])
