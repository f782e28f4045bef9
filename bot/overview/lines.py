"""The overview as data: courses and events, what they cost, what is to be decided.

No participant's name or address is in it (pure).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.money import Amounts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.domain.assumptions import Assumption, Condition, Outcome
    from bot.domain.closing_days import ClosingDay, SchoolHoliday
    from bot.domain.money import PoolMoney
    from bot.domain.noted import DecisionChange, NotedDecision
    from bot.domain.plan import CourseStatus
    from bot.domain.seats import OfferingSeats


Place = tuple[str, str, str]
"""Course, offering and session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentSeats:
    """How many of a department have a seat in a course.

    `name` "" where the directory has none, `attended` None not known.
    """

    name: str
    registered: int
    attended: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """How many people take part in a course and how; everybody counts once.

    `capacity` None is no limit, `attended` None not known.

    `departments` are those of the registered, as Danish sorts.
    """

    capacity: int | None = None
    invited: int = 0
    registered: int = 0
    tentative: int = 0
    waitlisted: int = 0
    awaiting: int = 0
    declined: int = 0
    unanswered: int = 0
    attended: int | None = None
    departments: tuple[DepartmentSeats, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseNumbers:
    """What the books say of one course, in numbers; nothing of it depends on the time.

    `offerings` are the seats of each offering of an approved course. `guests` are how many came to each
    offering with a forwarded invitation and did not say no, `without_place` how many lost a seat with its
    date and have no other. `speakers_off` and `rooms_off` are the starts (wall time, as far as they are
    known) of what a speaker or a room said no to.
    """

    seats: Seats = Seats()
    offerings: tuple[OfferingSeats, ...] = ()
    guests: Mapping[str, int] = field(default_factory=dict)
    without_place: int = 0
    speakers_off: tuple[datetime | None, ...] = ()
    rooms_off: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the books know.

    Seats by course, audiences as last read, what stands in the calendar, and how decisions stood before.
    """

    seats: Mapping[str, Seats]
    members: Mapping[str, frozenset[str]]
    on_events: frozenset[Place]
    noted: tuple[NotedDecision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session; `begins` and `ends` (exclusive) are days, of the period where there is no date.

    `waits_for` is what of its condition is still open.
    """

    place: Place
    offering: str
    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    period: str | None
    begins: date | None
    ends: date | None
    when: Condition
    waits_for: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingLine:
    """What a course takes from one pool; `waits_for` is what of its condition is still open."""

    pool: str
    purpose: str | None
    amounts: Amounts
    when: Condition
    waits_for: Condition


class Need(StrEnum):
    """What is still to be decided about a course."""

    APPROVAL = "approval"
    DECISION = "decision"
    DATE = "date"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """A course or an event of the plan.

    `audiences` are names, `waits_for` is what of its condition is still open.

    `deadline` is when answers are due, in wall time; `depends_on` are the open assumptions that it, a part of
    it or its money waits for.
    """

    id: str
    title: str
    theme: str
    status: CourseStatus
    audiences: tuple[str, ...]
    responsible: tuple[str, ...]
    tags: tuple[str, ...]
    case: str
    cancel_reason: str
    when: Condition
    waits_for: Condition
    sessions: tuple[SessionLine, ...]
    deadline: datetime | None
    seats: Seats
    funding: tuple[FundingLine, ...]
    needs: tuple[Need, ...]
    depends_on: tuple[str, ...]

    @property
    def begins(self) -> date | None:
        """The first day that it may begin on."""
        return min((session.begins for session in self.sessions if session.begins), default=None)

    def is_over(self, day: date) -> bool:
        """Whether all of it has been, so that there is nothing left to decide."""
        return bool(self.sessions) and all(session.ends and session.ends <= day for session in self.sessions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAmount:
    """What some courses and expenses take from one pool."""

    pool: str
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """What a decision means if it comes to `value`.

    `courses` are those that depend on it and are there then, `mails` how many mails its invitations would be;
    `unread` are the names of audiences that nobody has read yet and whose people are not in `mails`.
    """

    value: Outcome
    courses: tuple[str, ...]
    sessions: tuple[SessionLine, ...]
    mails: int
    unread: tuple[str, ...]
    amounts: tuple[PoolAmount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision.

    `courses` are all that depend on it, also through their funding; `needed_by` is when the first may begin.

    `changes` are what it had come to before, oldest first, as far as anybody noted it.
    """

    assumption: Assumption
    courses: tuple[str, ...]
    outcomes: tuple[OutcomeLine, ...]
    needed_by: date | None
    changes: tuple[DecisionChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """What people say of a task of a course, by its text.

    `counts` are how many by each `TaskState`, None where they are too few to be shown.
    """

    course: str
    text: str
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything, of all years or of `years`; `as_of` UTC.

    Courses in the order of when they begin, those without a time last.
    """

    plan: str
    organisation: str
    timezone: str
    as_of: datetime
    years: tuple[int, ...]
    courses: tuple[CourseLine, ...]
    pools: tuple[PoolMoney, ...]
    decisions: tuple[DecisionLine, ...]
    costs: tuple[CourseCost, ...]
    """What is known to cost something of `courses`, in their order."""
    titles: Mapping[str, str]
    """Of every course of the plan, by id."""
    assumptions: tuple[Assumption, ...]
    """All of the plan, whatever the years."""
    holidays: str | None
    """The country whose holidays the plan keeps."""
    closing_days: tuple[ClosingDay, ...]
    school_holidays: tuple[SchoolHoliday, ...]
    tasks: tuple[TaskLine, ...] = ()
    """Of `courses`, in their order, those of which anybody has said anything."""

    @property
    def questions(self) -> dict[str, str]:
        """What each decision of the plan asks, by id."""
        return {assumption.id: assumption.question or assumption.id for assumption in self.assumptions}

    @property
    def open_decisions(self) -> tuple[DecisionLine, ...]:
        """Those that are still to be made: undecided, and not about courses alone that are over."""
        over = {course.id for course in self.courses if course.is_over(self.as_of.date())}
        undecided = (decision for decision in self.decisions if decision.assumption.value is None)
        return tuple(one for one in undecided if not one.courses or not over.issuperset(one.courses))

    @property
    def values(self) -> dict[str, Outcome | None]:
        """What each has come to, None while it is open."""
        return {assumption.id: assumption.value for assumption in self.assumptions}


CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentCost:
    """What the `registered` of one department cost, and how many came, None where nobody knows.

    `department` "" is not known.
    """

    department: str
    registered: int
    attended: int | None
    amount: Decimal

    @property
    def per_registered(self) -> Decimal | None:
        """For each who has a seat."""
        return _each(self.amount, self.registered)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCost:
    """By the table above; `amounts` are never without anything known."""

    course: str
    currency: str
    amounts: Amounts
    seats: Seats
    departments: tuple[DepartmentCost, ...]

    @property
    def per_seat(self) -> Decimal | None:
        """For each seat that there is."""
        return _each(self.amounts.planned, self.seats.capacity)

    @property
    def per_registered(self) -> Decimal | None:
        """For each who has a seat."""
        return _each(self.amounts.planned, self.seats.registered)

    @property
    def per_attended(self) -> Decimal | None:
        """For each who came."""
        return _each(self.amounts.planned, self.seats.attended)


def _each(amount: Decimal, people: int | None) -> Decimal | None:
    return (amount / people).quantize(CENT, ROUND_HALF_UP) if people else None
