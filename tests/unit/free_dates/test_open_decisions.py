"""What is still to be decided can get a date; what was decided against is not there."""

from __future__ import annotations

import pytest

from bot.domain.assumptions import Assumption, Outcome, Term
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.plan.written_dates import read_date
from bot.rounds.steps.date_subject import _course

SHORT, LONG = (Term(assumption="kort", outcome=True),), (Term(assumption="kort", outcome=False),)
COURSE = Course(
    id="talent",
    title="Talent",
    status=CourseStatus.PROPOSED,
    offerings=(
        Offering(id="main", sessions=(CourseSession(id="en-dag", when=SHORT), CourseSession(id="flere", when=LONG))),
        Offering(id="hold-2", when=SHORT, sessions=(CourseSession(id="dag"),)),
    ),
)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (None, {"main": ["en-dag", "flere"], "hold-2": ["dag"]}),
        (True, {"main": ["en-dag"], "hold-2": ["dag"]}),
        (False, {"main": ["flere"]}),
    ],
)
def test_a_session_is_there_until_it_was_decided_against(value: Outcome | None, left: dict[str, list[str]]) -> None:
    plan = CoursePlan(
        id="demo", revision="", organisation="", timezone="Europe/Copenhagen", language=Language.DA, organiser="", contact="",
        assumptions=(Assumption(id="kort", value=value),), courses=(COURSE,),
    )  # fmt: skip
    assert {offering.id: [one.id for one in offering.sessions] for offering in _course(plan, "talent").offerings} == left
    with pytest.raises(InputError):
        _course(plan, "andet")


def test_the_cells_that_are_proposed_are_understood_by_the_reader() -> None:
    assert read_date("18-06-2025 kl. 08.30") == ("2025-06-18T08:30", "")
