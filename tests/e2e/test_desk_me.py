"""One's own page for whoever is signed in: what was answered in words, a calendar, and all that is held of oneself."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

from bot.sandbox.issuer import Account
from tests.e2e.desk_driver import HR, at_the_desk, checksums
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

GROUP, MAIL, OTHER = "hold@norddjurs.example", "aase.proevesen@norddjurs.example", "bo.proevesen@norddjurs.example"
LINKS = r'href="(http://[^"]+/p/[^"]+)"'


def courses(world: World) -> Account:
    """Three courses for somebody and a colleague; the former."""
    added = world.tenant.directory.add_person("Åse Prøvesen", MAIL)
    world.tenant.directory.add_person("Bo Prøvesen", OTHER)
    world.tenant.directory.add_group("Hold", GROUP, members=[MAIL, OTHER])
    made = [make_course(f"kursus-{number}", make_session(day=f"2025-06-{10 + number}"), title=f"Kursus {number}") for number in range(3)]
    world.write(make_plan(*made, audiences={"ledere": {"name": "Alle ledere", "groups": [GROUP]}}))
    return Account(id=added.id, address=MAIL, name="Åse Prøvesen")


async def everybody_invited(service, person) -> None:
    hr = await person(HR)
    page = await asyncio.to_thread(hr.read, "/changes")
    await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
    await run_job(service, "sync_plan")


def cards(page: str) -> dict[str, str]:
    """What each course's card says, by the course."""
    found = re.findall(r"<h3><a[^>]*>(Kursus \d)</a></h3>(.*?)</li>", page, flags=re.DOTALL)
    return {title: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for title, said in found}


def test_each_course_says_what_was_answered_and_a_no_is_not_silence(world: World) -> None:
    """Yes, no, and nothing yet; each with the way to the course."""
    someone = courses(world)

    async def story(service, person) -> None:
        await everybody_invited(service, person)
        world.answer("kursus-0/dag", MAIL, "accept")
        world.answer("kursus-1/dag", MAIL, "decline")
        await run_job(service, "collect_responses")
        them = await person(someone)
        page = await asyncio.to_thread(them.read, "/me")
        said = cards(page)
        assert "Du er tilmeldt: tirsdag den 10. juni 2025" in said["Kursus 0"].replace("\xa0", " ")
        assert "Du har sagt nej" in said["Kursus 1"]
        assert "Du har ikke svaret endnu" in said["Kursus 2"]
        assert len({*re.findall(LINKS, page)}) == 3

    at_the_desk(world, story, also=(someone,))


def test_the_calendar_to_subscribe_to_shows_courses_and_nobody(world: World) -> None:
    """By the link that HR would give, and it ends when HR renews that."""
    someone = courses(world)

    async def story(service, person) -> None:
        await everybody_invited(service, person)
        them = await person(someone)
        (address,) = re.findall(r'href="(http://[^"]+/feed/[^"]+\.ics)"', await asyncio.to_thread(them.read, "/me"))
        calendar = (await asyncio.to_thread(them.browser.get, address)).text
        assert calendar.count("BEGIN:VEVENT") == 3
        assert not {MAIL, OTHER, "Prøvesen"} & {*re.split(r"[\s:;]", calendar)}

    at_the_desk(world, story, also=(someone,))


def test_somebody_reads_all_that_is_held_of_them_and_nothing_of_others(world: World) -> None:
    """As a page and as the file that the command gives, with a line in the log."""
    someone = courses(world)

    async def story(service, person) -> None:
        await everybody_invited(service, person)
        them, hr = await person(someone), await person(HR)
        page = await asyncio.to_thread(them.read, "/me/data")
        assert "Det har vi om dig" in page
        assert MAIL in page
        assert OTHER not in page
        taken = (await asyncio.to_thread(them.browser.get, "/me/data?format=json")).json()
        told = json.loads(world.apart("person", MAIL, "--format", "json").out)
        assert (taken["addresses"], taken["tables"].keys()) == (told["addresses"], told["tables"].keys())
        assert OTHER not in json.dumps(taken)
        nothing = await asyncio.to_thread(hr.read, "/me/data")
        assert MAIL not in nothing

    at_the_desk(world, story, also=(someone,))
    lines = world.run("actions", "--about", MAIL, "--format", "json").json
    assert sorted((one["detail"] or "", one["by"]) for one in lines if one["door"] == "desk") == [("", MAIL), ("json", MAIL)]
