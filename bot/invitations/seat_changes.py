"""The changes of attendee lists that follow from seats alone, without reading groups or the calendar (pure).

Between two syncs somebody declines and the first in line gets the seat: only the events of that offering
are touched, by their books. For one session, parts together, by canonical address:

    the standing wants   on the event by the books   then
    on                   no                          add, where the session is for them
    off                  yes                         remove
    off, turned away     no, they were never invited remove; only in the minutes after HR said so, later the sync sees to it
    otherwise            –                           left alone: joining and leaving the audience is the sync's

A write that failed left the books intended: those it moved are without `invited_since`, and are moved again.
Not for events that have begun, that a person deleted, or that may not be there yet: the next sync finishes
those. `bot.invitations.desired` has the same table for a whole sync.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.changes import Reason, Update
from bot.domain.events import Attendee, AttendeeType, DesiredEvent, LedgerState
from bot.domain.participation import people_in
from bot.domain.seats import LATELY
from bot.invitations.parts import MAX_ATTENDEES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.seats import Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """Whom to put on and take off one event, by canonical address, each sorted; `entry` are its books."""

    entry: LedgerEntry
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def list_changes(
    plan: CoursePlan,
    ledger: Mapping[SessionKey, LedgerEntry],
    attendance: Mapping[tuple[str, str], Attendance],
    members: Mapping[str, frozenset[str]],
    people: PeopleIndex,
    *,
    now: datetime,
) -> tuple[ListChange, ...]:
    """Every event whose list the seats want otherwise, by session key.

    `members` are the audiences as last read.
    """
    parts: defaultdict[SessionKey, list[LedgerEntry]] = defaultdict(list)
    for key, entry in ledger.items():
        if (key.course, key.offering) in attendance:
            parts[key.first].append(entry)
    found: list[ListChange] = []
    for key in sorted(parts, key=str):
        entries = sorted(parts[key], key=lambda entry: entry.key.part)
        where = plan.session(key)
        if where is None or not all(_is_open(entry) and entry.start > now for entry in entries):
            continue
        found += _of_session(
            entries, attendance[key.course, key.offering], _for_whom(*where, members), people, now
        )
    return tuple(found)


def mails_of(change: ListChange, *, findings: GraphFindings) -> int:
    """The mails of a change by the books alone.

    One for each who comes or goes, and where a list mails everybody one for each who stays.
    """
    if not findings.mails_everybody:
        return len(change.add) + len(change.remove)
    people = (
        email for email, kind in change.entry.desired_attendees.items() if kind != AttendeeType.RESOURCE
    )
    return len({*people, *change.add, *change.remove})


def list_update(
    change: ListChange, observed: ObservedEvent, people: PeopleIndex, *, released: frozenset[str]
) -> Update:
    """The change as the applying stage knows it, on the event as it stands.

    Who is there already costs no mail.
    """
    present = {people.canonical(attendee.email) for attendee in observed.attendees}
    add = tuple(email for email in change.add if email not in present)
    remove = tuple(email for email in change.remove if email in present)
    kinds = dict(change.entry.desired_attendees)
    wanted = {
        email: AttendeeType(kind)
        for email, kind in kinds.items()
        if people.canonical(email) not in change.remove
    }
    wanted |= dict.fromkeys(change.add, AttendeeType.REQUIRED)
    key = change.entry.key

    def named(email: str) -> str:
        person = people.find(email)
        return person.name if person else ""

    attendees = tuple(
        Attendee(email=email, name=named(email), type=kind) for email, kind in sorted(wanted.items())
    )
    return Update(
        key=key,
        course=key.course,
        subject=observed.content.subject,
        reason=Reason.SEATS,
        mails=len(add) + len(remove),
        desired=DesiredEvent(key=key, course=key.course, content=observed.content, attendees=attendees),
        observed=observed,
        entry=change.entry,
        add=add,
        remove=remove,
        released=tuple(email for email in remove if email in released),
        lists_only=True,
        action="invite",
    )


def _of_session(
    entries: list[LedgerEntry],
    wishes: Attendance,
    for_whom: tuple[frozenset[str], frozenset[str]],
    people: PeopleIndex,
    now: datetime,
) -> Iterator[ListChange]:
    of_session, of_others = for_whom
    on = {entry.key.part: _people_on(entry, people) for entry in entries}
    present = frozenset[str]().union(*on.values())
    missing = sorted(email for email in wishes.on - present if email in of_session or email not in of_others)
    for entry in entries:
        leaving = tuple(sorted((wishes.off & on[entry.key.part]) | lately_turned_away(wishes, now)))
        room = MAX_ATTENDEES - len(entry.desired_attendees) + len(leaving)
        coming, missing = missing[:room], missing[room:]
        again = wishes.on & (on[entry.key.part] - _settled(entry, people))
        if coming or leaving or again:
            yield ListChange(entry=entry, add=tuple(sorted({*coming, *again})), remove=leaving)


def lately_turned_away(wishes: Attendance, now: datetime) -> frozenset[str]:
    """Whom HR has turned away just now (UTC).

    Of them the books cannot tell whether they are off the events yet.
    """
    return frozenset(email for email, since in wishes.turned_away.items() if since > now - LATELY)


def _is_open(entry: LedgerEntry) -> bool:
    """Whether the event is there, as far as the books go."""
    return entry.state is LedgerState.APPLIED or (
        entry.state is LedgerState.INTENDED and entry.event_id is not None
    )


def _settled(entry: LedgerEntry, people: PeopleIndex) -> frozenset[str]:
    """Whom no write has under way: an address that Graph refused is not tried again with every round."""
    if entry.state is LedgerState.INTENDED:
        return frozenset(map(people.canonical, entry.invited_since))
    return _people_on(entry, people)


def _people_on(entry: LedgerEntry, people: PeopleIndex) -> frozenset[str]:
    return frozenset(
        people.canonical(email)
        for email, kind in entry.desired_attendees.items()
        if kind != AttendeeType.RESOURCE
    )


def _for_whom(
    course: Course, offering: Offering, session: CourseSession, members: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """The people of the session's audience, and those of any session of the offering."""
    of_offering = (name for each in offering.sessions for name in course.audiences_of(each))
    return people_in(course.audiences_of(session), members), people_in(of_offering, members)
