"""How the pages of people look: with all that there can be of somebody, with nobody, and with the longest of words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.delegates import Delegate
from bot.domain.people import Person
from bot.domain.person_ids import DIGITS
from bot.opening.stores import open_stores
from bot.store.people import SqlPeopleBook
from config.settings import Settings
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.known_people import GONE, NOW, fill
from tests.builders.report_facts import PLAN
from tests.web.signed_in import signed_in

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
PAGES = [
    "/people",
    "/people?q=lærke",
    "/people?q=ingen+hedder+dette",
    "/people?done=erased",
    "/people/1",
    "/people/1/data",
    "/people/1/erase",
]


@pytest.fixture
def stores(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/books.db")
    with open_stores(settings) as opened:
        yield settings, opened


@pytest.fixture(scope="module")
def read_only(tmp_path_factory):
    """Books with everything there can be of people, for who only looks."""
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('people')}/books.db")
    with open_stores(settings) as opened:
        fill(opened.database)
        long = Person(email=f"{LONG.lower()}@{LONG.lower()}.example", name=f"Aage {LONG} {LONG}", department=LONG * 2)
        SqlPeopleBook(opened.database).save_people("by", [long], now=NOW)
        yield settings, opened


def desks_of(settings, stores, *plans):
    return {plan.id: BookPlanDesk(settings, plan, stores) for plan in plans}


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_people_can_be_used_by_everybody(browser, read_only, tmp_path, address, locale):
    settings, books = read_only
    desks = desks_of(settings, books, PLAN, replace(PLAN, id="andenby"))
    with signed_in(browser, books.database, desks, viewport=PHONE, locale=locale) as site:
        page = site.open(address)
        assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")


def test_nobody_at_all_says_where_people_come_from(browser, stores, tmp_path):
    settings, books = stores
    with signed_in(browser, books.database, desks_of(settings, books, PLAN), viewport=PHONE) as site:
        page = site.open("/people")
        assert page.get_by_text("De kommer, når en målgruppe er læst").is_visible()
        assert_everybody_can_use(page, tmp_path / "page.png")


def test_somebody_is_found_read_and_erased_by_keyboard_alone(browser, stores):
    """The whole way, with what is wrong beside the field, and nobody of the name afterwards."""
    settings, books = stores
    fill(books.database)
    with signed_in(browser, books.database, desks_of(settings, books, PLAN), viewport=DESK_TOP) as site:
        page = site.open("/people")
        page.get_by_label("Find en person").focus()
        page.keyboard.type("lærke")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Lærke Navnesen").press("Enter")
        assert page.url == f"{site.home}/people/1"
        page.get_by_role("link", name="Se, hvad der forsvinder").press("Enter")
        page.get_by_label("Skriv personens navn for at slette").focus()
        page.keyboard.type("Lærke")
        page.keyboard.press("Enter")
        page.locator('[aria-invalid="true"]').wait_for()
        page.get_by_label("Skriv personens navn for at slette").fill("lærke navnesen")
        page.keyboard.press("Enter")
        page.get_by_text("Personen er slettet").wait_for()
        assert site.open("/people?q=lærke").get_by_role("link", name="Lærke Navnesen").count() == 0


def test_an_address_that_is_typed_leads_to_the_person_without_standing_in_the_url(browser, stores):
    settings, books = stores
    fill(books.database)
    with signed_in(browser, books.database, desks_of(settings, books, PLAN), viewport=DESK_TOP) as site:
        page = site.open("/people")
        page.get_by_label("Find en person").fill("P7@by.example")
        page.get_by_role("button", name="Søg").click()
        assert len(page.url.rpartition("/")[2]) == DIGITS
        page.get_by_text("p7@by.example").first.wait_for()
        assert GONE not in page.content()


def test_who_answers_for_somebody_is_seen_and_their_link_shown_to_everybody_of_hr(browser, stores, tmp_path):
    """Where there is no link to show, the page says why."""
    settings, books = stores
    fill(books.database)
    plan = replace(PLAN, delegates=(Delegate(leader=GONE, by=f"{LONG.lower()}@by.example"),))
    with signed_in(browser, books.database, desks_of(settings, books, plan), viewport=PHONE) as site:
        page = site.open("/people/1")
        page.get_by_role("heading", name="Sekretærer").wait_for()
        assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png")
        page.get_by_role("button", name="Vis linket").press("Enter")
        page.get_by_role("heading", name="Sekretærens link").wait_for()
        assert_everybody_can_use_on_every_screen(page, tmp_path / "link.png")
