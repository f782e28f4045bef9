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

Field by field (start and end are one):

    has a past  plan moved  Outlook moved  Outlook says it already  then
    no          –           –              yes                      settle (the books only)
    no          –           –              no                       update
    yes         no          no             –                        nothing
    yes         yes         –              yes                      settle
    yes         yes         no             no                       update
    yes         no          yes            yes                      settle
    yes         no          yes            no                       Conflict(drift); with restore: update
    yes         yes         yes            no                       Conflict(both); with restore: update

    plan no longer says it, we wrote it, it stands there    then
    the place                                               update: taken away
    the Teams meeting                                       Conflict(online_stays): Graph cannot turn it off

A meeting that Teams did not make when it was asked is a Conflict(online_missing): asking again is a
mail to everybody.

Person by person: `diff_people`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.changes import Cancel, Change, Conflict, Create, Forget, Reason, Update
from bot.domain.events import AttendeeType, EventField, LedgerState
from bot.invitations.declines import declines
from bot.invitations.desired import instant
from bot.invitations.diff_people import compare_people
from bot.invitations.fingerprint import UNMANAGED, desired_fingerprints, observed_fingerprints, same_value
from bot.invitations.replaced import with_moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.events import DesiredEvent, EventContent, LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.invitations.desired import Wanted

# What moves together: each field alone, but start and end.
UNITS = tuple(
    (EventField.START, EventField.END) if field is EventField.START else (field,)
    for field in EventField
    if field is not EventField.END
)


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
        kept = key in world.wanted.events or replace(key, part=1) in world.wanted.held
        for twin in standing[1:]:
            changes += [_conflict(key, twin, Reason.DUPLICATE)] if kept else _unwanted(world, key, twin, None)
    return with_moves(changes, world.ledger, now=world.now)


def seated_people(
    observed: Iterable[ObservedEvent], ledger: Mapping[SessionKey, LedgerEntry], people: PeopleIndex
) -> dict[SessionKey, frozenset[str]]:
    """Who is on which event (part) now, by canonical address.

    Of the ledger, and where it is silent, of Outlook.
    """
    seated = {
        event.key: frozenset(people.canonical(one.email) for one in event.attendees) for event in observed
    }
    for key, entry in ledger.items():
        if entry.desired_attendees:
            seated[key] = frozenset(people.canonical(email) for email in entry.desired_attendees)
    return seated


def _decide(
    world: World, key: SessionKey, observed: ObservedEvent | None, entry: LedgerEntry | None
) -> list[Change]:
    desired = world.wanted.events.get(key)
    if replace(key, part=1) in world.wanted.held:
        if desired is None or observed is not None or (entry is not None and entry.event_id is not None):
            return []
        return (
            [_create(desired, Reason.AUDIENCE_UNKNOWN, held=True)]
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
    made = _create(desired, Reason.MAILBOX, entry=entry)
    return [replace(made, instead=observed, mails=made.mails + (_mailed(observed) if observed else 0))]


def _unwanted(
    world: World, key: SessionKey, observed: ObservedEvent | None, entry: LedgerEntry | None
) -> list[Change]:
    if observed is None or _end(observed.content) <= world.now:
        subject, course = (entry.subject, key.course) if entry else ("", key.course)
        return [Forget(key=key, course=course, subject=subject, reason=Reason.HISTORY)] if entry else []
    if _start(observed.content) <= world.now:
        return []
    first = replace(key, part=1)
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
            mails=_mailed(observed),
            observed=observed,
            entry=entry,
            gone=reason not in {Reason.STATUS_CANCELLED, Reason.AUDIENCE},
        )
    ]


