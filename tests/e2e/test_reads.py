"""A round with nothing to do reads each table of the books once, but where something may have been written in between.

    table                                     is read again                           because
    ledger                                    by its courses, before anything         the plan in force is put together for every command
                                              by its edits, after the calendar        what was just written counts for what is sent then
                                              whole, after Outlook was looked at      edits were noted, and an erasure waits for no round
    messages                                  before they are sent                    the round has written some, or a page has
                                              what was sent and failed lately         what came back is looked for by both
    people, audience_members                  before they are written                 what changed since is merged
    course_versions, accepted_plans, waiting  under the lock                          another sync may have put something in force
    noted_ids                                 under today's names, and by the round   HR may have said something at the desk
    seat_log                                  its last number, and the last lines     whoever writes names the number it knew
    answers                                   whether any came since a look           it is one question, and mostly the only one

What more is read than this is read twice for nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.rounds.steps.decide_seats import load_state, rows_of
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.reminders import DEADLINE, RULES
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

TABLE = re.compile(r"\bFROM (\w+)")
AGAIN = {
    ("preview",): {"ledger": 2, "noted_ids": 3, "course_versions": 2, "accepted_plans": 2, "seat_log": 3},
    ("sync", "--yes"): {
        "ledger": 3, "messages": 2, "people": 2, "audience_members": 3, "course_versions": 2, "accepted_plans": 2, "waiting": 2,
        "noted_ids": 3, "seat_log": 3,
    },
    ("responses",): {"ledger": 4, "messages": 4, "people": 2, "answers": 2, "noted_ids": 3, "seat_log": 3},
    ("send",): {"ledger": 4, "messages": 7, "noted_ids": 2, "seat_log": 3},
    ("registrations",): {"ledger": 2, "noted_ids": 2, "seat_log": 3},
}  # fmt: skip
"""How often at most, by command; what is not named here, once."""


@contextmanager
def reads() -> Iterator[Counter[str]]:
    """The tables that the SELECTs of the block name first, with how often."""
    found: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            found.update(TABLE.findall(statement))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def some_plan(title: str = "Lederdag") -> dict[str, Any]:
    """Three kinds of course."""
    kinds = (
        make_course("lederdag", title=title),
        make_course("kursus", make_session(day="2025-06-20"), enrolment=DEADLINE | {"capacity": 8}),
        make_course("valg", enrolment=DEADLINE, offerings=[
            {"id": name, "sessions": [make_session(day=day)]} for name, day in (("a", "2025-06-23"), ("b", "2025-06-24"))
        ]),
    )  # fmt: skip
    return make_plan(*kinds, reminders=RULES, holidays="DK")


def settle(world: World) -> None:
    """The plan with answers, after which every round has nothing to do."""
    world.write(some_plan())
    world.sync()
    for number, response in enumerate(("accepted", "declined", "accepted")):
        world.answer("kursus/dag", mail_of(f"leder{number + 1:03}"), response)
    for command in ("responses", "send"):
        assert world.run(command).code == 0
    world.sync()


@pytest.mark.parametrize("command", AGAIN, ids=lambda command: command[0])
def test_a_round_reads_each_thing_once(world: World, command: tuple[str, ...]) -> None:
    settle(world)
    with reads() as found:
        assert world.run(*command).code == 0
    assert {table: count for table, count in found.items() if count > AGAIN[command].get(table, 1)} == {}
    assert found["ledger"]


def test_rows_that_a_sync_does_not_put_together_again_are_as_if_it_had(world: World) -> None:
    """One course is edited; of the others the rows stand that were written with the seats, just before."""
    settle(world)
    world.answer("valg/a/dag", mail_of("leder004"), "accepted")
    world.write(some_plan("Den store lederdag"))
    assert {one["course"] for one in world.sync().changes} == {"lederdag"}
    settings = settings_for(world)
    with open_stores(settings) as stores:
        kept = stores.answers.load_registrations("demo")
        assert kept == rows_of(load_state(asyncio.run(load_plan(settings)), stores))
    assert {row.course for row in kept} == {"lederdag", "kursus", "valg"}
