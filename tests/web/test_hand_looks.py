"""How HR's hand looks, with books behind it: the form, what would happen, what cannot be done, and what was done."""

from __future__ import annotations

import pytest

from bot.desks.plan import BookPlanDesk
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.course_books import LEADERSHIP, NOW, PLAN, fill

COURSE = f"/courses/{LEADERSHIP.id}"
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
SEE = "Se, hvad der sker"


@pytest.fixture
def desk(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hand.db", now=NOW, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings)
        yield BookPlanDesk(settings, PLAN, stores)


def test_an_act_can_be_read_done_and_taken_back_by_everybody(open_page, desk, tmp_path):
    """From the row of a person to what was done; a picture of each step is kept for people to look at."""
    page = open_page(f"{COURSE}?group=seated", desk, viewport=PHONE)
    page.get_by_role("link", name="Meld fra").first.click()
    page.get_by_label("Begrundelse").fill("Sygdom")
    assert_everybody_can_use_on_every_screen(page, tmp_path / "form.png")
    page.get_by_role("button", name=SEE).click()
    page.get_by_role("heading", name="Det sker, når du trykker").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "shown.png")
    page.get_by_role("button", name="Meld fra").click()
    page.get_by_role("heading", name="Det er gjort").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "done.png")
    page.get_by_role("button", name="Fortryd").click()
    # The first in line has the seat by now.
    page.get_by_text("Holdet er fyldt.").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "refused.png")
    page.get_by_role("button", name="Give pladsen alligevel").click()
    page.get_by_label("Hvorfor skal").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "why.png")
    page.get_by_label("Hvorfor skal").fill("Vi tog fejl")
    page.get_by_role("button", name=SEE).click()
    page.get_by_text("5 af 4 har plads").wait_for()
    page.get_by_text("kan ikke kaldes tilbage").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "above.png")


def test_somebody_is_looked_for_and_what_cannot_be_done_is_said(open_page, desk, tmp_path):
    page = open_page(f"{COURSE}/act?action=handover", desk, viewport=PHONE)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "empty.png")
    page = open_page(f"{COURSE}?group=seated", desk, viewport=PHONE)
    page.get_by_role("link", name="Giv pladsen videre").first.click()
    page.get_by_label("Hvilken kollega").fill("a")
    page.get_by_role("button", name="Søg").click()
    page.get_by_role("radio").first.wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "found.png")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name=SEE).click()
    page.get_by_role("button", name="Ret det").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "chosen.png")
