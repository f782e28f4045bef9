"""The organiser mailbox's calendar on Microsoft Graph: `bot.ports.outlook.Calendar` for real.

Only events with our stamp are ever read or written. A list is asked for in pages of 100, with the
stamp in `$filter` and the end date beside it, so that the work grows with what lies ahead and not with
history; where a service refuses that combination the stamp alone is asked for and the past is left out
here. An unclear write is looked up before it is repeated: a creation by its stamp, a change by what
the event shows, a cancellation by whether the event is still there.

The requests themselves are in `bot.graph.event_requests`, invitations that Graph refuses for single addresses
in `bot.graph.recipients`, the JSON in `bot.graph.wire`. Facts: graph-facts sections 1 to 3, 13 and 14,
2026-11-22.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, SyncStateLost
from bot.domain.events import EventField
from bot.graph.changes import GraphDelta, read_changes
from bot.graph.event_requests import READ_BACK_ATTEMPTS, EventRequests, quoted
from bot.graph.joinblock import join_block
from bot.graph.recipients import (
    blaming,
    check_addresses,
    check_names,
    is_refused_recipient,
    rejected,
    write_by_halves,
)
from bot.graph.retry import SETTLE_SECONDS
from bot.graph.times import find_zone, utc_text
from bot.graph.wire import (
    TEAMS,
    content_body,
    join_url_of,
    key_of,
    observed_event,
    shows_content,
    stamp_body,
    stamp_filter,
)
from bot.log_lines import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import (
        Attendee,
        DesiredEvent,
        EventContent,
        ObservedAttendee,
        ObservedEvent,
        SessionKey,
    )
    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

log = get_logger("bot.graph")

# Whatever zone a service reads a date in a filter in, a day more is enough; what is too old is left out here.
FILTER_MARGIN = timedelta(days=1)


class GraphCalendar:
    """The calendar of one organiser mailbox (address or object id); `zone` is the plan's IANA zone."""

    def __init__(self, client: GraphClient, *, organiser: str, zone: str) -> None:
        self._client = client
        self._mailbox = organiser
        self._zone = zone
        self._events = EventRequests(client, mailbox=organiser, zone=zone)

    @property
    def mailbox(self) -> str:
        """Whose calendar it is: the address, lower-cased."""
        return self._mailbox.lower()

    def elsewhere(self, mailbox: str) -> GraphCalendar:
        """The calendar of another mailbox."""
        return (
            self
            if mailbox.lower() == self.mailbox
            else GraphCalendar(self._client, organiser=mailbox, zone=self._zone)
        )

    async def fetch_events(self, *, plan: str, since: datetime) -> tuple[ObservedEvent, ...]:
        """Every stamped event of the plan that ends after `since` and is not cancelled.

        One request for each 100 events.
        """
        stamped = stamp_filter(f"startswith(ep/value,'{quoted(plan)}/')")
        ahead = f"{stamped} and end/dateTime ge '{utc_text(since - FILTER_MARGIN)}'"
        try:
            events = [event async for event in self._events.pages(ahead)]
        except GraphRefused as error:
            if error.status != 400:  # noqa: PLR2004 - HTTP: the filter is what the service does not like
                raise
            events = [event async for event in self._events.pages(stamped)]
        found: dict[str, ObservedEvent] = {}
        for event in events:
            key = key_of(event, plan)
            observed = observed_event(event, key, self._zone) if key is not None else None
            if observed is not None and not observed.cancelled and _ends_after(observed, since):
                found[observed.event_id] = observed
        return tuple(found.values())

    async def fetch_event(self, event_id: str, key: SessionKey) -> ObservedEvent | None:
        """One event by its immutable id, or None when it is gone or cancelled."""
        event = await self._events.read(event_id)
        observed = observed_event(event, key, self._zone) if event is not None else None
        return None if observed is None or observed.cancelled else observed

    async def find_events(self, key: SessionKey) -> tuple[ObservedEvent, ...]:
        """The events that carry exactly this stamp, cancelled ones apart, oldest first."""
        found = [
            observed
            for event in await self._events.find(key)
            if (observed := observed_event(event, key, self._zone)) is not None
        ]
        return tuple(sorted(found, key=lambda one: (one.created_at is None, one.created_at, one.event_id)))

    async def create_event(self, desired: DesiredEvent, *, transaction_id: str) -> ObservedEvent:
        """Create the event once and return Outlook's echo; see the port.

        Raises RecipientsRejected when single addresses were refused: the event stands, everybody else
        is invited, and the error carries both.
        """
        good, bad = check_addresses(desired.attendees)
        try:
            event = await self._events.create(desired, good, transaction_id)
        except GraphRefused as error:
            if not is_refused_recipient(error):
                raise

            async def write(event: JsonObject | None, some: Sequence[Attendee]) -> JsonObject:
                if event is None:
                    return await self._events.create(desired, some, transaction_id)
                return await self._events.change_attendees(event, some)

            event, refused = await write_by_halves(good, write=write)
            bad += refused
        if desired.content.online and join_url_of(event) is None:
            event = await self._verify_meeting(event)
        echo = self._observed(event, desired.key)
        if bad:
            raise rejected(bad, echo)
        return echo

    async def update_content(
        self, observed: ObservedEvent, content: EventContent, fields: Iterable[EventField]
    ) -> ObservedEvent:
        """PATCH exactly the named fields (`start` and `end` together).

        Keeps the Teams join block in a new body.

        Written once more after a conflict; raises GraphConflict when there is another one. Returns `observed`
        without a request when nothing is left to write (a meeting cannot be taken offline).
        """
        chosen = frozenset(fields)
        try:
            event = await self._write_content(observed, content, chosen)
        except GraphConflict:
            # Changed between reading and writing, or Exchange says so of itself for a moment: once more, by
            # what stands there now.
            event = await self._write_content(observed, content, chosen)
        if event is None:
            return observed
        if EventField.ONLINE in chosen and content.online and join_url_of(event) is None:
            event = await self._verify_meeting(event)
        return self._observed(event, observed.key)

    async def replace_attendees(
        self,
        observed: ObservedEvent,
        attendees: Sequence[ObservedAttendee],
        *,
        guests: frozenset[str] = frozenset(),
    ) -> ObservedEvent:
        """PATCH the attendee list and nothing else; GraphConflict when the event changed since it was read.

        Raises RecipientsRejected when single new addresses were refused; everybody else is on the event then.
        GraphRefused, and nothing has changed, for a directory name and where one of the `guests` is to blame.
        """
        check_names(attendees, observed.key)
        known = {one.email for one in observed.attendees}
        _, bad = check_addresses([one for one in attendees if one.email not in known])
        wanted = [one for one in attendees if one.email not in bad]
        start: JsonObject = {"id": observed.event_id, "@odata.etag": observed.etag}
        try:
            event = await self._events.change_attendees(start, wanted)
        except GraphRefused as error:
            if not is_refused_recipient(error):
                raise
            event, refused = await self._replace_by_halves(observed, start, wanted, guests, error)
            bad += refused
        echo = self._observed(event, observed.key)
        if bad:
            raise rejected(bad, echo)
        return echo

    async def rewrite_stamp(self, observed: ObservedEvent) -> ObservedEvent:
        """PATCH the stamp and nothing else, which mails nobody."""

        async def happened(deadline: float) -> JsonObject | None:
            found = await self._events.find(observed.key, deadline=deadline)
            return next((event for event in found if event.get("id") == observed.event_id), None)

        return self._observed(
            await self._events.patch(observed.event_id, stamp_body(observed.key), happened), observed.key
        )

    async def cancel_event(self, event_id: str, *, comment: str) -> None:
        """Cancel and mail the attendees; a 404 or an already cancelled event is done.

        An event without attendees cannot be cancelled in Outlook's sense; it is deleted.
        """

        async def happened(deadline: float) -> JsonObject | None:
            event = await self._events.read(event_id, deadline=deadline)
            return {} if event is None or event.get("isCancelled") is True else None

        try:
            await self._events.cancel(event_id, comment, happened)
        except GraphGone:
            return
        except GraphRefused:
            event = await self._events.read(event_id)
            if event is None or event.get("isCancelled") is True:
                return
            if event.get("attendees"):
                raise
            try:
                await self._events.delete(event_id, happened)
            except GraphGone:
                return

    async def fetch_delta(
        self, *, link: str | None, start: datetime, end: datetime, keys: Mapping[str, SessionKey]
    ) -> GraphDelta:
        """Events changed since `link`; with `link` None, all of the window.

        `keys` maps event ids to sessions.

        Events that `keys` does not know are left out: a delta answer has no stamps. Items that lack
        what is read from them are read one by one. Raises SyncStateLost when the link is too old, or
        from another Graph than the one in the settings.
        """
        if link is not None and not self._client.is_ours(link):
            raise SyncStateLost("graph_sync_state_lost", call="GET calendarView/delta")
        window = {"startDateTime": utc_text(start), "endDateTime": utc_text(end)}
        call = self._events.delta_call(window, link=link)
        return await read_changes(self._client, call, keys=keys, zone=self._zone, fetch=self.fetch_event)

    async def _replace_by_halves(
        self,
        observed: ObservedEvent,
        start: JsonObject,
        wanted: Sequence[ObservedAttendee],
        guests: frozenset[str],
        error: GraphRefused,
    ) -> tuple[JsonObject, tuple[str, ...]]:
        """The list that was refused whole, written in parts; the event then, and the addresses refused.

        Raises `error` itself where the list has nobody that it can be about.
        """
        known = {one.email for one in observed.attendees}
        new = [one for one in wanted if one.email not in known]
        staying = [one for one in wanted if one.email in known]
        suspects = [one.email for one in wanted if one.email in guests]
        if not (new or suspects):
            raise error
        if suspects or len(staying) < len(known):
            with blaming(suspects, observed.key):
                start = await self._events.change_attendees(start, staying)

        async def write(event: JsonObject | None, some: Sequence[ObservedAttendee]) -> JsonObject:
            return await self._events.change_attendees(event or start, some)

        event, refused = await write_by_halves(new, listed=staying, event=start, write=write)
        if "attendees" not in event:
            event = await self._events.read(observed.event_id) or event
        return event, refused

    async def _write_content(
        self, observed: ObservedEvent, content: EventContent, chosen: frozenset[EventField]
    ) -> JsonObject | None:
        """One PATCH, None where nothing is left to write.

        A new body only while the event is as its Teams block was read from it.
        """
        etag, unchanged, block = observed.etag, "", ""
        if EventField.BODY in chosen and (observed.content.online or observed.join_url):
            before = await self._events.read(observed.event_id)
            if before is None:
                raise GraphGone("graph_gone", status=404, call=f"PATCH {observed.key}")
            etag = unchanged = str(before.get("@odata.etag") or "")
            block = join_block(str((before.get("body") or {}).get("content") or ""), join_url_of(before))
        body = content_body(
            content, chosen, all_day=content.all_day != observed.content.all_day, join_block=block
        )
        if not body:
            return None

        async def happened(deadline: float) -> JsonObject | None:
            event = await self._events.read(observed.event_id, deadline=deadline)
            if event is None or (etag and event.get("@odata.etag") == etag):
                return None
            return event if shows_content(event, body, self._zone) else None

        return await self._events.patch(observed.event_id, body, happened, etag=unchanged)

    async def _verify_meeting(self, event: JsonObject) -> JsonObject:
        """The event with its Teams link: read again, switched on once if it is off, waited for a little."""
        identity = str(event["id"])
        switched = False
        for attempt in range(READ_BACK_ATTEMPTS):
            if attempt:
                await self._client.pace.sleep(SETTLE_SECONDS * attempt)
            event = await self._events.read(identity) or event
            if join_url_of(event) is not None:
                return event
            if event.get("isOnlineMeeting") is not True and not switched:
                switched = True

                async def happened(deadline: float) -> JsonObject | None:
                    found = await self._events.read(identity, deadline=deadline)
                    return found if found is not None and found.get("isOnlineMeeting") is True else None

                event = await self._events.patch(identity, TEAMS, happened)
                if join_url_of(event) is not None:
                    return event
        log.warning("graph.teams_link_missed", event_id=identity)
        return event

    def _observed(self, event: JsonObject, key: SessionKey) -> ObservedEvent:
        observed = observed_event(event, key, self._zone)
        if observed is None:
            raise GraphRefused("graph_unreadable", call=f"{key}")
        return observed


def _ends_after(observed: ObservedEvent, since: datetime) -> bool:
    return observed.content.end.replace(tzinfo=find_zone(observed.content.timezone)) > since
