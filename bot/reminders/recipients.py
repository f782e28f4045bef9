"""Whom a rule is for, session by session (pure).

    `to`                is
    registered          who has a seat
    tentative           who may come
    unconfirmed         who has a seat, or may come, and has not said so since the date was moved; as one of these they are asked
                        and not as registered or tentative, where a rule is for both
    unanswered          who is invited and has answered nothing of the course, in the calendar or, where they were asked to
                        choose by link, there; so too who gave a chosen date up in time and may still choose another
    optional            the same of those who may come and need not: who is only in an optional audience of the session, and
                        who was asked whether they would sign up (their silence is an answer until the plan says otherwise)
    declined            who said no or gave the seat up
    waitlisted          who is in line
    attended            who came, with a seat or without; who had a seat, of a date that nobody has said anything of. They are told
                        of the offering's last session, whichever they came to
    no_show             who had a seat and did not come to any date of the course; once that is settled
    everyone            registered, tentative, unanswered, optional and waitlisted: who said no is left in peace, and so is who
                        was only asked whether they would sign up
    speakers            the course's speakers with an address
    responsible         the course's responsible, else the plan's contact

Who takes part, and how, is what `bot.domain.participation` says; an outsider is nobody here. Who is on a
session is what the calendar's books say; who waits, said no or has to choose anew is told of the offering's
first session. What asks for an answer goes to nobody unanswered or optional while there is no seat to take
and no line to wait in (`Room`).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bot.domain.attendance import Presence
from bot.domain.enrolment import EnrolmentMode, LateAnswer
from bot.domain.evaluation import is_asked
from bot.domain.participation import IN_PLAY, Part, part_in, part_of, people_in, unanswered_people
from bot.domain.reminder_rules import EVERYONE, WHO_CAME, Channel, ReminderTarget
from bot.domain.templates import ASKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.reminder_rules import ReminderRule

LONG_AGO = datetime.min.replace(tzinfo=UTC)
Target = ReminderTarget
TARGET_OF = {
    Part.SEATED: Target.REGISTERED,
    Part.MAYBE: Target.TENTATIVE,
    Part.WAITING: Target.WAITLISTED,
    Part.OUT: Target.DECLINED,
}
ON_THE_EVENT = IN_PLAY - {Part.WAITING, Part.AWAITING} | {Part.ASKED}
SEATED = frozenset({Target.REGISTERED, Target.TENTATIVE})
SILENT = frozenset({Target.UNANSWERED, Target.OPTIONAL})
MAY_BE_SILENT = frozenset({Part.ASKED, Part.OUT})
NOBODY = frozenset[ReminderTarget]()
Came: TypeAlias = "tuple[Mapping[tuple[str, str], Presence], frozenset[str]]"
"""What is known of (offering, address), and of which offerings anything was said."""
NOTHING_SAID: Came = (MappingProxyType({}), frozenset())
_Row = tuple["Registration", Part, bool, ReminderTarget | None]
"""A row, how its person takes part, whether they answered nothing, and as whom we speak to them.

None: an outsider.
"""


class AudienceRoom(Enum):
    """What somebody who says yes now gets: a seat, a place in line, or nothing."""

    SEATS = auto()
    LINE = auto()
    NONE = auto()


def room_of(course: Course, rows: Iterable[Registration], *, now: datetime, zone: ZoneInfo) -> AudienceRoom:
    """What is left of a course at `now` (UTC) on what has not begun.

    `rows` are its registrations, its wall times in `zone`.

    all has begun, or an offering has a seat left        SEATS, unless the deadline is past and `late` says otherwise
    every seat taken, or late under `late: waitlist`     LINE where there is a waiting list
    otherwise, and late under `late: refuse`             NONE
    """
    enrolment = course.enrolment
    is_late = enrolment.deadline is not None and enrolment.deadline.replace(tzinfo=zone) < now
    if is_late and enrolment.late is LateAnswer.REFUSE:
        return AudienceRoom.NONE
    has_seats = _has_seats(course, rows, now=now, zone=zone)
    if has_seats and not (is_late and enrolment.late is LateAnswer.WAITLIST):
        return AudienceRoom.SEATS
    return AudienceRoom.LINE if enrolment.waiting_list else AudienceRoom.NONE


def _has_seats(course: Course, rows: Iterable[Registration], *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether all has begun, or an offering that has not has a seat left."""
    taken = Counter(row.offering for row in rows if part_of(row) is Part.SEATED)
    ahead = [
        offering
        for offering in course.offerings
        if offering.begins and offering.begins.replace(tzinfo=zone) > now
    ]
    capacities = [(offering.id, course.capacity_of(offering)) for offering in ahead]
    return not ahead or any(capacity is None or taken[name] < capacity for name, capacity in capacities)


