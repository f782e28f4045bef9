"""Too many courses for one audience in one ISO week, as far as the plan alone tells: `audience.busy_week`.

    enrolment                       the course counts in a week where
    everybody is invited            any of its sessions is, that the audience has to come to
    a choice between offerings      each offering has one: whatever somebody chooses, it is in that week

A session over several days counts in each of its weeks, the first five of them. Under open decisions (`when`)
those courses are counted together that the same outcomes bring about. Told once for an audience and week: at
the first session of the course that is one too many.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.assumptions import still_open
from bot.domain.busy_weeks import weeks_of
from bot.domain.decided import values_of
from bot.domain.enrolment import EnrolmentMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.domain.assumptions import Outcome, Term
    from bot.domain.busy_weeks import Week
    from bot.domain.plan import CoursePlan
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.read_course import PlacedCourse, PlacedOffering

SHOWN_COURSES = 6


@dataclass(frozen=True, slots=True)
class _Entry:
    """A course in a week of an audience, from its first session there on, where all of `terms` hold."""

    start: datetime
    course: str
    terms: frozenset[Term]
    spot: Spot


def note_busy_weeks(
    courses: tuple[PlacedCourse, ...],
    plan: CoursePlan,
    findings: Findings,
    *,
    since: datetime | None,
    most: int,
) -> None:
    """Note each audience and week with more than `most` courses.

    Sessions that have ended by `since` (wall clock) are left out.
    """
    decided = values_of(plan)
    titles = {course.id: course.title for course in plan.courses}
    names = {rule.id: rule.name for rule in plan.audiences}
    weeks: dict[tuple[str, Week], list[_Entry]] = defaultdict(list)
    for placed in courses:
        for where, entry in _of_course(placed, decided, since):
            weeks[where].append(entry)
    for (audience, (year, week)), entries in weeks.items():
        worst = _worst(entries)
        if len(worst) > most:
            few, more = worst[:SHOWN_COURSES], " …" if len(worst) > SHOWN_COURSES else ""
            shown = ", ".join(entry.course for entry in few) + more
            called = ", ".join(titles[entry.course] for entry in few) + more
            findings.warn(
                "audience.busy_week", worst[most].spot, audience=audience, week=week, year=year,
                count=len(worst), limit=most, courses=shown,
                titles=called, audience_name=names[audience],
            )  # fmt: skip


def _worst(entries: list[_Entry]) -> list[_Entry]:
    """The first entry of each course, of the outcomes under which there are most courses; by start."""
    found: list[_Entry] = []
    entries = sorted(entries, key=lambda one: (one.start, one.spot.order))
    for terms in dict.fromkeys([frozenset(), *(entry.terms for entry in entries)]):
        each: dict[str, _Entry] = {}
        for entry in entries:
            if entry.terms <= terms:
                each.setdefault(entry.course, entry)
        found = max(found, list(each.values()), key=len)
    return found


def _of_course(
    placed: PlacedCourse, decided: Mapping[str, Outcome | None], since: datetime | None
) -> Iterator[tuple[tuple[str, Week], _Entry]]:
    """By the first table above."""
    by_offering = [_of_offering(placed, offering, decided, since) for offering in placed.offerings]
    everywhere = set(by_offering[0]).intersection(*by_offering[1:]) if by_offering else set()
    is_all = placed.course.enrolment.mode is EnrolmentMode.INVITE
    for entries in by_offering:
        for where, found in entries.items():
            if is_all or where in everywhere:
                for entry in found:
                    yield where, entry


def _of_offering(
    placed: PlacedCourse,
    offering: PlacedOffering,
    decided: Mapping[str, Outcome | None],
    since: datetime | None,
) -> dict[tuple[str, Week], list[_Entry]]:
    found: dict[tuple[str, Week], list[_Entry]] = defaultdict(list)
    for item in offering.sessions:
        session = item.session
        if session.start is None or session.end is None or (since is not None and session.end <= since):
            continue
        when = (*placed.course.when, *offering.offering.when, *session.when)
        entry = _Entry(session.start, placed.course.id, frozenset(still_open(when, decided)), item.start)
        for week in weeks_of(session.start, session.end):
            for audience in placed.course.required_of(session):
                found[audience, week].append(entry)
    return found