def _absent(world: World, desired: DesiredEvent, entry: LedgerEntry | None) -> list[Change]:
    ahead = _start(desired.content) > world.now
    if entry is None:
        return [_create(desired, Reason.NEW)] if ahead else []
    if entry.event_id is None:
        return [_create(desired, Reason.UNFINISHED, entry=entry)] if ahead else []
    if entry.state is LedgerState.CANCELLING:
        return [_create(desired, Reason.UNFINISHED)] if ahead else []
    if entry.end <= world.now:
        return [_past(desired)] if _end(desired.content) > world.now else []
    if world.restore:
        return [_create(desired, Reason.RESTORED)] if ahead else []
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
    if _end(observed.content) <= world.now or _end(desired.content) <= world.now:
        both = _end(observed.content) <= world.now and _end(desired.content) <= world.now
        return [] if both else [_past(desired)]
    fields = _compare_fields(desired.content, observed.content, entry)
    update = fields.update | fields.drift | fields.both if world.restore else fields.update
    begun = _start(desired.content if EventField.START in update else observed.content) <= world.now
    turned_away = world.wanted.turned_away.get(replace(desired.key, part=1), frozenset())
    outdated = world.outdated | world.unreached.get(replace(desired.key, part=1), frozenset())
    people = compare_people(
        world.people, desired, observed, entry, begun=begun, turned_away=turned_away, outdated=outdated
    )
    add = people.add | people.missing if world.restore else people.add
    changes: list[Change] = []
    settled = entry is not None and entry.event_id == observed.event_id and entry.state is LedgerState.APPLIED
    settle = fields.settle or people.settle or not settled
    if update or add or people.remove or people.readdressed or settle:
        restored = update != fields.update or add != people.add
        first = replace(desired.key, part=1)
        by_seats, released = (
            side.get(first, frozenset()) for side in (world.wanted.by_seats, world.wanted.released)
        )
        made = _update(
            desired,
            observed,
            entry,
            update,
            add,
            people.remove,
            restored=restored,
            readdressed=people.readdressed,
        )
        if (
            made.reason is Reason.AUDIENCE
            and (made.add or made.remove)
            and {*made.add, *made.remove} <= by_seats
        ):
            made = replace(made, reason=Reason.SEATS)
        changes.append(replace(made, released=tuple(email for email in made.remove if email in released)))
    if not world.restore:
        changes += _drift_conflicts(desired, observed, entry, fields, people.missing)
    if people.nobodys:
        changes.append(
            replace(_conflict(desired.key, observed, Reason.DIRECTORY_NAME), missing=people.nobodys)
        )
    if people.namesakes:
        changes.append(
            replace(
                _conflict(desired.key, observed, Reason.UNKNOWN_NAME), missing=tuple(sorted(people.namesakes))
            )
        )
    if fields.online is not None:
        changes.append(_conflict(desired.key, observed, fields.online, (EventField.ONLINE,)))
    speakers = world.wanted.speakers.get(desired.course, frozenset())
    for reason, who in declines(observed, speakers, world.people, leaving=people.remove, begun=begun):
        changes.append(replace(_conflict(desired.key, observed, reason), missing=who))
    return changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fields:
    update: frozenset[EventField]
    drift: frozenset[EventField]
    both: frozenset[EventField]
    settle: bool
    online: Reason | None


def _compare_fields(desired: EventContent, observed: EventContent, entry: LedgerEntry | None) -> _Fields:
    plan_now, outlook_now = desired_fingerprints(desired), observed_fingerprints(observed)
    plan_then, outlook_then = (entry.desired_fields, entry.observed_fields) if entry else ({}, {})
    update: set[EventField] = set()
    drift: set[EventField] = set()
    both: set[EventField] = set()
    settle, online = False, None
    for unit in UNITS:
        known = all(field in plan_then and field in outlook_then for field in unit)
        plan_moved = not known or any(plan_now[field] != plan_then[field] for field in unit)
        outlook_moved = known and any(outlook_now[field] != outlook_then[field] for field in unit)
        if not plan_moved and not outlook_moved:
            continue
        different = {field for field in unit if not same_value(desired, observed, field)}
        if not outlook_moved and any(_is_dropped(field, desired, observed, plan_then) for field in unit):
            if EventField.ONLINE in unit:
                online = Reason.ONLINE_STAYS
            else:
                update.update(unit)
        elif not different:
            # Outlook's move in a field that the plan leaves alone is a person's own business.
            settle = settle or plan_moved or any(plan_now[field] != UNMANAGED for field in unit)
        elif (
            not known
            and EventField.ONLINE in unit
            and entry is not None
            and entry.state is LedgerState.APPLIED
        ):
            online = Reason.ONLINE_MISSING
        elif not outlook_moved:
            update.update(different)
        else:
            (both if plan_moved else drift).update(different)
    return _Fields(
        update=frozenset(update), drift=frozenset(drift), both=frozenset(both), settle=settle, online=online
    )