class Recipient(NamedTuple):
    """One address (canonical; "" for a channel), why, and since when.

    UTC; `LONG_AGO` for those who are always meant.

    `invited` when they were invited or asked, `LONG_AGO` where nobody knows. `by_calendar`: they know of the
    date by an event; who was asked by link has none yet. `anew`: they gave a date up, and no other is in
    their calendar to answer.
    """

    email: str
    target: ReminderTarget
    since: datetime
    invited: datetime = LONG_AGO
    by_calendar: bool = True
    anew: bool = False


class Recipients:
    """The people of one course, for all its rules.

    `rows` are the course's registrations, `asked` who was asked by link, and when, `members` the audiences as
    last read, `room` what is left of the course.
    """

    def __init__(
        self,
        plan: CoursePlan,
        course: Course,
        rows: Iterable[Registration],
        asked: Mapping[str, datetime],
        people: PeopleIndex,
        *,
        members: Mapping[str, frozenset[str]],
        room: AudienceRoom,
        came: Came = NOTHING_SAID,
    ) -> None:
        """`came` is what is known of who came to the course."""
        self._plan, self._course, self._people = plan, course, people
        self._rows, self._asked, self._members, self.room = tuple(rows), asked, members, room
        self._presence, self._said = came

    # Worked out when a rule first asks: most courses are far from any.

    @cached_property
    def _by_offering(self) -> dict[str, list[_Row]]:
        by_offering: dict[str, list[_Row]] = {}
        for row in self._rows:
            part = part_of(row)
            is_silent = part in MAY_BE_SILENT and row.email in self._unanswered
            target = None if is_silent else TARGET_OF.get(part)
            by_offering.setdefault(row.offering, []).append((row, part, is_silent, target))
        return by_offering

    @cached_property
    def _unanswered(self) -> frozenset[str]:
        return unanswered_people(self._course, self._rows, self._asked)

    @cached_property
    def _asked_in_calendar(self) -> frozenset[str]:
        return frozenset(row.email for row in self._rows if part_of(row) is Part.ASKED)

    @cached_property
    def _silent_by_link(self) -> list[tuple[str, datetime]]:
        known = {row.email for row in self._rows}
        return sorted((email, self._asked[email]) for email in self._unanswered - known)

    @cached_property
    def _only_optional(self) -> dict[tuple[str, str], frozenset[str]]:
        """By offering and session, who is in an optional audience and in no other."""
        return {
            (offering.id, session.id): self._in(self._course.optional_of(session))
            - self._in(self._course.required_of(session))
            for offering, session in self._course.sessions()
        }

    def _in(self, audiences: Iterable[str]) -> frozenset[str]:
        return people_in(audiences, self._members)

    def of(
        self,
        rule: ReminderRule,
        offering: str,
        session: str,
        invited: Mapping[str, datetime],
        *,
        is_first: bool,
    ) -> list[Recipient]:
        """Those a rule is for.

        `invited` who is on the session's event since when, `is_first` of the offering's sessions.
        """
        readers: list[Recipient] = []
        if Channel.CHANNEL in rule.channels:
            readers.append(Recipient("", Target.EVERYONE, LONG_AGO))
        if not {Channel.MAIL, Channel.TEAMS} & set(rule.channels):
            return readers
        wanted = frozenset(rule.to) | (EVERYONE if Target.EVERYONE in rule.to else NOBODY)
        asked = wanted - SILENT if self.room is AudienceRoom.NONE and rule.template in ASKING else wanted
        readers += self._who_came(asked, offering, invited)
        readers += self._with_rows(asked - WHO_CAME, offering, session, invited, is_first=is_first)
        if is_first:
            readers += self._asked_by_link(asked, rule.to, self._only_optional[offering, session])
        readers += self._others(wanted, invited)
        return readers

    def _who_came(
        self, wanted: Collection[ReminderTarget], offering: str, invited: Mapping[str, datetime]
    ) -> Iterator[Recipient]:
        """Of who came or did not, those that the rule is for: their rows first, then who came without one."""
        if WHO_CAME.isdisjoint(wanted):
            return
        rows = {row.email: part for row, part, _, _ in self._by_offering.get(offering, ())}
        belonging = frozenset[str]().union(*self._members.values()) - rows.keys()
        walked_in = sorted(email for of, email in self._presence if of == offering and email in belonging)
        for email, part in [*rows.items(), *((email, None) for email in walked_in)]:
            presence = self._presence.get((offering, email))
            attends = is_asked(presence, has_seat=part is Part.SEATED, was_said=offering in self._said)
            since = invited.get(email, LONG_AGO)
            if attends and Target.ATTENDED in wanted:
                yield Recipient(email, Target.ATTENDED, since, since)
            elif presence is Presence.NO_SHOW and Target.NO_SHOW in wanted:
                yield Recipient(email, Target.NO_SHOW, since, since)

    def _with_rows(
        self,
        wanted: Collection[ReminderTarget],
        offering: str,
        session: str,
        invited: Mapping[str, datetime],
        *,
        is_first: bool,
    ) -> Iterator[Recipient]:
        for row, part, is_silent, as_they_are in self._by_offering.get(offering, ()):
            target = self._silent(row, part, session) if is_silent else as_they_are
            if row.unconfirmed and target in SEATED and Target.UNCONFIRMED in wanted:
                target = Target.UNCONFIRMED
            if target is None or target not in wanted:
                continue
            since = invited.get(row.email)
            if part not in ON_THE_EVENT:
                if is_first:
                    anew = target in SILENT
                    yield Recipient(row.email, target, row.since, since or LONG_AGO, anew=anew)
            elif since is not None and (not row.answers or part_in(row, session) in ON_THE_EVENT):
                yield Recipient(row.email, target, max(since, row.since), since)

    def _silent(self, row: Registration, part: Part, session: str) -> ReminderTarget | None:
        """As whom somebody is spoken to who has answered nothing; None where nothing is open to answer."""
        # Of several dates, those are spoken of that are still open.
        if part is Part.OUT and row.email in self._asked_in_calendar:
            return None
        return (
            Target.OPTIONAL if row.email in self._only_optional[row.offering, session] else Target.UNANSWERED
        )

    def _asked_by_link(
        self,
        wanted: Collection[ReminderTarget],
        named: Collection[ReminderTarget],
        only_optional: Collection[str],
    ) -> Iterator[Recipient]:
        """`named` are the targets that the rule names itself.

        `everyone` does not mean those who were only asked to sign up.
        """
        signs_up = self._course.enrolment.mode is EnrolmentMode.SIGNUP
        for email, at in self._silent_by_link:
            target = Target.OPTIONAL if signs_up or email in only_optional else Target.UNANSWERED
            if target in wanted and (target in named or not signs_up):
                yield Recipient(email, target, at, at, by_calendar=False)

    def _others(
        self, wanted: frozenset[ReminderTarget], invited: Mapping[str, datetime]
    ) -> Iterator[Recipient]:
        if Target.SPEAKERS in wanted:
            for speaker in self._course.speakers:
                if speaker.email and speaker.email != self._plan.organiser:
                    email = self._people.canonical(speaker.email)
                    since = invited.get(email, LONG_AGO)
                    yield Recipient(email, Target.SPEAKERS, since, since)
        if Target.RESPONSIBLE in wanted:
            for address in dict.fromkeys(map(self._people.canonical, self._plan.looks_after(self._course))):
                yield Recipient(address, Target.RESPONSIBLE, LONG_AGO)
