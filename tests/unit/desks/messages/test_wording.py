"""HR's own words tried out on a course: every message, about whatever kind of course, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bot.desks.messages.shown import MessageReader
from bot.desks.messages.wording import CHOICES, courses_to_try, fields_of, message_name, try_words, words_now
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.people import Language
from bot.domain.plan import CourseSession, CourseStatus, Offering
from bot.domain.wording import WORDED, Wording
from bot.messages.plain_text import text_of
from tests.builders.invitations import EVERYTHING, HOSTILE, PLAN, course
from tests.builders.notices import PLAIN

READER = MessageReader(name="Anna Prøve", link="https://kurser.aadal.example/p/x")
UNDATED = course(offerings=(Offering(id="main", sessions=(CourseSession(id="forløb", period="2025-H2"),)),))
COURSES = {
    "plain": PLAIN,
    "everything": EVERYTHING,
    "hostile": HOSTILE,
    "undated": UNDATED,
    "signup": replace(PLAIN, enrolment=Enrolment(mode=EnrolmentMode.SIGNUP)),
    "cancelled": replace(PLAIN, status=CourseStatus.CANCELLED),
    "proposed": replace(PLAIN, status=CourseStatus.PROPOSED),
}


def tried(which, message, language=Language.DA, opening="", closing="", reader=READER):
    words = Wording(message=message, language=language, opening=opening, closing=closing)
    plan = replace(PLAN, courses=(which,), texts=(Wording(message=message, language=language, opening="Planens"),))
    return try_words(plan, which, words, reader, today=date(2025, 6, 1))


@pytest.mark.parametrize("message", CHOICES)
def test_every_message_can_be_shown_about_any_course(message):
    """What is typed stands in it in the place of what the plan says, and the message says the rest."""
    for which, language in product(COURSES, Language):
        found = tried(COURSES[which], message, language, opening="Vores **egne** ord", closing="Til sidst")
        text = text_of(found.mail.html)
        assert (found.problems, found.mail.subject != "") == ({}, True), (which, language)
        assert -1 < text.find("Vores egne ord") < text.find("Til sidst"), (which, language)
        assert "Planens" not in text, (which, language)


@pytest.mark.parametrize("message", CHOICES)
def test_what_can_be_filled_in_is_offered_and_reads_well(message):
    for language in Language:
        offered = fields_of(message, language)
        assert len(offered) == len(WORDED[message].fields)
        assert tried(PLAIN, message, language, opening=" ".join(written for written, _ in offered)).problems == {}
        assert message_name(message, language)


def test_what_is_wrong_stands_at_its_part_and_no_message_is_shown():
    found = tried(PLAIN, "invitation", opening="Den {dato}", closing="{nvan}")
    assert found.mail is None
    assert {part: [one.params["reason"] for one in problems] for part, problems in found.problems.items()} == {
        "opening": ["text_shown_by_outlook"],
        "closing": ["text_field_near"],
    }
    assert [*tried(PLAIN, "practical", closing="a" * 2001).problems] == ["closing"]


def test_the_words_to_begin_with_are_those_of_the_plan_in_that_language():
    plans, own = (Wording(message="practical", language=Language.DA, opening=words) for words in ("Planens", "Kursets"))
    plan = replace(PLAN, texts=(plans,))
    assert words_now(plan, PLAIN, "practical", Language.DA) == plans
    assert words_now(plan, replace(PLAIN, texts=(own,)), "practical", Language.DA) == own
    assert words_now(plan, PLAIN, "practical", Language.EN) == Wording(message="practical", language=Language.EN)
    assert words_now(plan, PLAIN, "tomorrow", Language.DA).opening == ""


def test_words_are_tried_on_courses_that_have_a_session():
    empty = course(offerings=())
    assert courses_to_try(replace(PLAN, courses=(empty, UNDATED, PLAIN))) == (UNDATED, PLAIN)
