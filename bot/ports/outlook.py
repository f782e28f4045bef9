"""The organiser mailbox in Outlook: its calendar, its mail, and what came back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.bounces import BounceReport, Original
    from bot.domain.events import (
        DesiredEvent,
        EventContent,
        EventField,
        ObservedAttendee,
        ObservedEvent,
        SessionKey,
    )
    from bot.domain.messages import Letter


class CalendarDelta(Protocol):
    """One answer of the delta query."""

    @property
    def events(self) -> Sequence[ObservedEvent]:
        """Events of ours that changed, with the stamp where the caller's `keys` knew it."""

    @property
    def removed(self) -> Sequence[str]:
        """Event ids that are gone from the window."""

    @property
    def link(self) -> str:
        """The delta link to store, whole."""


class Calendar(Protocol):
    """The organiser mailbox's calendar, seen through our stamp only."""

    @property
    def mailbox(self) -> str:
        """Whose calendar it is: the address, lower-cased."""

    def elsewhere(self, mailbox: str) -> Calendar:
        """The calendar of another mailbox, where a plan's events may be after it named a new one."""

    async def fetch_events(self, *, plan: str, since: datetime) -> tuple[ObservedEvent, ...]:
        """Every stamped event of the plan that ends after `since` and is not cancelled.

        One request for each 100 events.
        """

    async def fetch_event(self, event_id: str, key: SessionKey) -> ObservedEvent | None:
        """One event by its immutable id, or None when it is gone or cancelled."""

    async def find_events(self, key: SessionKey) -> tuple[ObservedEvent, ...]:
        """The events that carry exactly this stamp: how an unclear creation is looked up."""

    async def create_event(self, desired: DesiredEvent, *, transaction_id: str) -> ObservedEvent:
        """Create the event once and return Outlook's echo.

        An unclear outcome (no answer, 5xx) is looked up by the stamp before the creation is repeated
        with the same transaction id. A Teams meeting is verified: where the echo has no join link
        the event is read again and, if need be, patched once.
        """

    async def update_content(
        self, observed: ObservedEvent, content: EventContent, fields: Iterable[EventField]
    ) -> ObservedEvent:
        """PATCH exactly the named fields (`start` and `end` together).

        Keeps the Teams join block in a new body.
        """

    async def replace_attendees(
        self,
        observed: ObservedEvent,
        attendees: Sequence[ObservedAttendee],
        *,
        guests: frozenset[str] = frozenset(),
    ) -> ObservedEvent:
        """PATCH the attendee list and nothing else.

        `If-Match` with the etag: GraphConflict when it changed since.

        `guests` are addresses on the list that we did not put there: the first to be suspected where the list
        is refused.
        """

    async def rewrite_stamp(self, observed: ObservedEvent) -> ObservedEvent:
        """Write `observed.key` on the event as its stamp, and nothing else: nobody is mailed.

        GraphGone when it is not there.
        """

    async def cancel_event(self, event_id: str, *, comment: str) -> None:
        """Cancel and mail the attendees; a 404 or an already cancelled event is done."""

    async def fetch_delta(
        self, *, link: str | None, start: datetime, end: datetime, keys: Mapping[str, SessionKey]
    ) -> CalendarDelta:
        """Events changed since `link`; with `link` None, all of the window.

        `keys` maps event ids to sessions.

        Raises SyncStateLost when the link is too old: call again with None.
        """


class Mailbox(Protocol):
    """The organiser mailbox's mail: a draft that carries our key, and its sending.

    Needs Mail.ReadWrite and Mail.Send.

    With Mail.Send alone there are no drafts and nothing can be looked up: then `send_mail` is all there is.
    """

    @property
    def keeps_drafts(self) -> bool:
        """Whether messages are drafted, so that an unclear outcome can be looked up."""

    async def find_draft(self, key: str, *, but_not: Collection[str] = ()) -> tuple[str, bool] | None:
        """The message that carries this key: its immutable id and whether it was sent.

        None when there is none but those of `but_not`.
        """

    async def is_sent(self, draft_id: str) -> bool | None:
        """Whether the message of this id was sent; None when there is no such message."""

    async def create_draft(self, key: str, mail: Letter) -> str:
        """Make the draft once and return its immutable id; an unclear outcome is looked up by the key."""

    async def send_draft(self, draft_id: str) -> None:
        """Send it once; an unclear outcome is looked up. A draft that was sent already is done."""

    async def send_mail(self, mail: Letter) -> None:
        """Send without a draft, once: GraphUnclear means that it may have gone, and it is never repeated."""


class ReturnedMail(Protocol):
    """The reports in the organiser mailbox's inbox of mails that came back. Needs Mail.ReadWrite."""

    async def fetch_reports(self, *, since: datetime) -> tuple[BounceReport, ...]:
        """The non-delivery reports received at or after `since` (UTC); one request for each 50.

        Anybody may have written them.
        """

    async def find_originals(self, internet_ids: Sequence[str]) -> Mapping[str, Original]:
        """What these `Message-ID`s are in the mailbox, by id; those that lie in no folder are left out."""
