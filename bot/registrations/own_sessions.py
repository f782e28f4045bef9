"""Which sessions of an offering are a person's own.

What `Registration.answers` says where there are several (pure).

| the person | their sessions |
|---|---|
| was not invited | those they answered |
| is on an event of the offering | those whose events they are on, by the calendar's books; who speaks: only those for them as audience |
| has a seat or waits, and is on none (yet) | those that the seat is for |
| else (said no, or was taken off) | those they answered |

A session whose event is not in the books (over, or not made yet) is theirs as the last time. What was said
stands beside each session, "invited" for nothing. An offering of one session has none of this: there the row
says it all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.events import AttendeeType, LedgerState
from bot.domain.participation import IN_PLAY, part_of, sessions_for
from bot.domain.registrations import RegistrationStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.registrations import Registration

OnEvents = dict[tuple[str, str], dict[str, frozenset[str]]]
"""Course and offering to session to who is on its event, by canonical address."""
Answers = dict[str, RegistrationStatus]


def people_on_events(entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex) -> OnEvents:
    """Who is on each event in the books, parts together and rooms apart.

    While a write is under way, also those it moves: whoever is being put on is wanted there.
    """
    on_event: defaultdict[tuple[str, str], dict[str, frozenset[str]]] = defaultdict(dict)
    for key, entry in entries.items():
        if entry.event_id is None:
            continue
        listed = entry.invited_since if entry.state is LedgerState.APPLIED else entry.desired_attendees
        here = {
            people.canonical(email)
            for email in listed
            if entry.desired_attendees.get(email) != AttendeeType.RESOURCE
        }
        sessions = on_event[key.course, key.offering]
        sessions[key.session] = sessions.get(key.session, frozenset()) | here
    return dict(on_event)


def with_own_sessions(
    rows: Iterable[Registration],
    previous: Iterable[Registration],
    *,
    plan: CoursePlan,
    on_events: OnEvents,
    members: Mapping[str, frozenset[str]],
    people: PeopleIndex,
) -> tuple[Registration, ...]:
    """The rows with each person's own sessions, in their order.

    `previous` are those of the last time, `members` the audiences.
    """
    before = {(row.course, row.offering, people.canonical(row.email)): row for row in previous}
    speakers = {
        course.id: {people.canonical(speaker.email) for speaker in course.speakers if speaker.email}
        for course in plan.courses
    }

    def own(row: Registration) -> Registration:
        course, offering = plan.course(row.course), plan.offering(row.course, row.offering)
        if course is None or offering is None or not row.invited:
            return row
        if len(offering.sessions) < 2:  # noqa: PLR2004 - several
            return _answering(row, ())
        on_event = on_events.get((row.course, row.offering), {})
        if row.email in speakers[row.course]:
            theirs = {session.id for session in sessions_for(course, offering, row.email, members)}
            on_event = {
                name: here if name in theirs else here - {row.email} for name, here in on_event.items()
            }
        last = before.get((row.course, row.offering, row.email))
        return _answering(row, _own(row, last, course, offering, on_event, members))

    return tuple(map(own, rows))


def _answering(row: Registration, answers: tuple[tuple[str, RegistrationStatus], ...]) -> Registration:
    """The row with these answers; nearly always it has them, and making a row anew is what costs."""
    return row if row.answers == answers else replace(row, answers=answers)


def _own(
    row: Registration,
    last: Registration | None,
    course: Course,
    offering: Offering,
    on_event: Mapping[str, frozenset[str]],
    members: Mapping[str, frozenset[str]],
) -> tuple[tuple[str, RegistrationStatus], ...]:
    said: Answers = dict(row.answers)
    remembered = {*said, *(dict(last.answers) if last else ())} - on_event.keys()
    mine = {name for name, here in on_event.items() if row.email in here}
    if not mine and part_of(row) not in IN_PLAY:
        mine = set(said)
    elif not mine and (on_event or not remembered):
        mine = {session.id for session in sessions_for(course, offering, row.email, members)}
    mine |= remembered
    known = [session.id for session in offering.sessions]
    return tuple((name, said.get(name, RegistrationStatus.INVITED)) for name in sorted(mine) if name in known)
