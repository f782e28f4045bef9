"""Why something that was sent is not on any more: the table of `bot.domain.called_off`, and its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.assumptions import Assumption, Term
from bot.domain.called_off import NO_GROUNDS, Grounds, grounds_of, title_in_whole
from bot.domain.decided import as_decided
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.i18n.called_off import called_off_because

YES, ONE_DAY = Term(assumption="midler", outcome=True), Term(assumption="form", outcome="en-dag")
NO_MONEY = Assumption(id="midler", value=False, question="Er der midler?", decided_by="Direktionen", decided_on=date(2025, 3, 12))
SEVERAL_DAYS = Assumption(id="form", value="flere-dage", options=("en-dag", "flere-dage"), decided_by="HR", note="Fortroligt")
BY_THE_BOARD = Grounds(decided_by="Direktionen", decided_on=date(2025, 3, 12))
BY_HR = Grounds(decided_by="HR")
WRITTEN = Grounds(written="Vi fik ingen midler.")
Status = CourseStatus


def made(*courses, assumptions=(NO_MONEY, SEVERAL_DAYS)):
    return CoursePlan(
        id="demo", revision="", organisation="D", timezone="Europe/Copenhagen", language=Language.DA, organiser="a@b.example",
        contact="a@b.example", assumptions=assumptions, courses=courses,
    )  # fmt: skip


def course(reason="Vi fik ingen midler.", status=Status.APPROVED, *, when=(), offering=(), session=()):
    sessions = (CourseSession(id="dag", when=session), CourseSession(id="altid"))
    offerings = (Offering(id="hold", when=offering, sessions=sessions), Offering(id="andet"))
    return Course(id="k", title="Kurset", status=status, cancel_reason=reason, when=when, offerings=offerings)


@pytest.mark.parametrize(
    ("written", "part", "grounds"),
    [
        (course(status=Status.CANCELLED), ("hold", "dag"), WRITTEN),
        (course("", Status.CANCELLED), ("hold", "dag"), NO_GROUNDS),
        (course("", Status.CANCELLED, session=(YES,)), ("hold", "dag"), NO_GROUNDS),
        (course(session=(YES,)), ("hold", "dag"), WRITTEN),
        (course("", session=(YES,)), ("hold", "dag"), BY_THE_BOARD),
        (course(offering=(ONE_DAY,)), ("hold", "dag"), WRITTEN),
        (course("", offering=(ONE_DAY,)), ("hold", "altid"), BY_HR),
        (course("", offering=(ONE_DAY,)), ("hold", ""), BY_HR),
        (course(when=(Term(assumption="midler", outcome=False),), session=(ONE_DAY,)), ("hold", "dag"), BY_HR),
        (course(when=(YES,)), ("hold", "dag"), WRITTEN),
        (course("", when=(YES,)), ("hold", "dag"), BY_THE_BOARD),
        (course("", when=(YES, ONE_DAY)), ("", ""), BY_THE_BOARD),
        (course("", when=(ONE_DAY, YES)), ("", ""), BY_HR),
        (course(session=(YES,)), ("hold", "altid"), NO_GROUNDS),
        (course(session=(YES,)), ("findes-ikke", "dag"), NO_GROUNDS),
        (course(status=Status.DRAFT, when=(YES,)), ("hold", "dag"), NO_GROUNDS),
        (course(status=Status.DRAFT), ("hold", "dag"), NO_GROUNDS),
        (course(), ("hold", "dag"), NO_GROUNDS),
    ],
)
def test_the_grounds_are_the_authors_reason_else_the_decision_by_the_table(written, part, grounds):
    """Only where the plan itself says that it is off, or a decision has taken it away."""
    assert grounds_of(as_decided(made(written)), "k", *part) == grounds


def test_a_course_that_stands_in_no_file_has_no_grounds():
    """And neither title."""
    plan = as_decided(made(course()))
    assert (grounds_of(plan, "andet", "hold", "dag"), title_in_whole(plan, "andet")) == (NO_GROUNDS, "")


def test_what_is_open_again_is_not_called_off_for_a_reason():
    """It may come yet."""
    again = (replace(NO_MONEY, value=None), SEVERAL_DAYS)
    assert grounds_of(as_decided(made(course(session=(YES,)), assumptions=again)), "k", "hold", "dag") == NO_GROUNDS
    assert grounds_of(as_decided(made(course(when=(YES,)), assumptions=again)), "k", "hold", "dag") == NO_GROUNDS


def test_a_course_that_a_decision_took_away_is_still_called_by_its_title():
    """Decided or not."""
    plan = made(course(when=(YES,)))
    assert title_in_whole(plan, "k") == title_in_whole(as_decided(plan), "k") == "Kurset"


@pytest.mark.parametrize(
    ("reason", "decision", "danish", "english"),
    [
        ("Vi fik\n ingen midler.", NO_MONEY, "Vi fik ingen midler.", "Vi fik ingen midler."),
        ("", NO_MONEY, "Direktionen besluttede det den 12. marts 2025.", "Direktionen decided it on 12 March 2025."),
        ("", replace(NO_MONEY, decided_on=None), "Direktionen har besluttet det.", "Direktionen has decided it."),
        ("", replace(NO_MONEY, decided_by=""), "Det blev besluttet den 12. marts 2025.", "It was decided on 12 March 2025."),
        ("", replace(NO_MONEY, decided_by="", decided_on=None), "", ""),
    ],
)
def test_it_is_said_in_a_line_and_never_with_the_question_or_the_note(reason, decision, danish, english):
    """They are for those who decide."""
    plan = as_decided(made(course(reason, when=(YES,)), assumptions=(decision,)))
    assert [called_off_because(plan, "k", language=language) for language in (Language.DA, Language.EN)] == [danish, english]
