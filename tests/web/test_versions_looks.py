"""How the versions of the plan look: on every screen, with the longest of words, and without script as with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.opening.revisions import reading_stamp
from bot.opening.stores import open_stores
from bot.plan.document import json_document
from config.settings import Settings
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.report_facts import PLAN
from tests.web.signed_in import signed_in

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze<script>"
ADDRESSES = ("/plan/versions", "/plan/versions?page=2", "/plan/versions?first=1&second=20", "/plan/versions/20")
NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
FIRST = PlanRevision(
    plan=PLAN.id, number=1, at=NOW, source=RevisionSource.LINK, name=f"{LONG}.xlsx", by=f"{LONG} {LONG}", stamp=reading_stamp(PLAN)
)


@pytest.fixture
def books(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/books.db")
    with open_stores(settings) as opened:
        for number in range(20):
            course = replace(PLAN.courses[0], title=f"{LONG} {number}", note=LONG, responsible=(f"{LONG[:40]}@by.example",))
            said = replace(PLAN, courses=(course, *PLAN.courses[1:])) if number else PLAN
            opened.revisions.keep(replace(FIRST, at=NOW + timedelta(days=number)), json_document(said))
        yield opened.database, {PLAN.id: BookPlanDesk(settings, PLAN, opened)}


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
def test_the_versions_of_a_plan_can_be_used_by_everybody(browser, books, tmp_path, locale):
    database, desks = books
    with signed_in(browser, database, desks, viewport=PHONE, locale=locale) as site:
        for number, address in enumerate(
            ("/plan/versions", "/plan/versions?page=2", "/plan/versions?first=1&second=20", "/plan/versions/20")
        ):
            page = site.open(address)
            assert_everybody_can_use_on_every_screen(page, tmp_path / f"{number}.png", colours=locale == "da-DK")
        assert site.wrong == []


def test_two_versions_are_compared_by_keyboard(browser, books):
    database, desks = books
    with signed_in(browser, database, desks, viewport=DESK_TOP) as site:
        page = site.open("/plan/versions")
        page.locator("#first").select_option("1")
        page.locator("#second").select_option("2")
        page.locator("main form button").press("Enter")
        page.get_by_role("heading", name="Fra udgave 1 til udgave 2").wait_for()
