"""Everybody presses at once: seats never above, in the order of the presses, and a press that comes again changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.registrations import AnswerSource
from bot.sandbox.municipality import ALL_LEADERS
from tests.builders.played_teams import texts_of
from tests.e2e.chat_door import at_the_door
from tests.e2e.driver import new_world
from tests.e2e.in_teams import in_teams, leaders
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import run_job, shared_database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import World

SEATS, AT_ONCE = 60, 3
PATIENT = 8
"""How often somebody presses whom Teams tells that there was no answer within its five seconds, as on a machine that does much else."""
COURSE = make_course("kursus", enrolment={"mode": "signup", "capacity": SEATS, "waiting_list": True})


@pytest.mark.long
def test_four_hundred_press_for_sixty_seats(tmp_path: Path) -> None:
    """Whoever was answered before somebody else pressed stands before them; a press that comes again changes nothing."""
    with new_world(tmp_path, leaders=400) as world:
        world.write(make_plan(COURSE, audiences={"ledere": {"groups": [ALL_LEADERS]}}))
        world.tenant.settings.change({"messages_per_minute": 10_000})
        assert world.sync().code == 0
        with at_the_door(world) as door:
            everybody = {one for group in door.stores.books.audiences.load_members("demo").values() for one in group}
            ids = [world.tenant.directory.find_user(one).id for one in sorted(everybody)]
            assert len(ids) >= 400
            world.tenant.teams.installed |= set(ids)
            for who in ids:
                door.stand(who, "kursus")
            times: dict[str, tuple[float, float]] = {}

            def press(who: str) -> str:
                begun = time.monotonic()
                seen = door.people.press(who, "decide", data={"course": "kursus", "kind": "choose"})
                times[who] = begun, time.monotonic()
                return seen["error"]

            # How long that takes, `make bench` says; here nobody may wait longer than Teams does, whatever else the machine does.
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                errors = list(crowd.map(press, ids))
            assert set(errors) == {""}
            rows = world.run("registrations", "--format", "json").json
            seated = [one for one in rows if one["status"] == "registered"]
            waiting = [one for one in rows if one["status"] != "registered"]
            assert (len(seated), {one["source"] for one in rows}) == (SEATS, {"teams"})
            assert sorted(one["position"] for one in waiting) == list(range(1, len(ids) - SEATS + 1))
            ranks = [(one["position"] or 0, *times[world.tenant.directory.find_user(one["email"]).id]) for one in rows]
            overtaken = [(first, later) for first in ranks for later in ranks if first[2] < later[1] and first[0] > later[0]]
            assert overtaken == []
            for who in (ids[0], ids[-1]):
                assert door.people.again(who)["error"] == ""
            assert world.run("registrations", "--format", "json").json == rows


def test_a_crowd_at_the_services_own_door_gets_the_seats_there_are_and_each_is_told_once(world: World) -> None:
    """With tokens, the conversations' limits and the rounds that follow: nothing of it lets somebody in beyond the seats."""
    rush(world, leaders(world, 12), seats=5)


@pytest.mark.long
def test_four_hundred_at_the_services_own_door(tmp_path: Path) -> None:
    """Each presses twice at once; what follows is gathered while they press."""
    with new_world(tmp_path, leaders=460) as world:
        rush(world, leaders(world, 400), seats=SEATS)


@pytest.mark.long
@pytest.mark.parametrize(("count", "seats"), [(12, 5), (80, 30)])
def test_a_crowd_at_two_processes_that_share_their_books(tmp_path: Path, server: str, count: int, seats: int) -> None:
    """Whatever of a person's presses comes to which of them."""
    with new_world(tmp_path, leaders=count + 40) as world, shared_database(world, server):
        rush(world, leaders(world, count), seats=seats, processes=2)


def rush(world: World, crowd: list[str], *, seats: int, processes: int = 1) -> None:
    """Everybody presses twice at once at a service (or two with one database) that does all that follows."""
    world.tenant.settings.change({"messages_per_minute": 10_000})
    enrolment = {"mode": "signup", "capacity": seats, "waiting_list": True}
    world.write(make_plan(make_course("kursus", title="Kursus", enrolment=enrolment), audiences=people(*crowd)))

    async def story(service: Any, teams: Any) -> None:
        def press(who: str) -> str:
            teams.write(who, "Kursus")
            presses = (teams.press(who, "decide", data={"kind": "choose"}, copies=2)["error"] for _ in range(PATIENT))
            return next((error for error in presses if not error), "never answered")

        with ThreadPoolExecutor(4) as pool:
            errors = await asyncio.to_thread(lambda: [*pool.map(press, crowd)])
        assert {*errors} == {""}
        await run_job(service, "follow_decisions")
        rows = [row for row in service.stores.answers.load_registrations("demo") if row.invited]
        counted = Counter(row.status.value for row in rows)
        assert counted == {"registered": seats, "waitlisted": len(crowd) - seats}
        # Of two of one press the later one may be answered first, by what was so until then; a look shows what is.
        chats = await asyncio.to_thread(lambda: [["\n".join(texts_of(one["card"])) for one in teams.look(who)] for who in crowd])
        assert sum(any("Du er tilmeldt." in text for text in chat) for chat in chats) == seats
        assert sum(any("Du står på venteliste som nummer" in text for text in chat) for chat in chats) == len(crowd) - seats
        assert all(sum(text.startswith("Du er på venteliste") for text in chat) <= 1 for chat in chats), "told once"
        lines = [row for _, row in service.stores.seats.load_log("demo") if row.after.source is AnswerSource.TEAMS]
        assert len({(row.after.email, row.after.status) for row in lines}) == len(lines) == len(crowd)

    in_teams(world, story, *crowd, processes=processes)
