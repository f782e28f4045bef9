"""What to write into the ledger before a request and after it (pure).

The intention is written first, in a form that a later run can finish or undo whatever became of the
request (nothing, all of it, or all of it with the answer lost):

    written before          means after a crash
    desired_fields, all     what we were about to say; where a place goes, the place that stood there
    observed_fields, less   a field without a past is settled by looking: Outlook says it already, or
    the fields under way    it is said again
    desired_attendees       those from before and those being added: whom to take off if the plan turns
    invited_since, less     a person without it is added if the event lacks them; one with it who is
    those being moved       missing was removed by hand
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.domain.directory_names import unresolved
from bot.domain.events import EventField, LedgerEntry, LedgerState
from bot.domain.times import instant
from bot.invitations.edits import as_edited
from bot.invitations.fingerprint import UNMANAGED, desired_fingerprints, observed_fingerprints, same_value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.domain.changes import Update
    from bot.domain.events import DesiredEvent, ObservedEvent
    from bot.domain.people import PeopleIndex

Kept = TypeVar("Kept")
TIMES = frozenset({EventField.START, EventField.END})


def creation_intended(
    desired: DesiredEvent, transaction_id: str, *, moved_at: datetime | None = None
) -> LedgerEntry:
    """The entry before the creation: no event id, nothing observed, nobody settled.

    `moved_at` as in `Create`.
    """
    return LedgerEntry(
        key=desired.key,
        state=LedgerState.INTENDED,
        transaction_id=transaction_id,
        event_id=None,
        subject=desired.content.subject,
        start=instant(desired.content.start, desired.content.timezone),
        end=instant(desired.content.end, desired.content.timezone),
        desired_fields=desired_fingerprints(desired.content),
        observed_fields={},
        desired_attendees={attendee.email: attendee.type.value for attendee in desired.attendees},
        invited_since={},
        moved_at=moved_at,
    )


def cancellation_intended(entry: LedgerEntry) -> LedgerEntry:
    """The entry before a cancellation.

    If the plan wants the session back, nobody is said to have deleted the event.
    """
    return replace(entry, state=LedgerState.CANCELLING)


def update_intended(change: Update, transaction_id: str, *, now: datetime) -> LedgerEntry:
    """The entry before the requests of an update; `now` UTC."""
    desired = change.desired
    before = change.entry or _nothing_written(desired, transaction_id)
    under_way = {field.value for field in change.fields}
    moving = {*change.add, *change.remove}
    added = {
        attendee.email: attendee.type.value for attendee in desired.attendees if attendee.email in change.add
    }
    return LedgerEntry(
        key=desired.key,
        state=LedgerState.INTENDED,
        transaction_id=before.transaction_id,
        event_id=change.observed.event_id,
        subject=desired.content.subject,
        start=instant(desired.content.start, desired.content.timezone),
        end=instant(desired.content.end, desired.content.timezone),
        desired_fields={
            name: value
            if name in under_way and value != UNMANAGED
            else before.desired_fields.get(name, value)
            for name, value in desired_fingerprints(desired.content).items()
        },
        observed_fields=_less(before.observed_fields, under_way),
        desired_attendees={**before.desired_attendees, **added},
        invited_since=_less(before.invited_since, moving),
        join_url=change.observed.join_url or before.join_url,
        edit=before.edit,
        rooms_declined=before.rooms_declined,
        moved_at=before.moved_at if TIMES.isdisjoint(change.fields) else now,
        listed_at=now if moving else before.listed_at,
    )


def _nothing_written(desired: DesiredEvent, transaction_id: str) -> LedgerEntry:
    """The past of an event that the books do not know."""
    return replace(creation_intended(desired, transaction_id), desired_fields={}, desired_attendees={})


def _less(past: Mapping[str, Kept], names: Collection[str]) -> dict[str, Kept]:
    return {name: kept for name, kept in past.items() if name not in names}


def settled(
    desired: DesiredEvent, echo: ObservedEvent, before: LedgerEntry, people: PeopleIndex, *, now: datetime
) -> LedgerEntry:
    """The entry after the requests, or after finding that Outlook says it already.

    `before` is the intention. A field in conflict keeps its past, so that the conflict is told until
    it is solved; everybody wanted who is on the event is settled, those who were keep their date.
    """
    wanted_now, echoed = desired_fingerprints(desired.content), observed_fingerprints(echo.content)
    done = {field.value for field in EventField if _is_settled(field, desired, echo, before)}
    # A meeting that Teams has not made yet is left without a past: the next run looks again.
    no_meeting = {EventField.ONLINE.value} & done if desired.content.online and not echo.join_url else set()
    lists = _with_lists(desired, echo, before, people, now)
    entry = replace(
        lists,
        state=LedgerState.APPLIED,
        event_id=echo.event_id,
        subject=desired.content.subject,
        desired_fields={
            name: wanted_now[name] if name in done else before.desired_fields[name] for name in wanted_now
        },
        observed_fields={
            name: value
            for name in wanted_now
            if name not in no_meeting
            and (value := echoed[name] if name in done else before.observed_fields.get(name))
        },
        join_url=echo.join_url or before.join_url,
    )
    return as_edited(entry, echo)


def lists_settled(
    change: Update, echo: ObservedEvent, before: LedgerEntry, people: PeopleIndex, *, now: datetime
) -> LedgerEntry:
    """The entry after a change of the attendee list alone: who is on it, and since when.

    Everything else keeps its past.

    A field that an interrupted write left without one keeps the entry intended, for the next sync to look at.
    """
    was_settled = change.entry is not None and change.entry.state is LedgerState.APPLIED
    is_settled = was_settled or before.desired_fields.keys() <= before.observed_fields.keys()
    lists = _with_lists(change.desired, echo, before, people, now)
    return replace(lists, state=LedgerState.APPLIED if is_settled else LedgerState.INTENDED)


def _with_lists(
    desired: DesiredEvent, echo: ObservedEvent, before: LedgerEntry, people: PeopleIndex, now: datetime
) -> LedgerEntry:
    if unresolved(echo):
        return before  # The list is held: who is on it, and who should be, is as it was.
    wanted = {attendee.email: attendee.type.value for attendee in desired.attendees}
    since = {people.canonical(email): instant_of for email, instant_of in before.invited_since.items()}
    # Who has answered already was invited before that: the books were lost, or a crash kept them from saying
    # so.
    present = {
        people.canonical(attendee.email): min(now, attendee.responded_at or now)
        for attendee in echo.attendees
    }
    return replace(
        before,
        desired_attendees=wanted,
        invited_since={
            email: since.get(email) or present[email]
            for email in wanted
            if email in since or email in present
        },
    )


def _is_settled(field: EventField, desired: DesiredEvent, echo: ObservedEvent, before: LedgerEntry) -> bool:
    if field is EventField.ONLINE and not desired.content.online and echo.content.online:
        # else the meeting is ours, and Graph cannot turn it off
        return before.desired_fields[field.value] == UNMANAGED
    return field.value not in before.observed_fields or same_value(desired.content, echo.content, field)
