"""Months of a service by chance, mostly quiet ones: where a round leaves everything unread, one that reads everything finds nothing to do.

The answers, reminders and syncs of one process, which remembers between them what it found at rest; people, HR, Outlook and other programs
do what they like meanwhile. After a round that did nothing the same round is done by a process that remembers nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.errors import PlanInvalid
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import open_work
from bot.rounds.answers import responses_round
from bot.rounds.reminders import reminders_round
from bot.rounds.steps.approve import UNATTENDED
from bot.rounds.sync import sync_round
from bot.seats.at_rest import RestingRound, Rests
from config.settings import Settings
from tests.e2e.chance import plays
from tests.e2e.driver import TOKEN, mail_of
from tests.e2e.history import LEADERS, NAMES, REPRESENTATIVES, History
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.opening.stores import Stores
    from tests.e2e.driver import World

FEW_STEPS, STEPS, ROUNDS = 5, 8, 2
QUIET = (RestingRound.REMINDERS, RestingRound.SYNC)
REMINDERS = [
    {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "everyone", "channels": ["mail"], "template": "practical"},
    {"id": "snart", "before": "start", "hours": 3, "to": "registered", "channels": ["mail"], "template": "tomorrow"},
    {"id": "tak", "after": "end", "days": 1, "at": "10:00", "to": "registered", "channels": ["mail"], "template": "follow_up"},
    {"id": "svar", "before": "deadline", "hours": 30, "to": "unanswered", "channels": ["mail"], "template": "please_answer"},
]  # fmt: skip
LOOKED_AT = {"people": "seen_at", "group_counts": "read_at", "audience_members": "read_at", "comment_looks": "looked_at"}
"""When something was last seen is written down by every round that looks."""


class Watched(Rests):
    """Remembers as the service does, and whether everything was at rest when it was last asked."""

    said = False

    def restless(self, *given: Any, **more: Any) -> frozenset[str] | None:
        found = super().restless(*given, **more)
        self.said = found == frozenset()
        return found


class Quiet(History):
    """A history with seats and reminders, in small steps, worked on by one process."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, seed)
        self.rests = {kind: Watched() for kind in RestingRound}
        self.rested: Counter[RestingRound] = Counter()
        self.acts += [
            self.seat_by_hand, self.erase, self.sync_elsewhere, self.send_elsewhere, self.lose_a_group,
            *[self.a_while_passes] * 9, self.nothing, self.nothing,
        ]  # fmt: skip

    def any_course(self, number: int) -> dict[str, Any]:
        course = super().any_course(number)
        if self.chance.random() < 0.5:
            course["enrolment"] = self.chance.choice(
                [{"capacity": 2}, {"capacity": 1, "waiting_list": True}, {"deadline": "2025-04-10T12:00"}]
            )
        return course

    # -- what happens

    def seat_by_hand(self) -> None:
        course, person = self.chance.choice(self.courses)["id"], self.chance.choice(NAMES)
        self.world.run(self.chance.choice(["enrol", "withdraw"]), course, person)

    def erase(self) -> None:
        self.world.run("erase", self.chance.choice(NAMES), "--yes")

    def sync_elsewhere(self) -> None:
        self.write()
        self.world.run("sync", "--yes", DRIFT=self.drift)

    def send_elsewhere(self) -> None:
        self.world.run("send", DRIFT=self.drift)

    def lose_a_group(self) -> None:
        self.world.tenant.faults.add(method="GET", path="/groups", nth=1, times=50, status=403)

    def a_while_passes(self) -> None:
        later = timedelta(hours=self.chance.choice([0.25, 1, 5, 20, 44]), minutes=self.chance.randint(0, 59))
        self.world.move_clock((self.world.now + later).isoformat())

    def nothing(self) -> None:
        """Most of the time nothing happens at all."""

    # -- the service

    def write(self) -> None:
        audiences = {"ledere": {"groups": [LEADERS], "people": [{"email": "gaest@partner.example"}]}, "tr": {"groups": [REPRESENTATIVES]}}
        self.world.write(make_plan(*self.courses, audiences=audiences, reminders=REMINDERS))

    def serve(self) -> None:
        self.write()
        # While a plan cannot be read nothing is done.
        with suppress(PlanInvalid):
            for kind in RestingRound:
                asyncio.run(self._round(kind))
        self.world.tenant.faults.clear()

    async def _round(self, kind: RestingRound) -> None:
        world = self.world
        settings = Settings(
            plan=str(world.plan_file),
            database_url=f"sqlite:///{world.database_file}",
            now=world.now,
            drift=self.drift,
            approval="limits",
            graph={"base_url": world.base_url, "credential": "static_token", "static_token": TOKEN, "retry_budget_seconds": 1},
        )
        with open_stores(settings) as opened:
            await self._does(kind, settings, replace(opened, rests=self.rests))
            if kind in QUIET and self.rests[kind].said:
                self.rested[kind] += 1
                before, asked, mailed = self.books(), len(world.tenant.journal.entries), len(world.tenant.mail_log.mails)
                await self._does(kind, settings, opened)
                assert self.books() == before
                assert [one.path for one in world.tenant.journal.entries[asked:] if one.method != "GET"] == []
                assert world.tenant.mail_log.mails[mailed:] == []

    async def _does(self, kind: RestingRound, settings: Settings, stores: Stores) -> None:
        async with open_work(settings, await load_plan(settings), stores) as work:
            match kind:
                case RestingRound.ANSWERS:
                    await responses_round(work)
                case RestingRound.REMINDERS:
                    await reminders_round(work)
                case RestingRound.SYNC:
                    await sync_round(work, approval=UNATTENDED)

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """Every row, but for when something was last looked at."""
        with closing(sqlite3.connect(self.world.database_file)) as connection:
            connection.row_factory = sqlite3.Row
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in names}  # noqa: S608 - our own names
        return {
            name: [{key: value for key, value in row.items() if key != LOOKED_AT.get(name)} for row in found]
            for name, found in rows.items()
        }


