"""Whom a rule is for, session by session (pure).

    `to`                is
    registered          who has a seat
    tentative           who may come
    unanswered          who is invited and has answered nothing of the course, in the calendar or, where they were asked to
                        choose by link, there; never those who may sign up: their silence is an answer
    declined            who said no or gave the seat up
    waitlisted          who is in line
    everyone            registered, tentative, unanswered and waitlisted: who said no is left in peace
    speakers            the course's speakers with an address
    responsible         the course's responsible, else the plan's contact

Who is on a session is what the calendar's books say; who waits or said no is told of the offering's first session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.plan import Channel, EnrolmentMode, ReminderTarget
from bot.domain.registrations import RegistrationStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, ReminderRule
    from bot.domain.registrations import Registration

LONG_AGO = datetime.min.replace(tzinfo=UTC)
Target, Status = ReminderTarget, RegistrationStatus
TARGET_OF = {
    Status.REGISTERED: Target.REGISTERED,
    Status.TENTATIVE: Target.TENTATIVE,
    Status.INVITED: Target.UNANSWERED,
    Status.DECLINED: Target.DECLINED,
    Status.WITHDRAWN: Target.DECLINED,
    Status.WAITLISTED: Target.WAITLISTED,
}
SAID_NO = frozenset({Status.DECLINED, Status.WITHDRAWN})
OFF_THE_EVENT = frozenset({Target.DECLINED, Target.WAITLISTED})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address (canonical; "" for a channel), why, and since when (UTC; `LONG_AGO` for those who are always meant).

    `invited` when they were invited or asked, `LONG_AGO` where nobody knows. `by_calendar`: they know of the date by an
    event; who was asked by link has none yet.
    """

    email: str
    target: ReminderTarget
    since: datetime
    invited: datetime = LONG_AGO
    by_calendar: bool = True


class Recipients:
    """The people of one course, for all its rules. `rows` are the course's registrations, `asked` who was asked by link, and when."""

    def __init__(
        self, plan: CoursePlan, course: Course, rows: Iterable[Registration], asked: Mapping[str, datetime], people: PeopleIndex
    ) -> None:
        self._plan, self._course, self._people = plan, course, people
        self._rows, self._asked = tuple(rows), asked

    # Worked out when a rule first asks: most courses are far from any.

    @cached_property
    def _by_offering(self) -> dict[str, list[Registration]]:
        found: dict[str, list[Registration]] = {}
        for row in self._rows:
            found.setdefault(row.offering, []).append(row)
        return found

    @cached_property
    def _answered(self) -> frozenset[str]:
        return frozenset(row.email for row in self._rows if row.status is not Status.INVITED)

    @cached_property
    def _silent_by_link(self) -> list[tuple[str, datetime]]:
        if self._course.enrolment.mode is not EnrolmentMode.CHOOSE or not self._course.enrolment.by_link:
            return []
        known = {row.email for row in self._rows}
        return sorted((email, at) for email, at in self._asked.items() if email not in known)

    def of(
        self, rule: ReminderRule, offering: str, session: str, invited: Mapping[str, datetime], *, is_first: bool
    ) -> Iterator[Recipient]:
        """Those a rule is for; `invited` who is on the session's event since when, `is_first` of the offering's sessions."""
        wanted = frozenset(rule.to)
        if Channel.CHANNEL in rule.channels:
            yield Recipient("", Target.EVERYONE, LONG_AGO)
        if not {Channel.MAIL, Channel.TEAMS} & set(rule.channels):
            return
        for row in self._by_offering.get(offering, ()):
            target = TARGET_OF[row.status]
            if not self._is_meant(row, target, wanted):
                continue
            if target in OFF_THE_EVENT:
                if is_first:
                    yield Recipient(row.email, target, row.since, invited.get(row.email, LONG_AGO))
            elif row.email in invited and (not row.answers or dict(row.answers).get(session) not in SAID_NO):
                yield Recipient(row.email, target, max(invited[row.email], row.since), invited[row.email])
        if is_first and wanted & {Target.UNANSWERED, Target.EVERYONE}:
            for email, at in self._silent_by_link:
                yield Recipient(email, Target.UNANSWERED, at, at, by_calendar=False)
        yield from self._others(wanted, invited)

    def _is_meant(self, row: Registration, target: ReminderTarget, wanted: frozenset[ReminderTarget]) -> bool:
        if target is Target.UNANSWERED and row.email in self._answered:
            return False
        return target in wanted or (Target.EVERYONE in wanted and target is not Target.DECLINED)

    def _others(self, wanted: frozenset[ReminderTarget], invited: Mapping[str, datetime]) -> Iterator[Recipient]:
        if Target.SPEAKERS in wanted:
            for speaker in self._course.speakers:
                if speaker.email and speaker.email != self._plan.organiser:
                    email = self._people.canonical(speaker.email)
                    since = invited.get(email, LONG_AGO)
                    yield Recipient(email, Target.SPEAKERS, since, since)
        if Target.RESPONSIBLE in wanted:
            responsible = self._people.canonical((self._course.responsible or self._plan.contact).lower())
            yield Recipient(responsible, Target.RESPONSIBLE, LONG_AGO)
