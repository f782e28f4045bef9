"""A tiny Outlook in memory behind `bot.ports.outlook.Calendar`, with the books and the directory beside it, and a plug to pull.

Faithful to what matters for the loop (Graph facts §§1–3, 2026-11): bodies come back rewritten, a change of
time takes the answers away, the attendee list is replaced as a whole under an etag, meetings cannot be
turned off, cancelled events are gone from every list, and each write mails somebody. Creations are *not*
recognised by their transaction id, because nobody knows how long Exchange remembers one.

The plug is pulled before or after a write: whoever comes later finds the machine dead, as other tasks would.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused
from bot.domain.events import AttendeeType, EventField, ObservedAttendee, ObservedEvent, ResponseStatus, SessionKey
from bot.store.people import merge_people

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from bot.domain.events import DesiredEvent, EventContent, LedgerEntry
    from bot.domain.people import LeftOut, Person
    from bot.ports.outlook import CalendarDelta


T = TypeVar("T")


class Crash(BaseException):
    """The process is gone; nothing catches it but the test."""


@dataclass(slots=True)
class Plug:
    """Pulled at the nth step from now; each write has a step before it takes effect and one after."""

    steps_left: int | None = None
    dead: bool = False

    def step(self) -> None:
        if self.steps_left is not None:
            self.dead = self.dead or self.steps_left == 0
            self.steps_left -= 1
        if self.dead:
            raise Crash

    def mend(self, steps_left: int | None = None) -> None:
        self.steps_left, self.dead = steps_left, False


class Kind(StrEnum):
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that a person got; `by_bot` is False for what people caused in Outlook."""

    kind: Kind
    address: str
    event_id: str
    stamp: str
    by_bot: bool


@dataclass(slots=True, repr=False)
class Stored:
    """An event as the mailbox keeps it; `stamp` None for one that is not the bot's."""

    event_id: str
    stamp: str | None
    content: EventContent
    attendees: tuple[ObservedAttendee, ...]
    created_at: datetime
    by_bot: bool = True
    version: int = 1
    join_url: str | None = None
    gone: bool = False
    unlisted: bool = False

    def __repr__(self) -> str:
        return f"<{self.event_id} {self.stamp} {self.content.start:%d/%m %H:%M}>"

    @property
    def end(self) -> datetime:
        return self.content.end.replace(tzinfo=ZoneInfo(self.content.timezone)).astimezone(UTC)

    @property
    def frozen(self) -> tuple[object, ...]:
        return (self.event_id, self.stamp, self.content, self.attendees, self.version, self.join_url, self.gone)

    def observed(self) -> ObservedEvent:
        return ObservedEvent(
            key=SessionKey.parse(self.stamp or ""),
            event_id=self.event_id,
            content=self.content,
            attendees=self.attendees,
            etag=str(self.version),
            join_url=self.join_url,
            created_at=self.created_at,
        )


