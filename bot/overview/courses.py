"""The courses and events of the plan as it is written, as lines of the overview (pure).

    in the plan                                            in the overview
    a draft                                                no
    its condition has come to something else               no; of a session, an offering or funding: that part is not
    anything else, also cancelled, also of a condition     yes
    that is open

What is to be decided about a course that is not cancelled:

    need        it is
    approval    proposed
    decision    of an open condition, or a part of it or of its money is
    date        without a date in a session, or without any session, and not listed
    amount      paid from a pool, and how much is not known
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.assumptions import OutcomeStanding, standing, still_open
from bot.domain.money import course_share
from bot.domain.plan import CourseStatus
from bot.overview.lines import CourseLine, FundingLine, Need, Seats, SessionLine
from bot.overview.periods import days_of_session
from bot.overview.seats import capacity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.assumptions import Condition, Outcome
    from bot.domain.plan import Course, CoursePlan
    from bot.overview.lines import Counts


def course_lines(
    plan: CoursePlan, counts: Counts, decided: Mapping[str, Outcome | None]
) -> Iterator[CourseLine]:
    """The lines in the order of the plan."""
    names = {audience.id: audience.name or audience.id for audience in plan.audiences}
    for course in plan.courses:
        if is_there(course, decided):
            yield _line(course, counts, decided, names)


def is_there(course: Course, decided: Mapping[str, Outcome | None]) -> bool:
    """Whether the overview has the course, by the table above."""
    return (
        course.status is not CourseStatus.DRAFT
        and standing(course.when, decided) is not OutcomeStanding.FAILS
    )


def session_lines(course: Course, decided: Mapping[str, Outcome | None]) -> Iterator[SessionLine]:
    """The sessions that are there or may come to be, in their order."""
    for offering, session in course.sessions():
        when = (*offering.when, *session.when)
        if standing(when, decided) is OutcomeStanding.FAILS:
            continue
        begins, ends = days_of_session(session)
        yield SessionLine(
            place=(course.id, offering.id, session.id),
            offering=(offering.title or offering.id) if len(course.offerings) > 1 else "",
            title=session.title,
            start=session.start,
            end=session.end,
            all_day=session.all_day,
            period=session.period,
            begins=begins,
            ends=ends,
            when=when,
            waits_for=still_open(when, decided),
        )


def conditions_of(course: Course) -> Iterator[Condition]:
    """Each condition that the course, a part of it or of its money has, with those above it."""
    yield course.when
    for offering in course.offerings:
        yield (*course.when, *offering.when)
        for session in offering.sessions:
            yield (*course.when, *offering.when, *session.when)
    for part in course.funding:
        yield (*course.when, *part.when)


def _line(
    course: Course, counts: Counts, decided: Mapping[str, Outcome | None], names: Mapping[str, str]
) -> CourseLine:
    sessions = tuple(session_lines(course, decided))
    funding = tuple(
        FundingLine(
            pool=part.pool,
            purpose=part.purpose,
            amounts=course_share(course, part).holding,
            when=part.when,
            waits_for=still_open(part.when, decided),
        )
        for part in course.funding
        if standing(part.when, decided) is not OutcomeStanding.FAILS
    )
    open_names = {
        term.assumption: None
        for condition in conditions_of(course)
        if standing(condition, decided) is OutcomeStanding.OPEN
        for term in still_open(condition, decided)
    }
    return CourseLine(
        id=course.id,
        title=course.title,
        theme=course.theme,
        status=course.status,
        audiences=tuple(names.get(name, name) for name in course.invited_audiences or course.audience),
        responsible=course.responsible,
        tags=course.tags,
        case=course.case,
        cancel_reason=course.cancel_reason,
        when=course.when,
        waits_for=still_open(course.when, decided),
        sessions=sessions,
        deadline=course.enrolment.deadline,
        seats=counts.seats.get(course.id) or Seats(capacity=capacity_of(course)),
        funding=funding,
        needs=tuple(_needs(course, sessions, funding, is_open=bool(open_names))),
        depends_on=tuple(open_names),
    )


def _needs(
    course: Course, sessions: tuple[SessionLine, ...], funding: tuple[FundingLine, ...], *, is_open: bool
) -> Iterator[Need]:
    if course.status is CourseStatus.CANCELLED:
        return
    if course.status is CourseStatus.PROPOSED:
        yield Need.APPROVAL
    if is_open:
        yield Need.DECISION
    is_undated = not sessions or any(session.start is None for session in sessions)
    if is_undated and course.status is not CourseStatus.LISTED:
        yield Need.DATE
    if any(line.amounts.unknown for line in funding):
        yield Need.AMOUNT
