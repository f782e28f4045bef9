"""The plan as it is decided: what `when` says is resolved, so that nobody after the reader has to ask for it.

    `when` of a    holds      is open                                         fails
    course         stays      in the overview only: nothing is sent of it     is not there
    offering       stays      is not there                                    is not there
    session        stays      is not there                                    is not there
    funding        stays      stays, with its condition                       is not there

What is not there and was sent is cancelled like anything that is gone, and waits for a person like it. The
overview and `check` read the plan as it is written, where all of it stands. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.assumptions import ALWAYS, Outcome, OutcomeStanding, standing
from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.plan import Course, CoursePlan, Offering

SENDS = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})


def values_of(plan: CoursePlan) -> dict[str, Outcome | None]:
    """What each assumption has come to; None while it is undecided."""
    return {assumption.id: assumption.value for assumption in plan.assumptions}


def as_decided(plan: CoursePlan, values: Mapping[str, Outcome | None] | None = None) -> CoursePlan:
    """The plan by the table above, under what it says itself or under other `values`.

    Done twice it changes nothing more.
    """
    decided = values_of(plan) if values is None else values
    return replace(plan, courses=tuple(_courses(plan, decided)), whole=plan.whole or plan)


def _courses(plan: CoursePlan, decided: Mapping[str, Outcome | None]) -> Iterator[Course]:
    for course in plan.courses:
        stands = standing(course.when, decided)
        if stands is OutcomeStanding.FAILS:
            continue
        is_open = stands is OutcomeStanding.OPEN and course.status in SENDS
        yield replace(
            course,
            when=ALWAYS,
            status=CourseStatus.PROPOSED if is_open else course.status,
            funding=tuple(
                part for part in course.funding if standing(part.when, decided) is not OutcomeStanding.FAILS
            ),
            offerings=tuple(_offerings(course, decided)),
        )


def _offerings(course: Course, decided: Mapping[str, Outcome | None]) -> Iterator[Offering]:
    for offering in course.offerings:
        if standing(offering.when, decided) is not OutcomeStanding.HOLDS:
            continue
        sessions = tuple(
            replace(session, when=ALWAYS)
            for session in offering.sessions
            if standing(session.when, decided) is OutcomeStanding.HOLDS
        )
        # An offering without any of its sessions is nothing that somebody could choose.
        if sessions or not offering.sessions:
            yield replace(offering, when=ALWAYS, sessions=sessions)
