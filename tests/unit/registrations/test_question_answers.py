"""Answers to a course's questions in lists and in numbers: of who has a place, for who may see them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import openpyxl
import pytest

from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.questions import READY_MADE, Question, QuestionAnswer, QuestionKind, SeenBy
from bot.domain.registrations import ERASED_PREFIX, AnswerSource, Registration, RegistrationStatus
from bot.messages.attendance_sheet import sign_in_sheet
from bot.registrations.export import registrations_csv, registrations_json, registrations_xlsx
from bot.registrations.participants import session_lists
from bot.registrations.question_answers import (
    answers_in_plan,
    asked_people,
    by_person,
    columns_of,
    for_everybody,
    numbers_of,
    unanswered,
)
from bot.registrations.said import NOTHING_SAID
from tests.builders.samples import make_course, make_plan

AT = datetime(2025, 5, 1, 6, tzinfo=UTC)
ANNA, BO, CARL, DORTE = (f"{name}@demo.example" for name in ("anna", "bo", "carl", "dorte"))
FOOD = Question(id="mad", text="=Hvad vil du spise?", kind=QuestionKind.CHOICE, options=("Kød", "Fisk"), seen_by=SeenBy.PARTICIPANTS)
BUS = Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO, required=True, seen_by=SeenBy.RESPONSIBLE)
ALLERGIES = READY_MADE["allergies"]
COURSE = make_course(questions=(ALLERGIES, BUS, FOOD))
PLAN = make_plan(COURSE, make_course("andet"))
NOBODY = PeopleIndex()


def row(email, status=RegistrationStatus.REGISTERED, **changes):
    made = Registration(
        course="kursus", offering="main", email=email, name=email.partition("@")[0].title(), status=status, since=AT,
        source=AnswerSource.OUTLOOK,
    )  # fmt: skip
    return replace(made, **changes)


def said(question, email, answer, **changes):
    made = QuestionAnswer(
        plan="demo", course="kursus", question=question.id, email=email, answer=answer, kind=question.kind, asked=question.text, at=AT
    )
    return replace(made, **changes)


ROWS = (
    row(ANNA),
    row(BO, RegistrationStatus.WAITLISTED),
    row(CARL, RegistrationStatus.TENTATIVE),
    row(DORTE, RegistrationStatus.WITHDRAWN),
)
ANSWERS = (
    said(FOOD, ANNA, "Fisk"),
    said(BUS, ANNA, "yes"),
    said(ALLERGIES, ANNA, "=nødder", asked="Har du allergier, eller er der andet, køkkenet skal vide?"),
    said(FOOD, BO, "Kød"),
    said(FOOD, CARL, "Grønt"),
    said(ALLERGIES, DORTE, "Fisk"),
)
given = partial(answers_in_plan, PLAN, ROWS, ANSWERS, NOBODY)


def test_whoever_has_a_place_is_asked_and_nobody_else_is_shown():
    outsider, erased = row("x@y.example", invited=False), row(f"{ERASED_PREFIX}1")
    assert asked_people([*ROWS, outsider, erased]) == {ANNA, BO, CARL}
    assert {email for _, email in given(SeenBy.HR)} == {ANNA, BO, CARL}


@pytest.mark.parametrize(
    ("reader", "seen"),
    [(SeenBy.HR, ["allergies", "bus", "mad"]), (SeenBy.RESPONSIBLE, ["bus", "mad"]), (SeenBy.PARTICIPANTS, ["mad"])],
)
def test_a_reader_gets_the_questions_that_are_theirs_to_see(reader, seen):
    assert [one.question.id for one in given(reader)["kursus", ANNA]] == seen


def test_a_course_that_asks_nothing_a_reader_may_see_has_no_answers():
    plan = make_plan(make_course(questions=(ALLERGIES,)))
    assert answers_in_plan(plan, ROWS, ANSWERS, NOBODY, SeenBy.RESPONSIBLE) == {}
    assert numbers_of({}) == ()


def test_of_two_addresses_of_one_person_the_later_answer_counts():
    people = PeopleIndex([Person(email=ANNA, aliases=frozenset({BO}))])
    later = said(FOOD, BO, "Kød", at=AT + timedelta(hours=1))
    found = by_person([later, said(FOOD, ANNA, "Fisk")], people)
    assert found == {("kursus", ANNA): {"mad": later}}


def test_numbers_count_who_is_asked_and_only_what_stands():
    """Carl's choice is there no more: he is asked again, and in no total."""
    in_course = {email: answers for (_, email), answers in given(SeenBy.HR).items()}
    allergies, bus, food = numbers_of(in_course)
    assert (food.asked, food.answered, food.values, food.texts) == (3, 2, (("Kød", 1), ("Fisk", 1)), ())
    assert (bus.asked, bus.answered, bus.values) == (3, 1, (("yes", 1), ("no", 0)))
    assert (allergies.answered, allergies.values, allergies.texts) == (1, (), (("=nødder", 1),))


