"""A list of changes becomes a change set: in order, counted, with a checksum (pure)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from bot.domain.changes import Cancel, ChangeSet, Conflict, Create, Forget, Reason, SafetyFacts, Update
from bot.domain.events import AttendeeType, EventField
from bot.domain.times import instant
from bot.i18n.called_off import called_off_because
from bot.invitations.single_changes import mailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.changes import Change
    from bot.domain.events import Attendee, DesiredEvent
    from bot.domain.messages import Message
    from bot.domain.people import Audience
    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Attendance, OfferingSeats, Transition
    from bot.invitations.diff import World

# Cancelling first frees rooms and keeps nobody waiting for bad news; the books come last.
ORDER: tuple[type[Change], ...] = (Cancel, Update, Create, Forget, Conflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What the seats want and what goes with it.

    Lists by (course, offering), lines of the log, messages, seats taken.
    """

    attendance: Mapping[tuple[str, str], Attendance]
    moves: tuple[Transition, ...] = ()
    messages: tuple[Message, ...] = ()
    seats: tuple[OfferingSeats, ...] = ()
    without_link: tuple[str, ...] = ()


NOTHING_FOLLOWS = Following(attendance=MappingProxyType({}))


def assemble(
    plan: CoursePlan,
    world: World,
    changes: Iterable[Change],
    audiences: Iterable[Audience],
    following: Following = NOTHING_FOLLOWS,
) -> ChangeSet:
    """The change set of a plan; equal for equal differences, whatever the order of the input."""
    ordered = in_order(plan, changes)
    resolved = sorted(audiences, key=lambda audience: audience.id)
    return ChangeSet(
        plan=plan.id,
        revision=plan.revision,
        checksum=_checksum(plan.id, ordered, following),
        changes=ordered,
        facts=facts_of(world, ordered, len(following.messages)),
        moves=following.moves,
        messages=following.messages,
        seats=following.seats,
        without_link=following.without_link,
        unknown_groups=tuple(
            {unknown.group: unknown for audience in resolved for unknown in audience.unknown}.values()
        ),
        without_address=tuple(sorted({name for audience in resolved for name in audience.without_address})),
        unmatched=tuple(sorted({entry for audience in resolved for entry in audience.unmatched})),
    )


def in_order(plan: CoursePlan, changes: Iterable[Change]) -> tuple[Change, ...]:
    """As they would be made, whatever the order of the input; cancellations with what is told of them."""
    told = (_with_reason(plan, change) if isinstance(change, Cancel) else change for change in changes)
    return tuple(sorted(told, key=lambda change: (ORDER.index(type(change)), str(change.key), change.reason)))


def _with_reason(plan: CoursePlan, change: Cancel) -> Cancel:
    """With what its people are told, where the plan says why.

    An event of the session that is one too many says nothing.
    """
    if change.reason not in {Reason.STATUS_CANCELLED, Reason.GONE_FROM_PLAN}:
        return change
    key, language = change.key, plan.for_course(change.course).language
    return replace(
        change, told=called_off_because(plan, key.course, key.offering, key.session, language=language)
    )


def facts_of(world: World, changes: Iterable[Change], messages: int) -> SafetyFacts:
    """The numbers of these changes and of so many messages, for the safety limits."""
    changes = tuple(changes)
    future = [
        event for event in world.observed if instant(event.content.start, event.content.timezone) > world.now
    ]
    courses = {event.key.course for event in future}
    return SafetyFacts(
        managed_future_events=len(future),
        cancelled_gone=sum(1 for change in changes if isinstance(change, Cancel) and change.gone),
        places=sum(map(mailed, future)),
        places_removed=_places_removed(world, changes),
        mails=sum(change.mails for change in changes) + messages,
        all_courses_gone=bool(courses) and not courses & world.wanted.living_courses,
    )


def _places_removed(world: World, changes: Iterable[Change]) -> int:
    rooms = {
        attendee.address
        for event in world.observed
        for attendee in event.attendees
        if attendee.type is AttendeeType.RESOURCE
    }
    removed = 0
    for change in changes:
        if isinstance(change, Update):
            removed += len(set(change.remove) - rooms - set(change.released))
        # A further part that everybody has left is cancelled; its people lose their places like any others.
        elif isinstance(change, Cancel) and change.reason is Reason.AUDIENCE:
            removed += change.mails
    return removed


def _checksum(plan: str, changes: tuple[Change, ...], following: Following) -> str:
    rows: list[object] = [plan, *(_row(change) for change in changes)]
    # Lines that only note what people answered are no part of what is approved; what reaches somebody is.
    rows += [["message", message.key] for message in following.messages]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def _row(change: Change) -> list[object]:
    row: list[object] = [change.action, str(change.key), change.reason, change.subject, change.mails]
    match change:
        case Create():
            return [*row, change.held, *_sent(change.desired, EventField, change.desired.attendees)]
        case Update():
            listed = change.desired.attendees if change.add or change.remove else ()
            sent = [*_sent(change.desired, change.fields, listed), *map(list, change.readdressed)]
            return [
                *row,
                change.observed.event_id,
                list(change.fields),
                list(change.add),
                list(change.remove),
                *sent,
            ]
        case Cancel():
            return [*row, change.observed.event_id, *([change.told] if change.told else [])]
        case Forget():
            return row
        case Conflict():
            return [*row, list(change.fields), list(change.missing)]
        case _ as unreachable:
            assert_never(unreachable)


def _sent(desired: DesiredEvent, fields: Iterable[EventField], attendees: Iterable[Attendee]) -> list[object]:
    """What would stand in the requests, to the letter."""
    content = desired.content
    values = [str(getattr(content, field)) for field in fields]
    return [
        content.timezone,
        content.all_day,
        values,
        [[attendee.email, attendee.type, attendee.name] for attendee in attendees],
    ]