@pytest.mark.parametrize(("seed", "steps"), plays(FEW_STEPS, STEPS))
def test_where_a_round_leaves_everything_unread_there_was_nothing_to_do(make_world: Callable[..., World], seed: int, steps: int) -> None:
    history, happened = Quiet(make_world(leaders=0), seed), []
    for _ in range(ROUNDS):
        history.serve()
    for _ in range(steps):
        act = history.chance.choice(history.acts)
        happened.append(act.__name__)
        act()
        try:
            for _ in range(ROUNDS):
                history.serve()
        except AssertionError as error:
            error.add_note(f"seed {seed} ({history.drift}): {', '.join(happened)}")
            raise


def test_a_service_that_nothing_happens_to_rests_until_something_does(make_world: Callable[..., World]) -> None:
    """Each happening is noticed by the rounds that it matters to, and once it is seen to they rest again."""
    history = Quiet(make_world(leaders=0), 1)
    # Where an edit is kept, each sync tells that it differs.
    history.drift = "restore"
    history.courses = [
        make_course("kursus", make_session("dag-1", "2025-06-10")),
        make_course("andet", make_session("dag-1", "2025-09-10")),
    ]
    everybody = [LEADERS, REPRESENTATIVES]

    def rests_after(happening: Callable[[], object]) -> list[bool]:
        happening()
        history.serve()
        noticed = [history.rests[kind].said for kind in QUIET]
        for _ in range(ROUNDS):
            history.serve()
        assert [history.rests[kind].said for kind in QUIET] == [True, True]
        return noticed

    world = history.world
    for group in everybody:
        world.tenant.directory.join(group, NAMES[0])
    assert rests_after(lambda: None) == [False, False]
    assert rests_after(lambda: world.move_clock("2025-03-03T11:00:00+01:00")) == [True, True]
    assert rests_after(lambda: world.answer("kursus/dag-1", NAMES[0], "accept")) == [False, False]
    assert rests_after(lambda: world.tenant.people.edit(world.event("andet/dag-1"), {"showAs": "free"})) == [True, False]
    assert rests_after(lambda: world.tenant.directory.add_person("Ny Leder", mail_of("ny"), LEADERS)) == [True, False]
    assert rests_after(history.courses.pop) == [False, False]
    # Past the daily round that looks at everything; then a reminder falls due.
    assert rests_after(lambda: world.move_clock("2025-06-02T12:00:00+02:00")) == [False, False]
    mails = len(world.tenant.mail_log.mails)
    assert rests_after(lambda: world.move_clock("2025-06-03T08:59:00+02:00")) == [True, True]
    assert len(world.tenant.mail_log.mails) == mails
    assert rests_after(lambda: world.move_clock("2025-06-03T09:00:00+02:00")) == [False, False]
    assert len(world.tenant.mail_log.mails) > mails
