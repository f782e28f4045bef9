"""Where a manager answers, on a phone and wide: read and used by everybody, and pressed without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from bot.domain.links import Grant, Purpose
from bot.domain.manager_pages import ManagerPage, SignUpToAnswer
from bot.domain.people import Language
from bot.links import make_token
from tests.builders.browsers import LONG, PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.fake_desk import PLAN, SECRET, FakeDesk

LINK = make_token(SECRET, Grant(purpose=Purpose.MANAGER, plan=PLAN, person="leder@by.example", made_at=datetime(2025, 5, 1, tzinfo=UTC)))
FIRST = SignUpToAnswer(
    id="a", who="Bo Prøve", department=LONG, what=f"Fælles lederdag {LONG}", when="onsdag den 18. juni 2025 kl. 09.00–15.30",
    due=datetime(2025, 5, 8, 10), late=False,
)  # fmt: skip
SHOWN = ManagerPage(
    email="leder@by.example", name=f"Lea {LONG}", language=Language.DA, organisation="Byens Kommune", contact="hr@by.example",
    waiting=(FIRST, replace(FIRST, id="b", who=LONG * 2, department="", late=True)),
)  # fmt: skip


@dataclass
class Waiting:
    """What waits for one manager, without books."""

    shown: ManagerPage = SHOWN
    said: list[tuple[str, bool]] = field(default_factory=list)

    def behind(self, _grant):
        return self.shown

    def answer(self, _page, sign_up, *, yes):
        left = tuple(one for one in self.shown.waiting if one.id != sign_up)
        if left == self.shown.waiting:
            return False
        self.said.append((sign_up, yes))
        self.shown = replace(self.shown, waiting=left)
        return True


@dataclass
class ManagersDesk(FakeDesk):
    """A desk of a plan where managers are asked."""

    door_of_managers: Waiting = field(default_factory=Waiting)

    def managers(self):
        return self.door_of_managers


@pytest.mark.parametrize("language", Language)
def test_everybody_can_use_it(new_site, tmp_path, language):
    site = new_site(ManagersDesk(), scripts=True, viewport=PHONE)
    site.page.goto(f"{site.base_url}/m/{LINK}?lang={language.value}")
    assert_everybody_can_use_on_every_screen(site.page, tmp_path / "waiting.png", colours=language is Language.DA)


def test_two_presses_answer_both_and_nothing_waits(new_site):
    desk = ManagersDesk()
    site = new_site(desk, viewport=PHONE)
    site.page.goto(f"{site.base_url}/m/{LINK}")
    site.page.get_by_role("button", name="Ja – Bo Prøve").click()
    expect(site.page.get_by_role("status")).to_contain_text("Du har sagt ja")
    site.page.get_by_role("button", name="Nej –").click()
    expect(site.page.get_by_role("status")).to_contain_text("Du har sagt nej")
    expect(site.page.get_by_text("Der er ingen tilmeldinger")).to_be_visible()
    assert desk.door_of_managers.said == [("a", True), ("b", False)]


def test_what_was_answered_meanwhile_is_said(new_site):
    desk = ManagersDesk()
    site = new_site(desk, viewport=PHONE)
    site.expected |= {409}
    site.page.goto(f"{site.base_url}/m/{LINK}")
    desk.door_of_managers.shown = replace(SHOWN, waiting=SHOWN.waiting[1:])
    site.page.get_by_role("button", name="Ja – Bo Prøve").click()
    expect(site.page.get_by_role("status")).to_contain_text("venter ikke længere på dit svar")
    assert desk.door_of_managers.said == []
