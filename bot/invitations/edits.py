"""What people's hands have made of our events in Outlook, noted in the ledger's entries (pure).

Of an event whose books are settled, by what people are told of it elsewhere:

    Outlook's value                                  then
    is what we last saw there                        it stands as the plan says: no edit
    is another (start and end are one)               an edit
    is a place, where the plan names none            an edit: a person's own place; but not that of a Teams meeting
    is no longer another                             the edit ends

So an edit lives until plan and Outlook agree, or the plan is written back (`restore`). An entry in the middle
of a write, and an event that is not the entry's, say nothing. The times of the entry follow the event, and so
do the rooms that said no. When a hand moved it is noted: Outlook asks everybody again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.events import AttendeeType, EventField, LedgerState, OutlookEdit, ResponseStatus
from bot.domain.times import instant
from bot.invitations.fingerprint import UNMANAGED, observed_fingerprints
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.events import EventContent, LedgerEntry, ObservedEvent, SessionKey

UNITS = ((EventField.SUBJECT,), (EventField.START, EventField.END), (EventField.LOCATION,))
"""What people are told of an event elsewhere, and what goes together."""
LONGEST = 255


def with_edits(
    ledger: Mapping[SessionKey, LedgerEntry], observed: Iterable[ObservedEvent], *, keep: bool = True
) -> dict[SessionKey, LedgerEntry]:
    """The ledger with what these events show.

    Without `keep` a person's edit is written back, so none is noted.
    """
    noted = dict(ledger)
    for event in observed:
        entry = noted.get(event.key)
        if entry is not None and entry.event_id == event.event_id and entry.state is LedgerState.APPLIED:
            noted[event.key] = (
                _with_move(entry, as_edited(entry, event), event)
                if keep
                else replace(entry, rooms_declined=declined_rooms(event))
            )
    return noted


def as_edited(entry: LedgerEntry, event: ObservedEvent) -> LedgerEntry:
    """A settled entry with what its event shows."""
    content = event.content
    fields = _edited(entry, content)
    before = entry.edit
    edit = OutlookEdit(
        fields=fields,
        subject=cut_at_word(one_line(content.subject), LONGEST),
        start=content.start,
        end=content.end,
        all_day=content.all_day,
        location=cut_at_word(one_line(content.location.name), LONGEST) if content.location else "",
        modified_at=event.modified_at,
    )
    if before is not None and replace(before, modified_at=edit.modified_at) == edit:
        # Answers change the event too; the edit was made when it was first seen.
        edit = before
    return replace(
        entry,
        start=instant(content.start, content.timezone),
        end=instant(content.end, content.timezone),
        edit=edit if fields else None,
        rooms_declined=declined_rooms(event),
    )


def _with_move(before: LedgerEntry, after: LedgerEntry, event: ObservedEvent) -> LedgerEntry:
    """With the instant of the move, where a hand has moved it since we looked last.

    What we move ourselves is noted with the intention.
    """
    is_moved = (before.start, before.end) != (after.start, after.end)
    return replace(after, moved_at=event.modified_at or before.moved_at) if is_moved else after


def declined_rooms(event: ObservedEvent) -> tuple[str, ...]:
    """The rooms on an event that said no, lower-cased."""
    rooms = (
        attendee
        for attendee in event.attendees
        if attendee.type is AttendeeType.RESOURCE and attendee.response is ResponseStatus.DECLINED
    )
    return tuple(sorted(room.address for room in rooms))


def _edited(entry: LedgerEntry, content: EventContent) -> tuple[EventField, ...]:
    shown = observed_fingerprints(content)
    found: list[EventField] = []
    for unit in UNITS:
        is_known = all(field in entry.observed_fields for field in unit)
        is_other = is_known and any(entry.observed_fields[field] != shown[field] for field in unit)
        if is_other or (unit == (EventField.LOCATION,) and _is_own_place(entry, content)):
            found += unit
    return tuple(found)


def _is_own_place(entry: LedgerEntry, content: EventContent) -> bool:
    """A place that a person set where the plan names none; Outlook itself sets one for a Teams meeting."""
    unmanaged = entry.desired_fields.get(EventField.LOCATION) == UNMANAGED
    return unmanaged and content.location is not None and not content.online
