"""Which courses have nothing to be decided, so that a round leaves them unread.

Work grows with what changed (pure).

A course is at rest when everything was decided about it, and its lists and rows were as the seats want them.
It stays so until

    what changes                                                    is noticed by
    its rows in the books (ledger, answers, seat log, lists)        their digest (`bot.ports.memory.CourseDigests`)
    the course in the plan in force                                 comparing it
    the plan around it, people and their addresses, the audiences   comparing those: then every course is read
    as last read, the settings that count
    the time: something opens, closes, begins or ends               the next such instant (`next_change`)

Nothing of this outlives the process: its first round reads everything, and one a day does, so that no mistake
here lasts longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.domain.seats import LATELY, Cause
from bot.domain.times import instant
from bot.seats.enrolment_rules import rules_of
from bot.seats.seat_messages import warned_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bot.domain.events import LedgerEntry
    from bot.domain.people import Person
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Standing

WHOLE_EVERY = timedelta(days=1)
MOST_AT_ONCE = 50
"""Of more courses than these everything is read: then that is less work than choosing."""
JUST_AFTER = timedelta(microseconds=1)
"""Rules say "until" as often as "from": what ends with an instant ends just after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What bears on every course.

    The plan without its courses, people, audiences as last read, settings, and more.
    """

    head: CoursePlan
    people: tuple[Person, ...]
    members: Mapping[str, frozenset[str]]
    settings: object
    besides: tuple[object, ...]


def surroundings_of(
    plan: CoursePlan,
    people: tuple[Person, ...],
    members: Mapping[str, frozenset[str]],
    *,
    settings: object,
    besides: tuple[object, ...] = (),
) -> Surroundings:
    """What bears on every course of a plan.

    `settings` and what else there is (`besides`) are only compared.
    """
    head = replace(plan, courses=(), whole=None)
    return Surroundings(head=head, people=people, members=members, settings=settings, besides=besides)


class RestingRound(Enum):
    """The kinds of round that leave unread what is at rest, each by itself.

    What one leaves, another may not.
    """

    ANSWERS = auto()
    REMINDERS = auto()
    SYNC = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRest:
    """A course with nothing to be decided.

    As it stood in the plan (None: it did not), its rows' digest, and until when (UTC).
    """

    course: Course | None
    digest: int
    until: datetime


@dataclass(slots=True)
class Rests:
    """What one process knows of the plans whose rounds of one kind it has done."""

    _surroundings: dict[str, Surroundings] = field(default_factory=dict)
    _whole: dict[str, datetime] = field(default_factory=dict)
    _courses: dict[str, dict[str, AtRest]] = field(default_factory=dict)

    def restless(
        self, plan: CoursePlan, around: Surroundings, digests: Mapping[str, int], *, now: datetime
    ) -> frozenset[str] | None:
        """The courses that have to be read at `now` (UTC), of the plan or of its books; None: all of them."""
        whole = self._whole.get(plan.id)
        if (
            whole is None
            or not whole <= now < whole + WHOLE_EVERY
            or self._surroundings.get(plan.id) != around
        ):
            return None
        rests = self._courses[plan.id]

        def is_at_rest(course: str) -> bool:
            rest, today = rests.get(course), plan.course(course)
            return (
                rest is not None
                and now < rest.until
                and rest.digest == digests.get(course, 0)
                and (rest.course is today or rest.course == today)
            )

        restless = frozenset(course for course in {*plan.titles, *digests, *rests} if not is_at_rest(course))
        return restless if len(restless) <= MOST_AT_ONCE else None

    def note(
        self,
        plan: CoursePlan,
        around: Surroundings,
        read: frozenset[str] | None,
        at_rest: Mapping[str, AtRest],
        *,
        now: datetime,
    ) -> None:
        """What a round found at `now` (UTC), which has `read` these courses, None: all of them."""
        if read is None:
            self._whole[plan.id], self._surroundings[plan.id], self._courses[plan.id] = (
                now,
                around,
                dict(at_rest),
            )
            return
        rests = self._courses[plan.id]
        for course in read:
            rests.pop(course, None)
        rests.update(at_rest)


def next_change(
    plan: CoursePlan,
    course: Course | None,
    entries: Iterable[LedgerEntry],
    standings: Iterable[Standing],
    *,
    now: datetime,
    quiet_hours: float,
) -> datetime:
    """The first instant after `now` (UTC) at which time alone may change what is decided about a course.

    A day from now at the latest.

    `course` as it stands in people's calendars, `entries` and `standings` are its own.
    """
    moments = (
        [*_of_course(plan, course, quiet_hours), *_of_books(entries, standings)]
        if course is not None
        else [*_of_books(entries, standings)]
    )
    edges = (edge for moment in moments for edge in (moment, moment + JUST_AFTER) if edge > now)
    return min(edges, default=now + WHOLE_EVERY)


def _of_course(plan: CoursePlan, course: Course, quiet_hours: float) -> Iterator[datetime]:
    rules = rules_of(plan, course, quiet_hours=quiet_hours)
    yield from (moment for moment in (rules.opens, rules.deadline) if moment is not None)
    if course.enrolment.deadline is not None:
        yield warned_from(plan, course.enrolment.deadline)
    for offering in rules.offerings.values():
        moments = (offering.begins, offering.ends, offering.line_moves_until, offering.line_opens_until)
        yield from (moment for moment in moments if moment is not None)
    for _, session in course.sessions():
        yield from (instant(wall, plan.timezone) for wall in (session.start, session.end) if wall is not None)


def _of_books(entries: Iterable[LedgerEntry], standings: Iterable[Standing]) -> Iterator[datetime]:
    for entry in entries:
        yield from (entry.start, entry.end)
    yield from (standing.since + LATELY for standing in standings if standing.cause is Cause.TURNED_AWAY)


def at_rest(
    plan: CoursePlan,
    courses: Collection[str],
    *,
    written: Mapping[str, Course],
    busy: Collection[str],
    entries: Iterable[LedgerEntry],
    standings: Iterable[Standing],
    digests: Mapping[str, int],
    now: datetime,
    quiet_hours: float,
) -> dict[str, AtRest]:
    """Those of the courses that are not `busy`, by id.

    `plan` as it stands in people's calendars, `written` its courses as in the plan.
    """
    mine: dict[str, list[LedgerEntry]] = {}
    lines: dict[str, list[Standing]] = {}
    for entry in entries:
        mine.setdefault(entry.key.course, []).append(entry)
    for standing in standings:
        lines.setdefault(standing.course, []).append(standing)
    return {
        course: AtRest(
            course=written.get(course),
            digest=digests.get(course, 0),
            until=next_change(
                plan,
                plan.course(course),
                mine.get(course, ()),
                lines.get(course, ()),
                now=now,
                quiet_hours=quiet_hours,
            ),
        )
        for course in courses
        if course not in busy
    }
