"""Finding a date at the desk: the same search as at the command line, in a form."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.e2e.date_world import arrange, ask, holds, taken, undated
from tests.e2e.desk_driver import HR, at_the_desk

if TYPE_CHECKING:
    from tests.e2e.driver import World

FORM = {"about": "talent", "first": "2025-06-16", "last": "2025-06-20", "length": "3t", "earliest": "8:30", "latest": "16.00"}


def test_the_page_says_what_the_command_says(world: World) -> None:
    """The same times, the same reasons, and what to write in the plan; nothing is written."""
    arrange(world)
    taken(world, "anna", "16 09:00-12:00")
    told = ask(world).out

    async def story(_service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/dates?course=talent")
        before = len(world.tenant.journal.entries)
        found = await asyncio.to_thread(hr.send, "/dates", page, **FORM)
        assert found.status_code == 200
        for line in ("Datoer til »Talent«, 3 timer", "Ingen får besked, før du har godkendt ændringen."):
            assert (line, line in told, line in found.text) == (line, True, True)
        assert "mandag den 16. juni 2025 kl. 12.00" in found.text.replace("\u00a0", " ")
        asked = world.tenant.journal.entries[before:]
        assert {one.method for one in asked} <= {"GET", "POST"}
        assert all(one.path.endswith("getSchedule") for one in asked if one.method == "POST")

    at_the_desk(world, story)


def test_what_cannot_be_searched_for_is_said_without_a_word_of_the_shell(world: World) -> None:
    """And what was typed stands in the form still."""
    arrange(world, holds("et", "to"), undated("andet"))
    wrong = {
        "er ikke en dato": {"first": "i morgen"},
        "er ikke en varighed": {"length": "længe"},
        "er ikke et klokkeslæt": {"earliest": "25:00"},
        "er ikke en mailadresse": {"required": "Bo Prøve"},
        "Byt dem om": {"first": "2025-06-21"},
    }

    async def story(_service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/dates")
        for words, one in wrong.items():
            told = await asyncio.to_thread(hr.send, "/dates", page, **FORM | one)
            assert (words, told.status_code, words in told.text, "--" in told.text) == (words, 422, True, False)
            assert all(value in told.text for value in (FORM | one).values())
        hostile = await asyncio.to_thread(hr.send, "/dates", page, **FORM | {"about": "<script>alert(1)"})
        assert (hostile.status_code, "<script>alert" in hostile.text) == (422, False)
        assert (await asyncio.to_thread(hr.send, "/dates", "", **FORM)).status_code == 403

    at_the_desk(world, story)


def test_where_microsoft_365_does_not_answer_the_page_says_so(world: World) -> None:
    """Nothing is lost of what was typed."""
    arrange(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/dates")
        world.tenant.faults.add(method="POST", path="getSchedule", status=403, times=None)
        told = await asyncio.to_thread(hr.send, "/dates", page, **FORM)
        assert (told.status_code, 'value="2025-06-16"' in told.text) == (503, True)

    at_the_desk(world, story)