def test_whoever_left_something_open_is_known():
    assert unanswered(PLAN, ROWS, ANSWERS, NOBODY) == {("kursus", BO), ("kursus", CARL)}


def test_the_file_for_excel_has_a_column_for_each_question_and_no_formula():
    said_beside = replace(NOTHING_SAID, answers=given(SeenBy.HR))
    lines = list(csv.reader(io.StringIO(registrations_csv(ROWS, PLAN, Language.DA, said_beside).decode("utf-8-sig")), delimiter=";"))
    assert lines[0][-3:] == ["Har du allergier, eller er der andet, køkkenet skal vide?", "Bus?", "'=Hvad vil du spise?"]
    found = {line[2]: line[-3:] for line in lines[1:]}
    assert found == {
        "Anna": ["'=nødder", "Ja", "Fisk"],
        "Bo": ["", "", "Kød"],
        "Carl": ["", "", "Grønt (svar på et tidligere spørgsmål: »=Hvad vil du spise?«)"],
        "Dorte": ["", "", ""],
    }


def test_the_workbook_has_the_columns_on_the_courses_own_sheet():
    said_beside = replace(NOTHING_SAID, answers=given(SeenBy.RESPONSIBLE))
    book = openpyxl.load_workbook(io.BytesIO(registrations_xlsx(ROWS, PLAN, Language.DA, said=said_beside)))
    rows = list(book["Kursus"].iter_rows(values_only=True))
    assert rows[0][-2:] == ("Bus?", "=Hvad vil du spise?")
    assert {one[1]: one[-2:] for one in rows[1:]}["Anna"] == ("Ja", "Fisk")
    assert "nødder" not in str(rows)


def test_json_has_what_stands_by_question():
    said_beside = replace(NOTHING_SAID, answers=given(SeenBy.HR))
    found = {one["email"]: one["answers"] for one in json.loads(registrations_json(ROWS, PLAN, said_beside))}
    assert found == {ANNA: {"allergies": "=nødder", "bus": "yes", "mad": "Fisk"}, BO: {"mad": "Kød"}, CARL: {}, DORTE: {}}


def test_the_sheet_at_the_door_shows_what_all_participants_may_see_and_nothing_else():
    lists = session_lists(ROWS, PLAN, answers=for_everybody(given(SeenBy.HR)))
    page = sign_in_sheet(lists, organisation="Demo", language=Language.DA)
    assert "Fisk" in page
    assert "nødder" not in page
    assert "Bus?" not in page


def test_the_same_words_in_two_courses_are_one_column():
    other = make_course("andet", questions=(ALLERGIES,))
    plan = make_plan(COURSE, other)
    rows = (*ROWS, row(ANNA, course="andet"))
    found = answers_in_plan(plan, rows, ANSWERS, NOBODY, SeenBy.HR)
    columns = columns_of(found, Language.EN, ["kursus", "andet", "ukendt"])
    assert columns == ("Do you have any allergies, or is there anything else the kitchen should know?", "Bus?", "=Hvad vil du spise?")
