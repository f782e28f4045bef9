"""One course, one mailbox and one set of books, for histories of edits of the plan: rounds as `bot.rounds` does them, in memory.

The difference, the seats, the words and the books are the real ones; Outlook is the model of `tests.property.invitations`. What HR
writes is in force from the next sync. People see their calendars and the mails that went.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.answers.fold import fold_claims
from bot.answers.responses import answers_from
from bot.domain.changes import writes_to_outlook
from bot.domain.events import ObservedAttendee, SessionKey
from bot.domain.invited import invited_addresses, invited_since
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import PeopleIndex, Person
from bot.domain.seats import Settlement
from bot.domain.times import instant
from bot.invitations.as_it_stands import as_it_stands, edits_of
from bot.invitations.changeset import Following
from bot.invitations.edits import with_edits
from bot.invitations.offering_news import offering_news
from bot.invitations.seat_changes import list_changes, list_update
from bot.opening.stores import Books
from bot.registrations.standing_rows import canonical_standings
from bot.rounds.steps.apply_changes import apply_changes
from bot.rounds.steps.decide_seats import Decided, SeatState, rows_of, settled
from bot.rounds.steps.read_world import difference, members_today, read_world, remember
from bot.rounds.steps.workbench import Workbench
from bot.seats.asked_messages import news_for_those_asked
from bot.seats.guest_lists import attendance_of
from bot.seats.seat_messages import canonical_announced
from bot.seats.waiting_list_messages import news_for_those_in_line, what_has_happened
from config.settings import Settings
from tests.builders.outlook_model import Crash, Groups, Outlook, Plug, Shelf
from tests.builders.samples import ZONE, make_course, make_person, make_plan, make_rule
from tests.property.seats.seat_oracle import Replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.changes import Change
    from bot.domain.events import ResponseStatus
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import SeatRequest, Standing, Transition
    from bot.rounds.steps.read_world import Reading, Seen
    from tests.builders.outlook_model import Stored

GROUP = "alle@demo.example"
STAFF = tuple(make_person(name) for name in ("anna", "bo", "carl"))
GUEST = make_person("gæst@firma.example", listed=True)
BEGIN = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
SETTINGS = Settings.model_validate(
    {"web": {"base_url": "https://kurser.demo.example", "secret_key": "a-secret-of-chance-for-the-office-0123456789"}}
)


@dataclass(slots=True)
class Office:
    """Everything there is; `now` moves forward only. `written` is what HR has written, `course` what is in force.

    `times` maps events to offering and beginning; `moved` those that were moved to when, from the first attempt to the whole run.
    """

    loop: asyncio.AbstractEventLoop
    written: Course
    course: Course = field(default_factory=lambda: make_course("intet"))
    now: datetime = BEGIN
    staff: dict[str, Person] = field(default_factory=lambda: {one.email: one for one in STAFF})
    plug: Plug = field(default_factory=Plug)
    answers: dict[tuple[object, ...], Answer] = field(default_factory=dict)
    log: list[Transition] = field(default_factory=list)
    outbox: dict[str, Message] = field(default_factory=dict)
    rows: tuple[Registration, ...] = ()
    moved: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    times: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    broken_since: datetime | None = None
    outlook: Outlook = field(init=False)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.outlook, self.shelf = Outlook(self.plug), Shelf(self.plug)

    # -- as the checks see it

    @property
    def courses(self) -> tuple[Course, ...]:
        return (self.course,)

    @property
    def plan(self) -> CoursePlan:
        return as_it_stands(self._plan(self.course), edits_of(self.shelf.entries))

    @property
    def people(self) -> PeopleIndex:
        return PeopleIndex([*self.staff.values(), *self.shelf.load_people("demo")])

    @property
    def standings(self) -> tuple[Standing, ...]:
        last: dict[tuple[str, str, str], Standing] = {}
        for one in self.log:
            key = (one.after.course, one.after.offering, one.after.email)
            last.pop(key, None)
            last[key] = one.after
        return canonical_standings(last.values(), self.people)

    def capacity(self, _course: str, offering: str) -> int | None:
        one = next(one for one in self.course.offerings if one.id == offering)
        return self.course.enrolment.capacity if one.capacity is None else one.capacity

    def live(self) -> list[Stored]:
        """The events ahead, or under way, that are in people's calendars."""
        return [event for event in self.outlook.events if not event.gone and event.end > self.now]

    def begins(self, event: Stored) -> datetime:
        return instant(event.content.start, ZONE)

    # -- what people and programs do

    def answer(self, event: Stored, email: str, response: ResponseStatus) -> None:
        """In Outlook; whoever is not on the event answers an old or a forwarded invitation, and stands on it then."""
        self.now += timedelta(minutes=1)
        said = {"response": response, "responded_at": self.now}
        listed = {one.email: one for one in event.attendees}
        listed[email] = replace(listed.get(email) or ObservedAttendee(email=email), **said)
        event.attendees, event.version = tuple(listed.values()), event.version + 1

    def sync(self) -> Reading:
        """A whole run with what is written, a minute later; raises Crash when the plug is pulled on the way."""
        self.now += timedelta(minutes=1)
        reading = self.loop.run_until_complete(self._sync())
        self._note_moves()
        return reading

    def look(self) -> tuple[Decided, list[Change]]:
        """What a sync would decide and write just now."""
        decided, reading, _ = self.loop.run_until_complete(self._look())
        return decided, [change for change in reading.change_set.changes if writes_to_outlook(change)]

    def sync_through_a_crash(self, steps: int) -> None:
        """A run whose machine dies after so many steps of writing, and no other."""
        self.plug.mend(steps)
        self.broken_since = self.broken_since or self.now
        try:
            self.sync()
        except Crash:
            pass
        except BaseExceptionGroup as group:
            if group.split(Crash)[1] is not None:
                raise
        self.plug.mend()

    def collect(self) -> Settlement:
        """A round of the answers."""
        observed = tuple(event.observed() for event in self.live())
        self._note(answers_from(observed, self.people, seen_at=self.now, known=invited_addresses(self.shelf.entries, self.people)))
        self.shelf.entries = with_edits(self.shelf.entries, observed)
        return self.decide()

    def decide(self, *requests: SeatRequest) -> Settlement:
        """What is to be decided with the books alone, and the lists that follow."""
        decided = settled(self.state(), SETTINGS, now=self.now, requests=requests)
        self._write(decided)
        wanted = list_changes(decided.state.plan, decided.state.entries, attendance_of(decided.standings), decided.state.members,
                              decided.state.people, now=self.now)  # fmt: skip
        events = {event.event_id: event.observed() for event in self.live()}
        attendance = attendance_of(decided.standings)
        changes = [
            list_update(one, events[one.entry.event_id], decided.state.people,
                        released=attendance[one.entry.key.course, one.entry.key.offering].released)
            for one in wanted if one.entry.event_id in events
        ]  # fmt: skip
        self.loop.run_until_complete(self._carry_out(changes, decided.state.people))
        return decided.settlement

    def state(self, seen: Seen | None = None) -> SeatState:
        """The books, as `bot.rounds.steps.decide_seats.load_state` puts them together; with what a sync has `seen`."""
        people, entries = (seen.people, seen.ledger) if seen else (self.people, self.shelf.entries)
        plan = as_it_stands(self._plan(self.course), edits_of(entries))
        members = {name: frozenset(map(people.canonical, emails)) for name, emails in self.shelf.members.items()}
        messages = tuple(self.outbox.values())
        return SeatState(
            plan=plan, course=None, people=people, entries=entries,
            answers=tuple(self.answers.values()),
            claims=fold_claims(plan, invited_since(entries), self.answers.values(), people, members),
            standings=self.standings, last=len(self.log), members=members, messages=messages,
            announced=canonical_announced(messages, people), sent_keys=frozenset(self.outbox), previous=self.rows,
        )  # fmt: skip

    # -- how a round goes

    def _note_moves(self) -> None:
        """By the times alone, whatever the sessions are called: one that takes the place of another is a move."""
        before, self.times = self.times, {one.event_id: (key_of(one).offering, one.content.start) for one in self.live()}
        gone = {one: stood for one, stood in before.items() if one not in self.times}
        moved: dict[str, tuple[datetime, datetime]] = {}
        for event, (offering, start) in self.times.items():
            _, had = before.get(event, (offering, None))
            same = [one for one, stood in gone.items() if stood == (offering, start)]
            others = [one for one, stood in gone.items() if stood[0] == offering]
            if (event in before and had != start) or (event not in before and others and not same):
                moved[event] = (self.broken_since or self.now, self.now)
            elif when := next((self.moved[one] for one in [event, *same] if one in self.moved), None):
                moved[event] = when
        self.moved = moved
        self.broken_since = None

    def _plan(self, course: Course) -> CoursePlan:
        return make_plan(course, audiences=[make_rule("ledere", groups=[GROUP])])

    async def _look(self) -> tuple[Decided, Reading, tuple[Answer, ...]]:
        plan = self._plan(self.course)
        groups = Groups(members={GROUP: tuple(self.staff.values())})
        books = Books(ledger=self.shelf, groups=self.shelf, people=self.shelf, audiences=self.shelf)
        entries = self.shelf.load_entries(plan.id)
        seen = await read_world(plan, ledger=entries, calendar=self.outlook, directory=groups, books=books, now=self.now)
        seen = replace(seen, ledger=with_edits(seen.ledger, seen.observed))
        said = answers_from(seen.observed, seen.people, seen_at=self.now, known=invited_addresses(seen.ledger, seen.people))
        kept = dict(self.answers)
        self._note(said)
        state = self.state(seen)
        self.answers = kept
        decided = settled(state, SETTINGS, now=self.now, today=members_today(seen))
        reading = difference(plan, seen, restore=False, following=Following(attendance=attendance_of(decided.standings)))
        happens = offering_news(plan, reading.change_set.changes)
        had_word, made = (*state.standings, *decided.standings), (*state.messages, *decided.messages)
        news = (
            *news_for_those_in_line(plan, decided.standings, happens, state.messages, now=self.now),
            *news_for_those_asked(plan, state.announced, state.members, had_word, happens, made, now=self.now),
        )
        fresh = tuple(one for one in news if one.key not in self.outbox and (one.expires_at is None or one.expires_at > self.now))
        return replace(decided, messages=(*decided.messages, *fresh)), reading, said

    async def _sync(self) -> Reading:
        self.course = self.written
        decided, reading, said = await self._look()
        self._note(said)
        self.shelf.entries = {key: reading.seen.ledger.get(key, entry) for key, entry in self.shelf.entries.items()}
        self._write(decided)
        await self._carry_out(reading.change_set.changes, reading.world.people)
        remember(self._plan(self.course), reading, Books(ledger=self.shelf, groups=self.shelf, people=self.shelf, audiences=self.shelf))
        self.rows = rows_of(self.state())
        return reading

    def _note(self, said: Iterable[Answer]) -> None:
        for one in said:
            self.answers.setdefault((one.key, one.email, one.response, one.responded_at), one)

    def _write(self, decided: Decided) -> None:
        Replay(self).read(decided.settlement)
        self.log += decided.settlement.transitions
        assert not self.outbox.keys() & {one.key for one in decided.messages}, "a message is made twice"
        self.outbox |= {one.key: one for one in decided.messages}
        self.rows = decided.registrations

    async def _carry_out(self, changes: Sequence[Change], people: PeopleIndex) -> None:
        bench = Workbench(
            calendar=self.outlook, ledger=self.shelf, people=people, now=self.now, comment=lambda _change: "Aflyst",
            told=lambda _result: None, still_mine=lambda: None,
        )  # fmt: skip
        for one in await apply_changes(changes, bench):
            assert one.error is None, one
        due = [one for one in self.outbox.values() if one.state is DeliveryState.DUE]
        for one in what_has_happened(due, lambda: self.shelf.entries):
            state = DeliveryState.EXPIRED if one.expires_at is not None and one.expires_at <= self.now else DeliveryState.SENT
            self.outbox[one.key] = replace(one, state=state, sent_at=self.now)


def key_of(event: Stored) -> SessionKey:
    return SessionKey.parse(event.stamp or "")
