"""How a manager's page of their people looks, on a phone and wide, in both languages: with much, with little, with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.manager_pages import PeoplePage, PersonOfManager, PlaceOfPerson, PlaceWord, SignUpToAnswer
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import DESK_TOP, LONG, PHONE, assert_everybody_can_use
from tests.builders.report_facts import PLAN
from tests.web.signed_in import signed_in

WHEN = (("onsdag den 18. juni 2025 kl. 09.00–15.30", "Kulturhuset, Torvet 1, 8500 Grenaa"),)
PLACES = tuple(PlaceOfPerson(what=f"Fælles lederdag {one.value}", dates=WHEN, word=one, position=2) for one in PlaceWord)
SIGN_UP = SignUpToAnswer(
    id="a", who="Bo Prøve", department=LONG, what=f"Fælles lederdag {LONG}", when=WHEN[0][0], due=datetime(2025, 5, 8, 10), late=False
)
BO = PersonOfManager(email="bo@by.example", name="Bo Prøve", department="Skole", coming=PLACES[:-2], past=PLACES[-2:])
LONGEST = replace(BO, name=LONG, department=LONG, coming=(replace(PLACES[0], what=LONG, dates=((LONG, LONG),)),), past=())
SHOWN = PeoplePage(
    plan="by", organisation="Byens Kommune", contact="hr@by.example", read_at=datetime(2025, 5, 5, 6, 12),
    waiting=(SIGN_UP, replace(SIGN_UP, id="b", who=LONG * 2, department="", late=True)),
    people=(BO, LONGEST, replace(BO, name="Cai", coming=(), past=())),
)  # fmt: skip


class Shown:
    """What waits and who there is, without books."""

    def __init__(self, page):
        self.shown, self.said = page, []

    @property
    def has_any(self):
        return self.shown is not None

    def page(self, _language):
        return self.shown

    def answer(self, sign_up, *, yes):
        left = tuple(one for one in self.shown.waiting if one.id != sign_up)
        if left == self.shown.waiting:
            return False
        self.said.append((sign_up, yes))
        self.shown = replace(self.shown, waiting=left)
        return True


class Desk(BookPlanDesk):
    """A desk of a plan with people of a manager's."""

    people = None

    def my_people(self, _visitor):
        return self.people


@pytest.fixture
def new_desk(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/books.db")
    with open_stores(settings) as stores:

        def make(shown):
            desk = Desk(settings, PLAN, stores)
            desk.people = Shown(shown)
            return desk

        yield make


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("viewport", [PHONE, DESK_TOP], ids=["phone", "desktop"])
def test_everybody_can_use_it(browser, new_desk, tmp_path, viewport, locale):
    desk = new_desk(SHOWN)
    with signed_in(browser, desk.stores.database, {"by": desk}, viewport=viewport, locale=locale) as site:
        page = site.open("/my-people")
        for one in page.locator("details:not(.desk-menu) summary").all():
            one.click()
        assert_everybody_can_use(page, tmp_path / "people.png")
        assert_everybody_can_use(site.open("/me"), tmp_path / "me.png")


def test_who_has_nobody_is_told_whom_the_page_is_for_and_led_to_it_from_nowhere(browser, new_desk, tmp_path):
    desk = new_desk(None)
    with signed_in(browser, desk.stores.database, {"by": desk}, viewport=PHONE) as site:
        page = site.open("/my-people")
        assert page.get_by_text("Her er ikke noget til dig").is_visible()
        assert_everybody_can_use(page, tmp_path / "nothing.png")
        assert site.open("/me").locator('a[href="/my-people"]').count() == 0


def test_a_press_answers_and_a_second_one_is_told_that_it_waits_no_more(browser, new_desk):
    desk, woken = new_desk(SHOWN), []
    with signed_in(browser, desk.stores.database, {"by": desk}, viewport=PHONE, wake=lambda *job: woken.append(job)) as site:
        page = site.open("/my-people")
        page.get_by_role("button", name="Ja – Bo Prøve").click()
        page.get_by_text("Du har sagt ja").wait_for()
        desk.people.shown = replace(SHOWN, waiting=(SIGN_UP,))
        site.open("/my-people")
        desk.people.shown = replace(SHOWN, waiting=())
        page.get_by_role("button", name="Nej – Bo Prøve").click()
        page.get_by_text("venter ikke længere på dit svar").wait_for()
        assert (desk.people.said, woken) == ([("a", True)], [("by", "follow_decisions")])
