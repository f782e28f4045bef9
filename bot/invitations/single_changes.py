"""Each change by itself: what it says, and how many mails it is (pure).

    change      mails
    creation    one to each attendee; none while it waits for its audience
    update      one to each who stays, where a field is written; one to each who comes or goes; two for a new address
    conflict    none

    an update has                                                 reason              action
    nothing to write, or the books never saw a write finished     by the books        adopt
    what stood in Outlook otherwise, and the policy is restore    restored            update or invite
    a field                                                       plan                update
    people who come or go                                         audience            invite
    new addresses alone                                           new_address         invite

    by the books: without an event or what Outlook echoed, unfinished; of this very event, agreed; else adopted

Rooms are attendees, but no person reads what they are mailed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.changes import Conflict, Create, Reason, Update
from bot.domain.events import AttendeeType, EventField

if TYPE_CHECKING:
    from bot.domain.events import DesiredEvent, LedgerEntry, ObservedEvent, SessionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What of a difference is written on an event; false where nothing is.

    `add` and `remove` are canonical addresses, `readdressed` as in `Update`.
    """

    fields: frozenset[EventField]
    add: frozenset[str]
    remove: frozenset[str]
    readdressed: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.add or self.remove or self.readdressed)


def creation_of(
    desired: DesiredEvent, reason: Reason, *, entry: LedgerEntry | None = None, held: bool = False
) -> Create:
    """Put the event in the calendar; `held` while its audience is not known."""
    people = sum(1 for attendee in desired.attendees if attendee.type is not AttendeeType.RESOURCE)
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


def update_of(
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    writing: Writing,
    *,
    restored: bool,
) -> Update:
    """Write this on the event, or only into the books, by the table above."""
    by_books = _reason_by_the_books(observed, entry, writing)
    return Update(
        key=desired.key,
        course=desired.course,
        subject=desired.content.subject,
        reason=by_books or _reason_of(writing, restored=restored),
        mails=_mails_of(desired, observed, writing),
        desired=desired,
        observed=observed,
        entry=entry,
        fields=tuple(field for field in EventField if field in writing.fields),
        add=tuple(sorted(writing.add)),
        remove=tuple(sorted(writing.remove)),
        readdressed=writing.readdressed,
        action="adopt" if by_books else "update" if writing.fields else "invite",
    )


def conflict(
    key: SessionKey,
    event: ObservedEvent,
    reason: Reason,
    fields: tuple[EventField, ...] = (),
    *,
    missing: tuple[str, ...] = (),
) -> Conflict:
    """Something about an event that a person has to look at."""
    return Conflict(
        key=key,
        course=key.course,
        subject=event.content.subject,
        reason=reason,
        fields=fields,
        missing=missing,
    )


def past(desired: DesiredEvent) -> Conflict:
    """The plan moves what is over, or to where it is over."""
    return Conflict(
        key=desired.key, course=desired.course, subject=desired.content.subject, reason=Reason.PAST
    )


def mailed(observed: ObservedEvent) -> int:
    """How many people a mail to all of the event goes to."""
    return sum(1 for attendee in observed.attendees if attendee.type is not AttendeeType.RESOURCE)


def rooms_of(desired: DesiredEvent, observed: ObservedEvent) -> frozenset[str]:
    """The addresses of the rooms that are on the event, or that the plan wants on it."""
    wanted = {attendee.email for attendee in desired.attendees if attendee.type is AttendeeType.RESOURCE}
    booked = {attendee.address for attendee in observed.attendees if attendee.type is AttendeeType.RESOURCE}
    return frozenset(wanted | booked)


def _reason_by_the_books(
    observed: ObservedEvent, entry: LedgerEntry | None, writing: Writing
) -> Reason | None:
    if entry is None:
        return Reason.ADOPTED
    if entry.event_id is None or not entry.observed_fields:
        return Reason.UNFINISHED
    if writing:
        return None
    return Reason.AGREED if entry.event_id == observed.event_id else Reason.ADOPTED


def _reason_of(writing: Writing, *, restored: bool) -> Reason:
    if restored:
        return Reason.RESTORED
    if writing.fields:
        return Reason.PLAN
    return Reason.AUDIENCE if writing.add or writing.remove else Reason.NEW_ADDRESS


def _mails_of(desired: DesiredEvent, observed: ObservedEvent, writing: Writing) -> int:
    rooms = rooms_of(desired, observed)
    staying = max(mailed(observed) - len(writing.remove - rooms), 0) if writing.fields else 0
    return staying + len((writing.add | writing.remove) - rooms) + 2 * len(writing.readdressed)
