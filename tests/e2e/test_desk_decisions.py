"""Deciding at the desk what the plan leaves open: an edit like any, seen first, written down once, approved before anybody hears of it."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, checksums, leader
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from tests.e2e.driver import World

PAGE = "/decisions/midler"
YES = {"value": "bool:True", "decided_by": "Direktionen", "decided_on": "2025-01-06", "case": "25/117"}


def write_open_plan(world: World, midler: Any = "undecided") -> None:
    asked = {"question": "Er der midler?", "value": midler}
    course = make_course(when="midler")
    world.write(make_plan(course, audiences=people(leader(world).address), assumptions={"midler": asked}))


def known(page: str) -> str:
    return re.search(r'name="known" value="(\d+)"', page)[1]


def decided(world: World) -> tuple[Any, Any, Any, Any]:
    (one,) = world.apart("overview", "--format", "json").json["decisions"]
    return one["value"], one["decided_by"], one["decided_on"], one["case"]


def test_a_decision_is_seen_written_down_and_approved_before_anybody_hears_of_it(world: World) -> None:
    """The command line says the same as the page, also before the next sync."""
    write_open_plan(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        overview = await asyncio.to_thread(hr.read, "/overview")
        assert "Afgør: Er der midler?" in overview
        page = await asyncio.to_thread(hr.read, PAGE)
        assert ("Lederdag" in page, "1 mail" in page) == (True, True)
        sent = await asyncio.to_thread(hr.send, PAGE, page, known=known(page), **YES)
        assert (sent.status_code, sent.headers.get("location")) == (303, f"{PAGE}?plan=demo&done=settled")
        assert (await asyncio.to_thread(decided, world)) == (True, "Direktionen", "2025-01-06", "25/117")
        await until(lambda: checksums(hr.read("/changes")) != [])
        assert world.events == {}
        changes = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", changes, shown=checksums(changes), decision="approve")
        await until(lambda: world.events != {})

    at_the_desk(world, story)
    (line,) = [line for line in world.run("actions", "--format", "json").json if line["command"] == "decide"]
    assert (line["by"], line["door"], line["detail"]) == (HR.address, "desk", "midler=True")
    assert world.preview().changes == []
    kept = world.run("plan", "history", "--format", "json").json
    assert [one["source"] for one in kept] == ["desk", "file"], "what was decided is a version of the plan"


def test_what_was_decided_at_the_desk_is_opened_again_there_and_nowhere_else(world: World) -> None:
    """What follows waits for a person, as deciding did."""
    write_open_plan(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, PAGE)
        assert "stadig åben" not in page
        none_yet = await asyncio.to_thread(hr.send, PAGE, page, known=known(page), value="undecided")
        assert none_yet.status_code == 422
        await asyncio.to_thread(hr.send, PAGE, page, known=known(page), **YES)
        page = await asyncio.to_thread(hr.read, PAGE)
        opened = await asyncio.to_thread(hr.send, PAGE, page, known=known(page), value="undecided")
        assert opened.headers["location"].endswith("done=opened")
        assert (await asyncio.to_thread(decided, world)) == ("undecided", None, None, None)

    at_the_desk(world, story)


def test_the_plan_has_the_last_word(world: World) -> None:
    """An outcome that it writes counts, and the page sends whoever would change it there; taken away, it is open."""
    write_open_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, PAGE)
        await asyncio.to_thread(hr.send, PAGE, page, known=known(page), **YES)
        write_open_plan(world, midler=False)
        await run_job(service, "sync_plan")
        assert (await asyncio.to_thread(decided, world))[0] is False
        page = await asyncio.to_thread(hr.read, PAGE)
        assert ("Planen siger selv »nej«" in page, 'name="known"' in page) == (True, False)
        write_open_plan(world)
        await run_job(service, "sync_plan")
        assert (await asyncio.to_thread(decided, world))[0] == "undecided"

    at_the_desk(world, story)


def test_who_decides_has_seen_what_stands(world: World) -> None:
    """Two at once: the second is told, and decides nothing."""
    write_open_plan(world)

    async def story(_service, person) -> None:
        hr, other = await person(HR), await person(HR)
        page, seen = await asyncio.to_thread(hr.read, PAGE), await asyncio.to_thread(other.read, PAGE)
        await asyncio.to_thread(hr.send, PAGE, page, known=known(page), **YES)
        late = await asyncio.to_thread(other.send, PAGE, seen, known=known(seen), **YES | {"value": "bool:False"})
        assert (late.status_code, "En anden har skrevet noget" in late.text) == (409, True)
        assert (await asyncio.to_thread(decided, world))[0] is True

    at_the_desk(world, story)


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(world: World) -> None:
    """No outcome of the plan, nobody who decided, a day that has not been, and too much of anything."""
    write_open_plan(world)
    wrong = {
        "Vælg, hvad beslutningen blev.": {"value": "str:True"},
        "Skriv, hvem der har besluttet det.": {"decided_by": " "},
        "må højst fylde 200 tegn": {"decided_by": "x" * 201},
        "Den kan ikke ligge i fremtiden": {"decided_on": "2999-01-01"},
        "Vælg dagen": {"decided_on": "i går"},
        "må højst være 100 tegn": {"case": "x" * 101},
    }

    async def story(_service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, PAGE)
        for words, one in wrong.items():
            told = await asyncio.to_thread(hr.send, PAGE, page, known=known(page), **YES | one)
            assert (words, told.status_code, words in told.text) == (words, 422, True)
            assert (one.get("case", "25/117") in told.text) is True
        assert (await asyncio.to_thread(decided, world))[0] == "undecided"
        forged = await asyncio.to_thread(hr.send, PAGE, "", known="0", **YES)
        assert forged.status_code == 403
        assert (await asyncio.to_thread(hr.browser.get, "/decisions/andet")).status_code == 404

    at_the_desk(world, story)


@pytest.mark.parametrize("account", [DIRECTOR, READER], ids=lambda one: one.name.split()[0])
def test_only_hr_decides(world: World, account: Any) -> None:
    """Others read the overview, without the way to the form."""
    write_open_plan(world)

    async def story(_service, person) -> None:
        someone = await person(account)
        assert "Afgør:" not in await asyncio.to_thread(someone.read, "/overview")
        assert (await asyncio.to_thread(someone.browser.get, PAGE)).status_code == 403
        assert (await asyncio.to_thread(someone.send, PAGE, "", known="0", **YES)).status_code == 403

    at_the_desk(world, story)
