"""The difference between plan and Outlook: one decision table, pure and exact.

Each side is compared with its own past (`LedgerEntry`), never with the other, because Exchange
rewrites what it stores. For one event:

    wanted  observed  ledger                    change
    held    –         –, or unfinished          Create(held): waits until its audience is known; nothing when it has begun
    held    any       any                       nothing: what stands is kept
    ✓       –         –                         Create; nothing when it has begun
    ✓       –         creation unfinished       Create with the same transaction id
    ✓       –         cancellation unfinished   Create
    ✓       –         ✓, past                   Conflict(past) when the plan moved it ahead, else nothing
    ✓       –         ✓                         Conflict(vanished); with restore: Create
    ✓       ✓, past   any                       as the line before last: the past is never touched
    ✓ past  ✓         any                       Conflict(past): nobody is mailed about a day gone by
    ✓       ✓         –                         Update as `adopt`: every field without a past
    ✓       ✓         ✓                         field by field, below
    –       ✓ begun   any                       Forget once it has ended, else nothing
    –       ✓         any                       Cancel
    –       –         ✓                         Forget
    –       twice     any                       both as above
    ✓       ✓         ✓, another mailbox        Create, and Cancel of the other before it; nothing when it has begun
    ✓       –         ✓, another mailbox        Create: what was there is off; nothing when it has begun
    ✓       twice     any                       the ledger's (else the oldest) as above; Conflict(duplicate) for the others

Field by field: `diff_fields`. Person by person: `diff_people`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.changes import Cancel, Change, Conflict, Forget, Reason, Update
from bot.domain.events import EventField, LedgerState
from bot.domain.times import instant
from bot.invitations.declines import declines
from bot.invitations.diff_fields import compare_fields
from bot.invitations.diff_people import compare_people
from bot.invitations.replaced import with_moves
from bot.invitations.single_changes import Writing, conflict, creation_of, mailed, past, update_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.events import DesiredEvent, EventContent, LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.invitations.desired import Wanted
    from bot.invitations.diff_fields import FieldsDifference
    from bot.invitations.diff_people import PeopleDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that the difference is computed from.

    `observed` are the stamped events of the plan that have not ended, and those of the ledger that were
    looked up one by one; `people` resolves aliases; `restore` is the drift policy; `now` UTC; `organiser` the
    mailbox that the plan names (lower-cased). `outdated` are addresses that are their people's no more,
    `unreached` those of whom a session's (first part's) mail came back because nobody has them.
    """

    wanted: Wanted
    observed: tuple[ObservedEvent, ...]
    ledger: Mapping[SessionKey, LedgerEntry]
    people: PeopleIndex
    restore: bool
    now: datetime
    organiser: str = ""
    outdated: frozenset[str] = frozenset()
    unreached: Mapping[SessionKey, frozenset[str]] = field(default_factory=dict)


def compute_changes(world: World) -> tuple[Change, ...]:
    """Every change, sorted by session key.

    A session with nothing to change has none, one may have several.
    """
    observed: dict[SessionKey, list[ObservedEvent]] = {}
    for event in world.observed:
        observed.setdefault(event.key, []).append(event)
    keys = {*world.wanted.events, *world.wanted.held, *observed, *world.ledger}
    changes: list[Change] = []
    for key in sorted(keys, key=str):
        entry = world.ledger.get(key)
        standing = _oldest_first(observed.get(key, []), entry)
        changes += _decide(world, key, standing[0] if standing else None, entry)
        kept = key in world.wanted.events or key.first in world.wanted.held
        for twin in standing[1:]:
            changes += [conflict(key, twin, Reason.DUPLICATE)] if kept else _unwanted(world, key, twin, None)
    return with_moves(changes, world.ledger, now=world.now)


