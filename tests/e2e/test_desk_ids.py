"""An id that looks changed: HR says at the desk whether it is the same, and nobody is mailed for a name."""

from __future__ import annotations

import asyncio
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.e2e.desk_browser import WAYS, at_the_browser
from tests.e2e.desk_driver import HR, at_the_desk, checksums
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

BEFORE = make_course(
    "senior",
    title="Seniorordninger",
    offerings=[{"id": "hold-1", "title": "Hold", "sessions": [make_session("dag"), make_session("opfølgning", day="2025-09-18")]}],
)


def renamed(level: str) -> Any:
    course = deepcopy(BEFORE)
    offering = course["offerings"][0]
    {"course": course, "offering": offering, "session": offering["sessions"][0]}[level]["id"] = "nyt"
    return course


def write(world: World, course: Any) -> None:
    world.write(make_plan(course, audiences=people(ANNA, BO)))


def sent(world: World) -> tuple[int, dict[str, set[str]]]:
    """Every mail, and every event with who is on it."""
    events = {event.immutable_id: {one.address.lower() for one in event.attendees} for found in world.events.values() for event in found}
    return len(world.tenant.mail_log.mails), events


async def standing(world: World, service: Any, hr: Any, changed: Any) -> str:
    """Invitations are out and an id has changed; the page that asks."""
    page = await asyncio.to_thread(hr.read, "/changes")
    await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
    await run_job(service, "sync_plan")
    write(world, changed)
    await run_job(service, "sync_plan")
    return await asyncio.to_thread(hr.read, "/changes")


def fields(page: str) -> dict[str, str]:
    form = re.search(r'<form method="post" action="/changes/ids.*?</form>', page, re.DOTALL)
    assert form, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0].partition("<ul")[0]))


async def says(hr: Any, page: str, word: str, **changes: str) -> httpx.Response:
    answer: httpx.Response = await asyncio.to_thread(hr.send, "/changes/ids?plan=demo", "", **fields(page) | {"word": word} | changes)
    return answer


@pytest.mark.parametrize("level", ["course", "offering", "session"])
def test_what_is_the_same_is_renamed_and_nobody_is_mailed(world: World, level: str) -> None:
    """As if the plan said `was`; it holds for later readings, and is written down with who said it."""
    write(world, BEFORE)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        page = await standing(world, service, hr, renamed(level))
        before, stamps = sent(world), set(world.events)
        assert ("skift uden mail" in page, checksums(page)) == (True, [])
        assert (await says(hr, page, "same")).headers["location"].startswith("/changes?plan=demo&done=id_same")
        for _ in range(2):
            await run_job(service, "sync_plan")
            assert sent(world) == before
        assert (set(world.events) == stamps, sum("nyt" in stamp for stamp in world.events)) == (False, 1 if level == "session" else 2)
        assert "Ingen ændringer venter" in await asyncio.to_thread(hr.read, "/changes")
        write(world, renamed(level) | {"note": "til os selv"})
        await run_job(service, "sync_plan")
        assert (sent(world), service.stores.approvals.load_waiting("demo")) == (before, ())
        said = [one for one in service.stores.actions.load_actions("demo") if one.command == "name"]
        assert [(one.by, one.door, one.detail.split(": ")[0]) for one in said] == [(HR.address, "desk", "same")]
        late = await says(hr, page, "open")
        assert (late.status_code, "allerede skiftet" in late.text) == (409, True)

    at_the_desk(world, story)


def test_what_is_new_says_so_and_may_be_approved(world: World) -> None:
    """Before that nobody can tick it; the word may be taken back."""
    write(world, BEFORE)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        page = await standing(world, service, hr, renamed("course"))
        assert checksums(page) == []
        await says(hr, page, "other")
        page = await asyncio.to_thread(hr.read, "/changes")
        assert ("Det er sagt, at det er et nyt" in page, len(checksums(page))) == (True, 2)
        await run_job(service, "sync_plan")
        (waiting, _) = service.stores.approvals.load_waiting("demo")
        assert "HR har ved skrivebordet sagt" in waiting.found["id"][0]
        await says(hr, page, "open")
        page = await asyncio.to_thread(hr.read, "/changes")
        assert (checksums(page), "skift uden mail" in page) == ([], True)
        await says(hr, page, "other")
        page = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
        await run_job(service, "sync_plan")
        assert {stamp.split("/")[1] for stamp in world.events} == {"nyt"}

    at_the_desk(world, story)


def test_a_word_that_does_not_fit_changes_nothing(world: World) -> None:
    """Of an id that does not look changed, of one that somebody else has spoken of, and against the plan."""
    write(world, BEFORE)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        page = await standing(world, service, hr, renamed("course"))
        before = sent(world)
        for changes, status in (({"old": "andet"}, 409), ({"known": "7"}, 409), ({"word": "x"}, 422)):
            assert (await says(hr, page, **({"word": "same"} | changes))).status_code == status
        # The old id is written as another course by now, and no sync has seen it.
        world.write(make_plan(renamed("course"), BEFORE | {"title": "Senior igen"}, audiences=people(ANNA, BO)))
        assert service.stores.noted_ids.load("demo") == ()
        assert sent(world) == before

    at_the_desk(world, story)


@pytest.mark.parametrize("way", WAYS)
def test_hr_says_it_with_one_press(world: World, way: str, browser: OwnThread) -> None:
    """On a phone without script too."""
    write(world, BEFORE)

    def story(window: Any, run: Any) -> None:
        window.open("/changes")
        window.page.get_by_label("Tag »Seniorordninger« med").check()
        window.press("Godkend de valgte")
        run()
        write(world, renamed("course"))
        run()
        assert "senior → nyt" in window.open("/changes")
        before = sent(world)
        said = window.press("Det er det samme kursus – skift uden mail")
        assert ("ingen får mail" in said, "Fortryd" in said, "Tag stilling" in said) == (True, True, False)
        run()
        assert "Ingen ændringer venter" in window.open("/changes")
        assert sent(world) == before

    at_the_browser(world, way, browser, HR, story)
