"""Questions and answers as people read them, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.people import Language
from bot.domain.questions import READY_MADE, GivenAnswer, Question, QuestionAnswer, QuestionKind, SeenBy, Worth
from bot.i18n.asked import given_text, promise_text, question_text, value_text, wordings

ALLERGIES = READY_MADE["allergies"]
BUS = Question(id="bus", text="Tager du bussen?", kind=QuestionKind.YES_NO)
GIVEN = QuestionAnswer(
    plan="by", course="k", question="bus", email="a@by.example", answer="yes", kind=QuestionKind.YES_NO, asked="Kører du med?",
    at=datetime(2026, 11, 1, tzinfo=UTC),
)  # fmt: skip


def test_a_ready_made_question_is_asked_in_the_readers_language_and_hrs_own_as_it_is_written():
    assert "allergier" in question_text(Language.DA, ALLERGIES)
    assert "allergies" in question_text(Language.EN, ALLERGIES)
    assert len(set(wordings(ALLERGIES))) == len(Language)
    assert set(wordings(BUS)) == {"Tager du bussen?"}


def test_yes_and_no_are_read_in_ones_own_language_and_other_words_as_they_were_given():
    assert [value_text(language, QuestionKind.YES_NO, "no") for language in Language] == ["Nej", "No"]
    assert value_text(Language.DA, QuestionKind.YES_NO, "") == ""
    assert value_text(Language.DA, QuestionKind.TEXT, "yes") == "yes"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (GivenAnswer(question=BUS), ""),
        (GivenAnswer(question=BUS, given=GIVEN), "Ja"),
        (GivenAnswer(question=BUS, given=GIVEN, worth=Worth.REWORDED), "Ja (spurgt sådan: »Kører du med?«)"),
        (GivenAnswer(question=BUS, given=GIVEN, worth=Worth.EARLIER), "Ja (svar på et tidligere spørgsmål: »Kører du med?«)"),
    ],
)
def test_a_list_says_what_an_answer_answered_where_that_is_something_else_now(given, words):
    assert given_text(Language.DA, given) == words


def test_who_answers_reads_who_sees_it_and_how_long_it_is_kept():
    assert promise_text(Language.DA, ALLERGIES) == "Kun HR ser svaret. Det slettes 30 dage efter, at kurset er slut."
    lasting = Question(id="x", text="X?", seen_by=SeenBy.PARTICIPANTS)
    assert promise_text(Language.EN, lasting) == "The others on the course can see the answer."
