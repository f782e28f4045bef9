"""What attendees answered, as lines for the append-only log (pure).

| the attendee | becomes |
|---|---|
| accepted, tentatively accepted or declined, with a time | a line |
| the same without a time, of somebody we invited | a line with the time when it was seen, marked as such; once (below) |
| the same without a time, of anybody else | nothing: somebody wrote a status by hand, nobody answered |
| none, not responded | nothing: after a change of time Exchange forgets answers, people do not |
| the organiser, a room | nothing |

An answer without a time comes again with every reading, so it is a line only where the log's last line of
that person and event says something else, or was read before the person was invited or the event was moved.

Does not decide what an answer means (that is `bot.answers.fold`). Facts: reference sections 1
(time changes) and 3 (reading responses), checked 2026-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import AttendeeType, ResponseStatus
from bot.domain.registrations import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.registrations import Registration

REAL_ANSWERS = frozenset({ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED})


def answers_from(
    observed: Iterable[ObservedEvent],
    people: PeopleIndex,
    *,
    seen_at: datetime,
    known: Mapping[SessionKey, frozenset[str]],
) -> tuple[Answer, ...]:
    """The lines of these events, each once, by session, address and time.

    `known` maps sessions (first parts) to the canonical addresses that we invited; whoever is not
    among them got the invitation from somebody else. `seen_at` is when the events were read, UTC.
    """
    lines: dict[tuple[str, str, str, datetime], Answer] = {}
    for event in observed:
        invited = known.get(event.key.first, frozenset())
        for attendee in event.attendees:
            if attendee.type is AttendeeType.RESOURCE or attendee.response not in REAL_ANSWERS:
                continue
            person = people.find(attendee.email)
            email = people.canonical(attendee.email)
            if attendee.responded_at is None and email not in invited:
                continue
            line = Answer(
                key=event.key,
                email=email,
                name=(person.name if person else "") or attendee.name,
                response=attendee.response,
                responded_at=attendee.responded_at or seen_at,
                seen_at=seen_at,
                known=email in invited,
                timed=attendee.responded_at is not None,
            )
            lines.setdefault((str(line.key), line.email, line.response.value, line.responded_at), line)
    return tuple(lines[identity] for identity in sorted(lines))


def only_new(
    answers: Iterable[Answer],
    log: Iterable[Answer],
    entries: Mapping[SessionKey, LedgerEntry],
    people: PeopleIndex,
) -> tuple[Answer, ...]:
    """The lines without those that say again, without a time, what the log says already.

    `entries` tell since when a line counts.
    """
    last: dict[tuple[SessionKey, str], Answer] = {}
    for line in sorted(log, key=lambda line: (line.responded_at, line.seen_at)):
        last[line.key, people.canonical(line.email)] = line

    def says_again(line: Answer) -> bool:
        email = people.canonical(line.email)
        before, entry = last.get((line.key, email)), entries[line.key]
        if before is None or before.response is not line.response:
            return False
        invited = (
            since for address, since in entry.invited_since.items() if people.canonical(address) == email
        )
        return all(since is None or since < before.seen_at for since in (*invited, entry.moved_at))

    return tuple(line for line in answers if line.timed or not says_again(line))


def unknown_attendees(answers: Iterable[Answer], registrations: Iterable[Registration]) -> tuple[Answer, ...]:
    """The last answers given without our invitation, by course, offering and address.

    The registrations tell who is invited: an answer that was read before the books knew its person
    (after a lost database) does not make them a stranger.
    """
    strangers = {(row.course, row.offering, row.email) for row in registrations if not row.invited}
    last: dict[tuple[str, str, str], Answer] = {}
    for answer in sorted(
        answers, key=lambda line: (line.responded_at, line.seen_at, str(line.key), line.response.value)
    ):
        who = (answer.key.course, answer.key.offering, answer.email)
        if who in strangers:
            last[who] = answer
    return tuple(last[who] for who in sorted(last))