def _is_dropped(
    field: EventField, desired: EventContent, observed: EventContent, plan_then: Mapping[str, str]
) -> bool:
    """Whether the plan named a place or a meeting and no longer does, while ours still stands there."""
    match field:
        case EventField.LOCATION:
            stands = desired.location is None and observed.location is not None
        case EventField.ONLINE:
            stands = not desired.online and observed.online
        case _:
            stands = False
    return stands and plan_then.get(field, UNMANAGED) != UNMANAGED


def _update(
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    fields: frozenset[EventField],
    add: frozenset[str],
    remove: frozenset[str],
    *,
    restored: bool,
    readdressed: tuple[tuple[str, str], ...],
) -> Update:
    unfinished = entry is not None and (entry.event_id is None or not entry.observed_fields)
    adopting = entry is None or unfinished or not (fields or add or remove or readdressed)
    if adopting:
        known = entry is not None and entry.event_id == observed.event_id
        reason = Reason.UNFINISHED if unfinished else Reason.AGREED if known else Reason.ADOPTED
    elif restored:
        reason = Reason.RESTORED
    elif fields:
        reason = Reason.PLAN
    else:
        reason = Reason.AUDIENCE if add or remove else Reason.NEW_ADDRESS
    rooms = {one.email for one in desired.attendees if one.type is AttendeeType.RESOURCE}
    rooms |= {one.address for one in observed.attendees if one.type is AttendeeType.RESOURCE}
    staying = max(_mailed(observed) - len(remove - rooms), 0) if fields else 0
    return Update(
        key=desired.key,
        course=desired.course,
        subject=desired.content.subject,
        reason=reason,
        mails=staying + len((add | remove) - rooms) + 2 * len(readdressed),
        desired=desired,
        observed=observed,
        entry=entry,
        fields=tuple(field for field in EventField if field in fields),
        add=tuple(sorted(add)),
        remove=tuple(sorted(remove)),
        readdressed=readdressed,
        action="adopt" if adopting else "update" if fields else "invite",
    )


def _create(
    desired: DesiredEvent, reason: Reason, *, entry: LedgerEntry | None = None, held: bool = False
) -> Create:
    people = sum(1 for one in desired.attendees if one.type is not AttendeeType.RESOURCE)
    return Create(
        key=desired.key,
        course=desired.course,
        subject=desired.content.subject,
        reason=reason,
        mails=0 if held else people,
        desired=desired,
        entry=entry,
        held=held,
    )


def _drift_conflicts(
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    fields: _Fields,
    missing: frozenset[str],
) -> Iterator[Conflict]:
    # When the edit was first seen: later answers change the event too.
    modified_at = (
        entry.edit.modified_at if entry is not None and entry.edit is not None else observed.modified_at
    )
    for reason, found, people in (
        (Reason.DRIFT, fields.drift, missing),
        (Reason.BOTH, fields.both, frozenset[str]()),
    ):
        if found or people:
            yield Conflict(
                key=desired.key,
                course=desired.course,
                subject=desired.content.subject,
                reason=reason,
                fields=tuple(field for field in EventField if field in found),
                missing=tuple(sorted(people)),
                stands=observed.content,
                planned=desired.content,
                modified_at=modified_at,
            )


def _conflict(
    key: SessionKey, event: ObservedEvent, reason: Reason, fields: tuple[EventField, ...] = ()
) -> Conflict:
    return Conflict(key=key, course=key.course, subject=event.content.subject, reason=reason, fields=fields)


def _past(desired: DesiredEvent) -> Conflict:
    return Conflict(
        key=desired.key, course=desired.course, subject=desired.content.subject, reason=Reason.PAST
    )


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


def _mailed(observed: ObservedEvent) -> int:
    return sum(1 for one in observed.attendees if one.type is not AttendeeType.RESOURCE)


def _start(content: EventContent) -> datetime:
    return instant(content.start, content.timezone)


def _end(content: EventContent) -> datetime:
    return instant(content.end, content.timezone)
