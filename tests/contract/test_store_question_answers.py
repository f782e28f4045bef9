"""What people answered to a course's questions, on every database: one answer each, and gone in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from bot.domain.actions import Action
from bot.domain.questions import QuestionKind
from bot.domain.registrations import RegistrationStatus
from bot.store.actions import SqlActionBook
from bot.store.answers import SqlAnswerLog
from bot.store.expired import AnswersKept, KeptSince
from bot.store.expiry import expire
from bot.store.question_answers import SqlQuestionAnswerBook
from tests.builders.known_people import NOW, question_answer, registration

ANNA, BO = "anna@by.example", "bo@by.example"
NUTS = question_answer("k", ANNA, answer="Nødder \"' 😀\nog mælk", at=NOW)
LINE = Action(at=NOW, by=ANNA, command="answer", plan="by", course="k", subject=ANNA, door="page", detail="allergies")
LONG_AGO = NOW - timedelta(days=900)
DAY = timedelta(days=1)


@pytest.fixture
def book(database):
    return SqlQuestionAnswerBook(database)


def test_answers_come_back_as_they_were_given_each_plan_and_course_its_own(book):
    bus = replace(NUTS, question="bus", kind=QuestionKind.YES_NO, answer="yes", email=BO)
    other = replace(NUTS, course="l")
    book.save_answers([other, NUTS, bus])
    book.save_answers([replace(NUTS, plan="andenby")])
    assert book.load_answers("by", course="k") == (NUTS, bus)
    assert book.load_answers("by") == (NUTS, bus, other)
    assert book.load_answers("by", emails={BO, "carl@by.example"}) == (bus,)
    assert book.load_answers("by", course=frozenset({"l", "m"})) == (other,)


def test_a_later_answer_takes_the_place_of_the_first_and_an_empty_one_takes_it_away(book, database):
    book.save_answers([NUTS], noted=[LINE])
    book.save_answers([replace(NUTS, answer="Fisk", at=NOW + DAY)])
    assert [(one.answer, one.at) for one in book.load_answers("by")] == [("Fisk", NOW + DAY)]
    book.save_answers([replace(NUTS, answer="")])
    assert book.load_answers("by") == ()
    assert SqlActionBook(database).load_actions("by") == (LINE,), "who answered is written down, and not what"


def test_an_answer_that_no_database_keeps_leaves_no_line(book, database):
    with pytest.raises(StatementError):
        book.save_answers([replace(NUTS, at=None)], noted=[LINE])
    assert SqlActionBook(database).load_actions("by") == ()


@pytest.mark.parametrize(
    ("ended", "status", "given", "stays"),
    [
        ({("k", "allergies"): NOW - 30 * DAY}, RegistrationStatus.REGISTERED, 80, True),
        ({("k", "allergies"): NOW - 3 * DAY}, RegistrationStatus.REGISTERED, 80, False),
        ({("k", "bus"): NOW - 30 * DAY}, RegistrationStatus.REGISTERED, 80, False),
        ({("k", "allergies"): NOW - 30 * DAY}, RegistrationStatus.WAITLISTED, 80, True),
        ({("k", "allergies"): NOW - 30 * DAY}, RegistrationStatus.WITHDRAWN, 80, False),
        ({("k", "allergies"): NOW - 30 * DAY}, RegistrationStatus.DECLINED, 0, True),
    ],
    ids=["its days are not over", "they are", "a question that is asked no more goes as notes do", "waits", "gave up", "gave up just now"],
)
def test_an_answer_is_kept_as_long_as_its_question_says_and_its_giver_has_a_place(book, database, ended, status, given, stays):
    """The course ended ten days ago."""
    book.save_answers([replace(NUTS, at=NOW - given * DAY)])
    SqlAnswerLog(database).save_registrations("by", [replace(registration("k", ANNA), status=status)])
    dated = {("k", "main"): NOW - 10 * DAY}
    since = KeptSince(participation=LONG_AGO, messages=LONG_AGO, bounces=LONG_AGO, notes=NOW, people=LONG_AGO, plan=LONG_AGO)
    answers = AnswersKept(ended=ended, placeless=NOW - DAY)
    foreseen = expire(database, "by", dated=dated, audiences=(), kept=since, answers_kept=answers, only_foresee=True)
    gone = expire(database, "by", dated=dated, audiences=(), kept=since, answers_kept=answers)
    assert (foreseen.notes, gone.notes) == (0, 0) if stays else (1, 1)
    assert bool(book.load_answers("by")) is stays


def test_answers_of_a_course_without_a_date_and_of_one_to_come_stay(book, database):
    book.save_answers([NUTS, replace(NUTS, course="l")])
    SqlAnswerLog(database).save_registrations("by", [registration("k", ANNA), registration("l", ANNA)])
    dated = {("k", "main"): NOW + DAY, ("l", "main"): None}
    since = KeptSince(participation=NOW, messages=NOW, bounces=NOW, notes=NOW, people=LONG_AGO, plan=NOW)
    answers = AnswersKept(ended={("k", "allergies"): NOW, ("l", "allergies"): NOW}, placeless=NOW - DAY)
    expire(database, "by", dated=dated, audiences=(), kept=since, answers_kept=answers)
    assert [one.course for one in book.load_answers("by")] == ["k", "l"]