def seated_people(
    observed: Iterable[ObservedEvent], ledger: Mapping[SessionKey, LedgerEntry], people: PeopleIndex
) -> dict[SessionKey, frozenset[str]]:
    """Who is on which event (part) now, by canonical address.

    Of the ledger, and where it is silent, of Outlook.
    """
    seated = {
        event.key: frozenset(people.canonical(attendee.email) for attendee in event.attendees)
        for event in observed
    }
    for key, entry in ledger.items():
        if entry.desired_attendees:
            seated[key] = frozenset(people.canonical(email) for email in entry.desired_attendees)
    return seated


def _decide(
    world: World, key: SessionKey, observed: ObservedEvent | None, entry: LedgerEntry | None
) -> list[Change]:
    desired = world.wanted.events.get(key)
    if key.first in world.wanted.held:
        if desired is None or observed is not None or (entry is not None and entry.event_id is not None):
            return []
        return (
            [creation_of(desired, Reason.AUDIENCE_UNKNOWN, held=True)]
            if _start(desired.content) > world.now
            else []
        )
    if desired is None:
        return _unwanted(world, key, observed, entry)
    if entry is not None and entry.organiser and world.organiser and entry.organiser != world.organiser:
        return _elsewhere(world, desired, observed, entry)
    if observed is None:
        return _absent(world, desired, entry)
    return _standing(world, desired, observed, entry)


def _elsewhere(
    world: World, desired: DesiredEvent, observed: ObservedEvent | None, entry: LedgerEntry
) -> list[Change]:
    begins = (
        [_start(desired.content)] if observed is None else [_start(desired.content), _start(observed.content)]
    )
    if min(begins) <= world.now:
        return []
    made = creation_of(desired, Reason.MAILBOX, entry=entry)
    return [replace(made, instead=observed, mails=made.mails + (mailed(observed) if observed else 0))]


def _unwanted(
    world: World, key: SessionKey, observed: ObservedEvent | None, entry: LedgerEntry | None
) -> list[Change]:
    if observed is None or _end(observed.content) <= world.now:
        subject, course = (entry.subject, key.course) if entry else ("", key.course)
        return [Forget(key=key, course=course, subject=subject, reason=Reason.HISTORY)] if entry else []
    if _start(observed.content) <= world.now:
        return []
    first = key.first
    # A part that its people have left is no longer needed; the session itself goes on.
    reason = (
        Reason.AUDIENCE
        if first in world.wanted.events
        else world.wanted.absent.get(first, Reason.GONE_FROM_PLAN)
    )
    return [
        Cancel(
            key=key,
            course=key.course,
            subject=observed.content.subject,
            reason=reason,
            mails=mailed(observed),
            observed=observed,
            entry=entry,
            gone=reason not in {Reason.STATUS_CANCELLED, Reason.AUDIENCE},
        )
    ]


def _absent(world: World, desired: DesiredEvent, entry: LedgerEntry | None) -> list[Change]:
    ahead = _start(desired.content) > world.now
    if entry is None:
        return [creation_of(desired, Reason.NEW)] if ahead else []
    if entry.event_id is None:
        return [creation_of(desired, Reason.UNFINISHED, entry=entry)] if ahead else []
    if entry.state is LedgerState.CANCELLING:
        return [creation_of(desired, Reason.UNFINISHED)] if ahead else []
    if entry.end <= world.now:
        return [past(desired)] if _end(desired.content) > world.now else []
    if world.restore:
        return [creation_of(desired, Reason.RESTORED)] if ahead else []
    return [
        Conflict(
            key=desired.key,
            course=desired.course,
            subject=desired.content.subject,
            reason=Reason.VANISHED,
            entry=entry,
        )
    ]


