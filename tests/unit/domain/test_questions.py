"""A course's questions: who sees the answers, what an answer is worth by now, and what may be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.questions import (
    LONGEST_ANSWER,
    READY_MADE,
    GivenAnswer,
    Question,
    QuestionAnswer,
    QuestionKind,
    SeenBy,
    Worth,
    WrongAnswer,
    answers_of,
    problem_of,
    reader_of,
    worth_of,
)
from bot.domain.sign_in import Role

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
FOOD = Question(id="mad", text="Hvad vil du spise?", kind=QuestionKind.CHOICE, options=("Kød", "Fisk"))
GIVEN = QuestionAnswer(
    plan="by", course="k", question="mad", email="anna@by.example", answer="Fisk", kind=QuestionKind.CHOICE, asked=FOOD.text, at=AT
)


@pytest.mark.parametrize(
    ("seen_by", "readers"),
    [
        (SeenBy.HR, {SeenBy.HR}),
        (SeenBy.RESPONSIBLE, {SeenBy.HR, SeenBy.RESPONSIBLE}),
        (SeenBy.PARTICIPANTS, {SeenBy.HR, SeenBy.RESPONSIBLE, SeenBy.PARTICIPANTS}),
    ],
)
def test_an_answer_is_seen_by_those_whom_the_question_names_and_by_nobody_wider(seen_by, readers):
    question = replace(FOOD, seen_by=seen_by)
    assert {reader for reader in SeenBy if question.is_for(reader)} == readers


@pytest.mark.parametrize(
    ("roles", "reader"),
    [
        (frozenset({Role.HR}), SeenBy.HR),
        (frozenset({Role.HR, Role.READER}), SeenBy.HR),
        (frozenset({Role.READER}), SeenBy.RESPONSIBLE),
        (frozenset({Role.DIRECTOR}), SeenBy.RESPONSIBLE),
        (frozenset(), SeenBy.RESPONSIBLE),
    ],
)
def test_only_hr_reads_as_hr(roles, reader):
    assert reader_of(roles) is reader


def test_what_is_ready_made_is_hrs_alone_and_kept_for_a_month():
    (allergies,) = READY_MADE.values()
    assert (allergies.seen_by, allergies.keep_days, allergies.required, allergies.is_ready_made) == (SeenBy.HR, 30, False, True)
    assert not FOOD.is_ready_made


@pytest.mark.parametrize(
    ("question", "given", "worth"),
    [
        (FOOD, GIVEN, Worth.STANDS),
        (FOOD, replace(GIVEN, asked="hvad  vil du spise"), Worth.STANDS),
        (replace(FOOD, text="Hvad ønsker du at spise?"), GIVEN, Worth.REWORDED),
        (replace(FOOD, options=("Kød", "Grønt")), GIVEN, Worth.EARLIER),
        (replace(FOOD, options=("Kød", "Fisk", "Grønt")), GIVEN, Worth.STANDS),
        (replace(FOOD, kind=QuestionKind.TEXT, options=()), GIVEN, Worth.EARLIER),
        (Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO), replace(GIVEN, kind=QuestionKind.YES_NO, answer="no"), Worth.REWORDED),
        (Question(id="x", text="Andet?"), replace(GIVEN, kind=QuestionKind.TEXT, answer="Ja", asked="Andet?"), Worth.STANDS),
    ],
)
def test_an_answer_to_another_question_is_none_and_to_other_words_stands_with_them(question, given, worth):
    assert worth_of(question, given, [question.text]) is worth


def test_what_is_absent_or_answers_an_earlier_question_is_no_answer():
    other = replace(FOOD, id="andet", options=("A", "B"))
    found = answers_of(
        [FOOD, other, replace(FOOD, id="intet")], {"mad": GIVEN, "andet": GIVEN}, {"mad": ["Hvad vil du spise?"], "andet": []}
    )
    assert [one.answer for one in found] == ["Fisk", "", ""]
    assert [one.worth for one in found] == [Worth.STANDS, Worth.EARLIER, Worth.STANDS]
    assert found[2] == GivenAnswer(question=replace(FOOD, id="intet"))


@pytest.mark.parametrize(
    ("question", "answer", "problem"),
    [
        (FOOD, "", None),
        (replace(FOOD, required=True), "", WrongAnswer.MISSING),
        (FOOD, "Fisk", None),
        (FOOD, "fisk", WrongAnswer.NO_OPTION),
        (Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO), "yes", None),
        (Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO), "ja", WrongAnswer.NO_OPTION),
        (Question(id="x", text="Andet?"), "x" * LONGEST_ANSWER, None),
        (Question(id="x", text="Andet?"), "x" * (LONGEST_ANSWER + 1), WrongAnswer.TOO_LONG),
    ],
)
def test_what_can_be_kept_is_one_of_the_options_or_a_text_that_is_not_too_long(question, answer, problem):
    assert problem_of(question, answer) is problem
