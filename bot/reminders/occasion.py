"""What reminders are computed from: the plan, the books, the calendar, and the time (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.delegates import who_gets_copies
from bot.domain.teams import NO_TEAMS, TeamsReach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.attendance import Presence
    from bot.domain.events import SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.reminders import ReminderState, ReminderTopic, Words
    from bot.reminders.moments import ReminderMoment

TOLD_OF_EXPIRED = timedelta(days=14)
"""How long an expired message is still told of: a plan that is years old does not list what it never sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCalendar:
    """A session's event by the books.

    Its start (UTC), and who is on it since when, by canonical address, parts together.
    """

    start: datetime
    invited: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Everything that reminders are computed from; instants UTC, addresses canonical.

    `rows` who is coming; `calendar` the events whose books are settled, by the session's key; `asked`
    (course, address) to when somebody was asked by message; `members` the audiences as last read; `known`
    (stem, address) of every reminder in the outbox to its state and reason; `reach` what of Teams is set up;
    `words` what HR said about single reminders; `promised` (stem, address) of copies that were promised when
    the leader's own was; `unanswered` (course, address) of those who have left questions open, and have not
    been asked by a mail; `presence` what is known of (course, offering, address) and `attendance_said` of
    which (course, offering) anything is; `settled` since when that is settled
    (`bot.registrations.settled_attendance`); `told_came` which rules told somebody what of it, by (course,
    offering, address), and `told_tasks` of which tasks to do at home, about which date and when; `evaluated`
    who has, and `evaluations_shown` (course, offering) whose results somebody
    has seen. What falls due later than `until` is left out.
    """

    plan: CoursePlan
    rows: Iterable[Registration]
    calendar: Mapping[SessionKey, OnCalendar]
    asked: Mapping[tuple[str, str], datetime]
    members: Mapping[str, frozenset[str]]
    known: Mapping[tuple[str, str], tuple[ReminderState, str]]
    people: PeopleIndex
    now: datetime
    until: datetime
    reach: TeamsReach = NO_TEAMS
    words: Words = field(default_factory=dict)
    unanswered: frozenset[tuple[str, str]] = frozenset()
    presence: Mapping[tuple[str, str, str], Presence] = field(default_factory=dict)
    attendance_said: frozenset[tuple[str, str]] = frozenset()
    settled: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    told_came: Mapping[tuple[str, str, str], frozenset[tuple[str, str]]] = field(default_factory=dict)
    told_tasks: Mapping[tuple[str, str, str], frozenset[tuple[str, str, datetime]]] = field(
        default_factory=dict
    )
    evaluated: frozenset[tuple[str, str, str]] = frozenset()
    evaluations_shown: frozenset[tuple[str, str]] = frozenset()
    promised: frozenset[tuple[str, str]] = frozenset()
    presence_by_course: Mapping[str, Mapping[tuple[str, str], Presence]] = field(
        init=False, repr=False, compare=False
    )
    topics: frozenset[ReminderTopic] = field(init=False, repr=False, compare=False)
    known_stems: frozenset[str] = field(init=False, repr=False, compare=False)
    copies_for: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note what the outbox has, HR said something about, is copied, and who came: of most of it none."""
        by_course: dict[str, dict[tuple[str, str], Presence]] = {}
        for (course, offering, email), known in self.presence.items():
            by_course.setdefault(course, {})[offering, email] = known
        object.__setattr__(self, "presence_by_course", by_course)
        object.__setattr__(self, "topics", frozenset(topic for topic, _ in self.words))
        object.__setattr__(self, "known_stems", frozenset(stem for stem, _ in self.known))
        object.__setattr__(self, "copies_for", who_gets_copies(self.plan.delegates, self.people))

    def is_near(self, moment: ReminderMoment) -> bool:
        """Whether a moment is told of: it comes before `until`, or has not been over for long."""
        return moment.due_at < self.until and moment.expires_at > self.now - TOLD_OF_EXPIRED

    def came_to(self, course: str) -> tuple[Mapping[tuple[str, str], Presence], frozenset[str]]:
        """By (offering, address) what is known of a course, and of which offerings anything is."""
        said = frozenset(of for one, of in self.attendance_said if one == course)
        return self.presence_by_course.get(course, {}), said