def _standing(
    world: World, desired: DesiredEvent, observed: ObservedEvent, entry: LedgerEntry | None
) -> list[Change]:
    over = [_end(content) <= world.now for content in (observed.content, desired.content)]
    if any(over):
        return [] if all(over) else [past(desired)]
    fields = compare_fields(desired.content, observed.content, entry)
    update = fields.written(restore=world.restore)
    begun = _start(desired.content if EventField.START in update else observed.content) <= world.now
    people = compare_people(
        world.people,
        desired,
        observed,
        entry,
        begun=begun,
        turned_away=world.wanted.turned_away.get(desired.key.first, frozenset()),
        outdated=world.outdated | world.unreached.get(desired.key.first, frozenset()),
    )
    writing = Writing(
        fields=update,
        add=people.added(restore=world.restore),
        remove=people.remove,
        readdressed=people.readdressed,
    )
    changes: list[Change] = []
    if writing or fields.settle or people.settle or not _is_settled(observed, entry):
        restored = writing.fields != fields.update or writing.add != people.add
        made = update_of(desired, observed, entry, writing, restored=restored)
        changes.append(_by_seats(made, world.wanted))
    if not world.restore:
        changes += _drift(desired, observed, entry, fields, people.missing)
    changes += _for_a_person(desired.key, observed, fields, people)
    speakers = world.wanted.speakers.get(desired.course, frozenset())
    for reason, who in declines(observed, speakers, world.people, leaving=people.remove, begun=begun):
        changes.append(conflict(desired.key, observed, reason, missing=who))
    return changes


def _is_settled(observed: ObservedEvent, entry: LedgerEntry | None) -> bool:
    return entry is not None and entry.event_id == observed.event_id and entry.state is LedgerState.APPLIED


def _by_seats(made: Update, wanted: Wanted) -> Update:
    """With whom the seats have released; where all who come and go do it by their seats, that is why."""
    by_seats = wanted.by_seats.get(made.key.first, frozenset())
    released = wanted.released.get(made.key.first, frozenset())
    moved = {*made.add, *made.remove}
    seats_alone = made.reason is Reason.AUDIENCE and bool(moved) and moved <= by_seats
    return replace(
        made,
        reason=Reason.SEATS if seats_alone else made.reason,
        released=tuple(email for email in made.remove if email in released),
    )


def _drift(
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    fields: FieldsDifference,
    missing: frozenset[str],
) -> Iterator[Conflict]:
    # When the edit was first seen: later answers change the event too.
    edit = entry.edit if entry is not None else None
    modified_at = observed.modified_at if edit is None else edit.modified_at
    for reason, edited, people in (
        (Reason.DRIFT, fields.drift, missing),
        (Reason.BOTH, fields.both, frozenset[str]()),
    ):
        if edited or people:
            yield Conflict(
                key=desired.key,
                course=desired.course,
                subject=desired.content.subject,
                reason=reason,
                fields=tuple(field for field in EventField if field in edited),
                missing=tuple(sorted(people)),
                stands=observed.content,
                planned=desired.content,
                modified_at=modified_at,
            )


def _for_a_person(
    key: SessionKey, observed: ObservedEvent, fields: FieldsDifference, people: PeopleDifference
) -> Iterator[Conflict]:
    """What no rule can decide, or Graph cannot do."""
    if people.nobodys:
        yield conflict(key, observed, Reason.DIRECTORY_NAME, missing=people.nobodys)
    if people.namesakes:
        yield conflict(key, observed, Reason.UNKNOWN_NAME, missing=tuple(sorted(people.namesakes)))
    if fields.online is not None:
        yield conflict(key, observed, fields.online, (EventField.ONLINE,))


def _oldest_first(events: list[ObservedEvent], entry: LedgerEntry | None) -> list[ObservedEvent]:
    """The event that the ledger knows first, then by age: a copy made in Outlook is younger than ours."""
    return sorted(
        events,
        key=lambda event: (
            entry is None or event.event_id != entry.event_id,
            event.created_at.isoformat() if event.created_at else "",
            event.event_id,
        ),
    )


def _start(content: EventContent) -> datetime:
    return instant(content.start, content.timezone)


def _end(content: EventContent) -> datetime:
    return instant(content.end, content.timezone)
