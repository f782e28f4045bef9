"""What people wrote waits until somebody of HR has read it, and a new word waits anew."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.notes import Note
from bot.domain.people import Person as Known
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.e2e.desk_browser import WAYS, at_the_browser
from tests.e2e.desk_driver import HR, at_the_desk, write_plan
from tests.e2e.seats import ANNA, BO

if TYPE_CHECKING:
    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

NUTS = "<b>Tåler ikke nødder</b>"


def wrote(world: World, email: str, words: str, *, days: int) -> None:
    """As their own page does, so many days ago."""
    at = world.now.astimezone(UTC) - timedelta(days=days)
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        stores.books.people.save_people("demo", [Known(email=email, name=email.partition("@")[0])], now=at)
        stores.notes.save_note(Note(plan="demo", course="lederdag", email=email, text=words, written_at=at))


def fields(page: str, email: str) -> dict[str, str]:
    """The form beside what somebody wrote."""
    forms = re.findall(r'<form class="today-way".*?</form>', page, re.DOTALL)
    (form,) = (one for one in forms if email.partition("@")[0] in one)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_what_is_read_waits_for_nobody_of_hr_and_a_new_word_does(world: World) -> None:
    """However old it is; only of that person and course, and who read it is written down."""
    write_plan(world)

    async def story(service: Any, person: Any) -> None:
        hr, colleague = await person(HR), await person(HR)
        wrote(world, ANNA, NUTS, days=9)
        wrote(world, BO, "Kommer senere", days=0)
        page = await asyncio.to_thread(hr.read, "/")
        assert ("&lt;b&gt;Tåler ikke nødder" in page, NUTS in page, "Kommer senere" in page) == (True, False, True)
        form = fields(page, ANNA)
        assert "@" not in form["person"]
        answer = await asyncio.to_thread(hr.send, "/read?plan=demo", "", **form)
        assert answer.headers["location"] == "/?plan=demo&done=read"
        page = await asyncio.to_thread(colleague.read, "/")
        assert ("nødder" in page, "Kommer senere" in page) == (False, True)
        await asyncio.to_thread(colleague.send, "/read?plan=demo", "", **form)
        (line,) = (one for one in service.stores.actions.load_actions("demo") if one.command == "read")
        assert (line.by, line.course, line.door) == (HR.address, "lederdag", "desk")
        wrote(world, ANNA, "Og heller ikke æg", days=1)
        assert "heller ikke æg" in await asyncio.to_thread(hr.read, "/")
        for changes in ({"person": "findes-ikke"}, {"until": "i går"}, {"until": "2025-03-03T08:00:00"}):
            spoilt = await asyncio.to_thread(hr.send, "/read?plan=demo", "", **form | changes)
            assert spoilt.status_code == 422
        await asyncio.to_thread(hr.send, "/read?plan=demo", "", **form | {"until": "9999-01-01T00:00:00+00:00"})
        assert service.stores.read_remarks.load("demo")["lederdag", ANNA] == world.now

    at_the_desk(world, story)


@pytest.mark.parametrize("way", WAYS)
def test_one_press_says_that_it_is_read(world: World, way: str, browser: OwnThread) -> None:
    """With script and without."""
    write_plan(world)

    def story(window: Any, _run: Any) -> None:
        wrote(world, ANNA, NUTS, days=1)
        assert "Tåler ikke nødder" in window.open("/")
        assert "Noteret som læst" in window.press("Læst")
        assert "Tåler ikke nødder" not in window.open("/")

    at_the_browser(world, way, browser, HR, story)
