"""A history by chance: HR edits, people come and go, answer and interfere, answers get lost. The same seed is the same history."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.e2e.driver import STAMP, mail_of
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.event_record import Event
    from tests.e2e.driver import Ran, World

LEADERS, REPRESENTATIVES = mail_of("ledere"), mail_of("tr-gruppe")
NAMES = [mail_of(name) for name in ("anna", "bo", "carl", "dorte", "eva", "finn", "gerd", "hans")]
STATUSES = ["approved"] * 5 + ["save_the_date"] * 2 + ["cancelled", "proposed", "draft"]
VENUES = [{"name": "Sal 1", "room": mail_of("sal-1")}, {"name": "Kroen"}, {"name": "Hallen", "address": "Vej 1, 8500 Grenaa"}, None, None]
TEXTS = [None, "Et program", "To **to**\n\n- a\n- b", "Se <https://kursus.example/?a=1&b=2>"]
EDITS = [
    {"subject": "Rettet i hånden"},
    {"location": {"displayName": "Kantinen"}},
    {"showAs": "free"},
    {"body": {"contentType": "html", "content": "<p>Husk kaffe</p>"}},
    {"categories": ["Rød"]},
]
# What comes right within the same run; a 412 on a creation, say, only does in the next one.
TROUBLES = [
    {"status": 503, "retry_after": "0"},
    {"status": 504, "when": "after"},
    {"status": 429, "retry_after": "0.05"},
    {"status": 401},
    {"drop": True, "when": "after"},
]


class History:
    """One municipality with eight leaders, three courses and a seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, Random(seed)  # noqa: S311 - chance that can be repeated
        self.drift = self.chance.choice(["keep", "restore"])
        self.courses = [self.any_course(number) for number in range(3)]
        directory = world.tenant.directory
        for group in (LEADERS, REPRESENTATIVES):
            directory.add_group(group, group)
        for address in NAMES:
            groups = [group for group, share in ((LEADERS, 0.8), (REPRESENTATIVES, 0.4)) if self.chance.random() < share]
            directory.add_person(address.split("@")[0].title(), address, *groups)
        self.acts: list[Callable[[], None]] = [
            self.edit_the_plan, self.edit_the_plan, self.reorder_the_plan, self.change_a_group, self.close_or_open_an_account,
            self.change_an_address, self.answer, self.answer, self.edit_in_outlook, self.delete_in_outlook, self.forward,
            self.take_somebody_off, self.lose_the_database, self.let_time_pass,
        ]  # fmt: skip

    def any_course(self, number: int) -> dict[str, Any]:
        some = self.chance.random
        return make_course(
            f"kursus-{number}",
            *(self.any_session(part) for part in range(self.chance.randint(1, 3))),
            title=self.chance.choice(["Ledelse", "Trivsel & ro", "Ændring"]),
            status=self.chance.choice(STATUSES),
            description=self.chance.choice(TEXTS),
            venue=self.chance.choice(VENUES),
            online=True if some() < 0.2 else None,
            optional_audience=["tr"] if some() < 0.2 else None,
            speakers=[{"name": "En taler", "email": self.chance.choice(["taler@firma.example", NAMES[0]])}] if some() < 0.2 else None,
        )

    def any_session(self, part: int) -> dict[str, Any]:
        day, hour = f"2025-{self.chance.randint(3, 9):02}-{self.chance.randint(4, 28):02}", self.chance.randint(8, 14)
        shape = self.chance.random()
        if shape < 0.2:
            return {"id": f"del-{part}", "period": "2025-H2"} if shape < 0.1 else {"id": f"del-{part}", "start": day}
        audience = self.chance.choice([None, None, None, ["ledere", "tr"], ["tr"]])
        return make_session(f"del-{part}", day, f"{hour:02}:00", f"{hour + 2:02}:30", audience=audience)

    # -- what happens

    def edit_the_plan(self) -> None:
        number = self.chance.randrange(len(self.courses))
        self.courses[number] = self.any_course(int(self.courses[number]["id"][-1]))

    def reorder_the_plan(self) -> None:
        self.chance.shuffle(self.courses)

    def change_a_group(self) -> None:
        directory = self.world.tenant.directory
        self.chance.choice([directory.join, directory.leave])(self.chance.choice([LEADERS, REPRESENTATIVES]), self.chance.choice(NAMES))

    def close_or_open_an_account(self) -> None:
        self.world.tenant.directory.change_user(self.chance.choice(NAMES), enabled=self.chance.random() < 0.5)

    def change_an_address(self) -> None:
        address = self.chance.choice(NAMES)
        self.world.tenant.directory.change_user(address, mail=f"ny{len(self.world.ran)}.{address}")

    def answer(self) -> None:
        event = self.some_event()
        if event is not None and event.attendees:
            person = self.chance.choice(event.attendees).address
            self.world.tenant.people.answer(event, person, self.chance.choice(["accept", "decline", "tentative"]))

    def edit_in_outlook(self) -> None:
        event = self.some_event()
        if event is not None:
            self.world.tenant.people.edit(event, self.chance.choice(EDITS))

    def delete_in_outlook(self) -> None:
        event = self.some_event()
        if event is not None:
            self.world.tenant.people.delete(event)

    def forward(self) -> None:
        event = self.some_event()
        if event is not None:
            self.world.tenant.people.forward(event, self.chance.choice(["fremmed@partner.example", *NAMES]))

    def take_somebody_off(self) -> None:
        event = self.some_event()
        if event is not None and event.attendees:
            victim = self.chance.choice(event.attendees)
            left = [{"emailAddress": {"address": one.address}, "type": one.type} for one in event.attendees if one is not victim]
            self.world.tenant.people.edit(event, {"attendees": left})

    def lose_the_database(self) -> None:
        self.world.lose_database()

    def let_time_pass(self) -> None:
        self.world.move_clock((self.world.now + timedelta(days=self.chance.choice([1, 7, 30]), hours=3)).isoformat())

    # -- the bot, and what holds

    def sync_and_look(self) -> None:
        world = self.world
        audiences = {"ledere": {"groups": [LEADERS], "people": [{"email": "gaest@partner.example"}]}, "tr": {"groups": [REPRESENTATIVES]}}
        world.write(make_plan(*self.courses, audiences=audiences))
        preview = world.preview(DRIFT=self.drift).json
        # A group that everybody has left is unknown, and what is new for it waits.
        code = 6 if preview["unknown_groups"] else 0
        for trouble in self.chance.sample(TROUBLES, self.chance.randint(0, 2)):
            where = {"method": self.chance.choice(["POST", "PATCH", "*"]), "path": self.chance.choice(["/events", "/cancel", ""])}
            world.tenant.faults.add(**where, nth=self.chance.randint(1, 3), **trouble)
        done = world.sync("--approve", preview["checksum"], code=code, DRIFT=self.drift)
        world.tenant.faults.clear()
        self.assert_only_promised_mails(done)
        again = world.sync(code=code, DRIFT=self.drift)
        assert again.writes == ()
        assert all(change["action"] == "conflict" or change["outcome"] == "held" for change in again.changes)
        twins = [stamp for stamp, events in world.events.items() if sum(event.end.utc > world.now for event in events) > 1]
        assert twins == []
        assert world.run("responses").code == 0

    def assert_only_promised_mails(self, done: Ran) -> None:
        sessions = {event.immutable_id: event.extended[STAMP] for event in self.world.tenant.calendars.events.values()}
        mails = [mail for mail in done.mails if mail.recipient.value != "room" and mail.kind.value != "response"]
        promised = Counter[str]()
        for change in done.changes:
            promised[change["session"]] += change["mails"]
        assert Counter(sessions[mail.event or ""] for mail in mails) == +promised
        assert [what for what, count in Counter((mail.kind, mail.to, mail.event) for mail in mails).items() if count > 1] == []

    def some_event(self) -> Event | None:
        ahead = [event for events in self.world.events.values() for event in events if event.end.utc > self.world.now]
        return self.chance.choice(ahead) if ahead else None
