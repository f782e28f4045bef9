"""How the list of courses and the page of one look, with books behind them: WCAG 2.2 AA, a phone, hostile and very long words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.plan import BookPlanDesk
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.course_books import LEADERSHIP, NOW, PLAN, fill

COURSE = f"/courses/{LEADERSHIP.id}"
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
PAGES = (
    "/courses", "/courses?look=waits", "/courses?q=findes-ikke", COURSE, f"{COURSE}?group=silent", f"{COURSE}?q=findes-ikke",
    f"{COURSE}?view=answers", f"{COURSE}?view=messages", f"{COURSE}?view=history", f"{COURSE}?view=money", f"{COURSE}?view=about",
    f"{COURSE}/mail", "/courses/aflyst", "/courses/gammelt", "/courses/kladde?view=messages", "/courses/boarding?view=answers",
)  # fmt: skip


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """The plan with its books, and one without a course or a book."""
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('books')}/b.db", now=NOW, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings)
        empty = replace(PLAN, id="tom", courses=())
        yield {"by": BookPlanDesk(settings, PLAN, stores), "tom": BookPlanDesk(settings, empty, stores)}


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_a_course_can_be_used_by_everybody(open_page, desks, tmp_path, address, locale):
    page = open_page(address, desks["by"], viewport=PHONE, locale=locale)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")


def test_a_plan_without_courses_says_what_will_stand_here(open_page, desks, tmp_path):
    page = open_page("/courses", desks["tom"])
    assert_everybody_can_use(page, tmp_path / "page.png")
    assert "så snart der er skrevet nogen i planen" in page.inner_text("main")
