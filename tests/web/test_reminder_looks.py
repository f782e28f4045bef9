"""How HR's hand on a reminder looks, with books behind it: the list, the reminder, what would happen, and what was done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.delegates import Delegate
from bot.domain.reminder_rules import ReminderTarget
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.course_books import LEADERSHIP, NOW, PLAN, fill
from tests.builders.occasions import rule

COURSE = f"/courses/{LEADERSHIP.id}"
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
COPIES = tuple(Delegate(leader=f"leder{number:02}@by.example", by=f"sekr{number % 3}@by.example", copies=True) for number in range(30))
TOMORROW = replace(PLAN, reminders=(rule("i-morgen", ReminderTarget.REGISTERED, ReminderTarget.WAITLISTED),), delegates=COPIES)


@pytest.fixture
def desk(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hand.db", now=NOW, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings, TOMORROW)
        yield BookPlanDesk(settings, TOMORROW, stores)


def test_a_reminder_can_be_found_skipped_and_taken_back_by_everybody(open_page, desk, tmp_path):
    """From the course's messages to what was done; a picture of each step is kept for people to look at."""
    page = open_page(f"{COURSE}?view=messages", desk, viewport=PHONE)
    page.get_by_role("heading", name="Påmindelser, der er på vej").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "list.png")
    page.get_by_role("link", name="Se den").first.click()
    page.get_by_role("heading", name="Hvem får den?").wait_for()
    page.get_by_text("Kopi til sekr").first.wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "reminder.png")
    page.get_by_role("link", name="Spring over for alle").click()
    page.get_by_text("til dem, der svarer for en af dem, bliver sendt").wait_for()
    page.get_by_label("Begrundelse").fill("Vi taler om det i dag")
    assert_everybody_can_use_on_every_screen(page, tmp_path / "skip.png")
    page.get_by_role("button", name="Spring over").click()
    page.get_by_text("Påmindelsen er sprunget over.").wait_for()
    page.get_by_text("Vi taler om det i dag").first.wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "skipped.png")
    page.get_by_role("link", name="Fortryd for alle").click()
    page.get_by_role("button", name="Fortryd").click()
    page.get_by_text("Det er fortrudt.").wait_for()
    page.get_by_role("link", name="Send nu til alle").click()
    page.get_by_role("heading", name="Send påmindelsen nu").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "send.png")


def test_a_mail_can_be_sent_again_by_everybody(open_page, desk, tmp_path):
    page = open_page(f"{COURSE}?view=people&group=waiting", desk, viewport=PHONE)
    page.get_by_role("link", name="Send mail igen").first.click()
    page.get_by_role("button", name="Send mailen").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "again.png")
    page.get_by_role("button", name="Send mailen").click()
    page.get_by_text("Mailen er på vej.").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "sent.png")