@dataclass(slots=True)
class Outlook:
    """The organiser's mailbox. Methods of the port are the bot's; `earlier` is how many mails a test has seen before.

    `mails_everybody`: a list that changes alone mails all who stay on it, too.
    """

    plug: Plug
    licensed: bool = True
    mails_everybody: bool = False
    events: list[Stored] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    earlier: int = 0
    mailbox: str = "kurser@demo.example"
    others: dict[str, Outlook] = field(default_factory=dict)

    def elsewhere(self, mailbox: str) -> Outlook:
        return self.others.get(mailbox, self)

    async def rewrite_stamp(self, observed: ObservedEvent) -> ObservedEvent:
        (stored,) = (one for one in self.events if one.event_id == observed.event_id)
        self.plug.step()
        stored.stamp = str(observed.key)
        self.plug.step()
        return stored.observed()

    async def fetch_events(self, *, plan: str, since: datetime) -> tuple[ObservedEvent, ...]:
        await asyncio.sleep(0)
        return tuple(event.observed() for event in self._ours(f"{plan}/") if event.end > since and not event.unlisted)

    async def fetch_event(self, event_id: str, key: SessionKey) -> ObservedEvent | None:
        await asyncio.sleep(0)
        event = self._find(event_id)
        return None if event is None else replace(event.observed(), key=key)

    async def find_events(self, key: SessionKey) -> tuple[ObservedEvent, ...]:
        await asyncio.sleep(0)
        return tuple(event.observed() for event in self._ours(str(key)) if event.stamp == str(key))

    async def create_event(self, desired: DesiredEvent, *, transaction_id: str) -> ObservedEvent:
        assert transaction_id

        def create() -> ObservedEvent:
            attendees = tuple(ObservedAttendee(email=one.email, name=one.name, type=one.type) for one in desired.attendees)
            assert len({one.email for one in attendees}) == len(attendees) <= 500
            return self._add(str(desired.key), desired.content, attendees).observed()

        return await self._write(create)

    async def update_content(self, observed: ObservedEvent, content: EventContent, fields: Iterable[EventField]) -> ObservedEvent:
        chosen = frozenset(fields)

        def update() -> ObservedEvent:
            event = self._must_find(observed.event_id)
            self.change(event, content, chosen, by_bot=True)
            return event.observed()

        assert chosen, "a request with nothing in it"
        return await self._write(update)

    async def replace_attendees(
        self, observed: ObservedEvent, attendees: Sequence[ObservedAttendee], *, guests: frozenset[str] = frozenset()
    ) -> ObservedEvent:
        def put() -> ObservedEvent:
            event = self._must_find(observed.event_id)
            if observed.etag != str(event.version):
                raise GraphConflict("graph_conflict", status=412)
            self.seat(event, attendees, by_bot=True)
            return event.observed()

        return await self._write(put)

    async def cancel_event(self, event_id: str, *, comment: str) -> None:
        def cancel() -> None:
            event = self._find(event_id)
            if event is not None:
                self.remove(event, by_bot=True)

        assert comment
        await self._write(cancel)

    async def fetch_delta(self, *, link: str | None, start: datetime, end: datetime, keys: Mapping[str, SessionKey]) -> CalendarDelta:
        raise GraphRefused("graph_refused", call="the loop does not read deltas")

    def live(self, stamp: str) -> list[Stored]:
        return [event for event in self.events if event.stamp == stamp and not event.gone]

    def change(self, event: Stored, content: EventContent, fields: Iterable[EventField], *, by_bot: bool) -> None:
        """Set fields, mail everybody; another time takes the answers away, a meeting stays once it is on."""
        before = event.content
        chosen = {name.value: getattr(content, name.value) for name in fields if name is not EventField.ONLINE or content.online}
        if EventField.ONLINE in chosen and not self.licensed:
            chosen[EventField.ONLINE] = False
        if "body" in chosen:
            chosen["body"] = rewritten(content.body)
        if "start" in chosen or "end" in chosen:
            chosen |= {"start": content.start, "end": content.end, "all_day": content.all_day, "timezone": content.timezone}
        event.content = replace(before, **chosen)
        event.version += 1
        if event.content.online and event.join_url is None:
            event.join_url = f"https://teams.example/meet/{event.event_id}?a=1&b=2"
        if (event.content.start, event.content.end) != (before.start, before.end):
            event.attendees = tuple(replace(one, response=ResponseStatus.NONE, responded_at=None) for one in event.attendees)
        self._mail(Kind.UPDATE, event, event.attendees, by_bot=by_bot)

    def seat(self, event: Stored, attendees: Sequence[ObservedAttendee], *, by_bot: bool) -> None:
        """Replace the list: those new are invited, those gone get a cancellation, the others keep their answers."""
        assert len({one.email for one in attendees}) == len(attendees) <= 500
        before = {one.email: one for one in event.attendees}
        after = {one.email: one for one in attendees}
        event.attendees = tuple(replace(before.get(email, one), type=one.type) for email, one in after.items())
        event.version += 1
        self._mail(Kind.INVITATION, event, [one for email, one in after.items() if email not in before], by_bot=by_bot)
        self._mail(Kind.CANCELLATION, event, [one for email, one in before.items() if email not in after], by_bot=by_bot)
        if self.mails_everybody:
            self._mail(Kind.UPDATE, event, [one for email, one in after.items() if email in before], by_bot=by_bot)

    def remove(self, event: Stored, *, by_bot: bool) -> None:
        event.gone = True
        self._mail(Kind.CANCELLATION, event, event.attendees, by_bot=by_bot)

    def copy(self, event: Stored) -> None:
        """Somebody copies the event, stamp and all, and invites nobody."""
        self._add(event.stamp, event.content, (), by_bot=False)

    def _add(self, stamp: str | None, content: EventContent, attendees: tuple[ObservedAttendee, ...], *, by_bot: bool = True) -> Stored:
        number = len(self.events) + 1
        on = content.online and self.licensed
        content = replace(content, body=rewritten(content.body), online=on)
        event = Stored(f"event-{number}", stamp, content, attendees, datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number), by_bot)
        event.join_url = f"https://teams.example/meet/{event.event_id}?a=1&b=2" if on else None
        self.events.append(event)
        self._mail(Kind.INVITATION, event, attendees, by_bot=by_bot)
        return event

    def add_foreign(self, stamp: str | None, content: EventContent, attendees: tuple[ObservedAttendee, ...]) -> Stored:
        return self._add(stamp, content, attendees, by_bot=False)

    def _mail(self, kind: Kind, event: Stored, attendees: Iterable[ObservedAttendee], *, by_bot: bool) -> None:
        people = (one.email for one in attendees if one.type is not AttendeeType.RESOURCE)
        self.mails += (Mail(kind, email, event.event_id, event.stamp or "", by_bot) for email in people)

    def _ours(self, prefix: str) -> list[Stored]:
        return [event for event in self.events if (event.stamp or "").startswith(prefix) and not event.gone]

    def _find(self, event_id: str) -> Stored | None:
        return next((event for event in self.events if event.event_id == event_id and not event.gone), None)

    def _must_find(self, event_id: str) -> Stored:
        event = self._find(event_id)
        if event is None:
            raise GraphGone("graph_gone", status=404)
        return event

    async def _write(self, effect: Callable[[], T]) -> T:
        await asyncio.sleep(0)
        self.plug.step()
        result = effect()
        await asyncio.sleep(0)
        self.plug.step()
        return result


def rewritten(body: str) -> str:
    """What Exchange makes of HTML: a document around it, classes and line breaks in it, the same words."""
    inner = body.replace("<p", '<p class="x_MsoNormal"').replace("</p>", "</p>\r\n").replace(" ", " \r\n", 1)
    return f'<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>{inner}</body></html>'


@dataclass(slots=True)
class Shelf:
    """The books, all four, in dictionaries; writing to them can be cut off as well."""

    plug: Plug
    entries: dict[SessionKey, LedgerEntry] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)

    def load_entries(self, plan: str, *, course: str | frozenset[str] | None = None) -> dict[SessionKey, LedgerEntry]:
        some = frozenset({course}) if isinstance(course, str) else course
        return {key: entry for key, entry in self.entries.items() if key.plan == plan and (some is None or key.course in some)}

    def save_entries(self, entries: Iterable[LedgerEntry]) -> None:
        self.plug.step()
        self.entries |= {entry.key: entry for entry in entries}
        self.plug.step()

    def remove_entries(self, keys: Iterable[SessionKey]) -> None:
        self.plug.step()
        for key in keys:
            self.entries.pop(key, None)
        self.plug.step()

    def load_counts(self, plan: str) -> dict[str, int]:
        return dict(self.counts)

    def save_counts(self, plan: str, counts: Mapping[str, int], *, now: datetime) -> None:
        self.counts |= counts

    def load_people(self, plan: str) -> tuple[Person, ...]:
        return tuple(self.people[email] for email in sorted(self.people))

    def save_people(self, plan: str, people: Iterable[Person], *, now: datetime) -> None:
        self.people = merge_people(self.people.values(), people)

    def load_members(self, plan: str) -> dict[str, frozenset[str]]:
        return dict(self.members)

    def save_members(self, plan: str, members: Mapping[str, frozenset[str]], *, now: datetime) -> None:
        self.members |= members

    def forget_members(self, plan: str, *, aside: Collection[str]) -> None:
        self.members = {name: emails for name, emails in self.members.items() if "@" not in name or name in aside}


@dataclass(slots=True)
class Groups:
    """The directory: members by group; a group in `unreadable` fails, one that is not there is gone."""

    members: dict[str, tuple[Person | str, ...]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    left_out: dict[str, tuple[LeftOut, ...]] = field(default_factory=dict)
    named: tuple[Person, ...] = ()

    async def fetch_left_out(self, group: str) -> tuple[LeftOut, ...]:
        await self.fetch_members(group)
        return self.left_out.get(group, ())

    async def find_named(self, names: Collection[str]) -> tuple[Person, ...]:
        return tuple(person for person in self.named if person.addresses & {*names})

    async def groups_among(self, addresses):
        return frozenset(address for address in addresses if address in self.members)

    async def fetch_members(self, group: str) -> tuple[Person | str, ...]:
        await asyncio.sleep(0)
        if group in self.unreadable:
            raise GraphRefused("graph_refused", status=403, call="GET group")
        if group not in self.members:
            raise GraphGone("graph_gone", status=404)
        return self.members[group]


def balance(mails: Iterable[Mail]) -> Counter[tuple[str, str]]:
    """Invitations less cancellations, by person and event: 1 is on it, 0 is off it, 2 was invited twice."""
    found: Counter[tuple[str, str]] = Counter()
    for mail in mails:
        found[mail.address, mail.event_id] += {Kind.INVITATION: 1, Kind.UPDATE: 0, Kind.CANCELLATION: -1}[mail.kind]
    return found
