"""How the forms of a plan on the desk look: for everybody, on every screen; and what stands beside them while somebody types."""

from __future__ import annotations

import json

from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.directories import StandInDirectory, reach_to
from tests.builders.plan_on_desk import DOCUMENT, plan_on_desk
from tests.web.signed_in import signed_in

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze <b>"
PAGES = (
    "/plan", "/plan/edit", "/plan/edit/courses", "/plan/edit/course/intro", "/plan/edit/audiences", "/plan/edit/money",
    "/plan/edit/decisions", "/plan/edit/messages", "/plan/edit/plan", "/plan/import",
)  # fmt: skip


def long_words():
    document = json.loads(json.dumps(DOCUMENT))
    document["courses"][1] |= {"title": LONG * 2, "note": LONG, "materials": [{"title": LONG, "url": "https://by.example/" + "x" * 90}]}
    document["audiences"]["chefer"]["name"] = LONG
    return document


def test_the_forms_of_a_plan_can_be_used_by_everybody(browser, tmp_path):
    with plan_on_desk(tmp_path, long_words()) as (stores, desks), signed_in(browser, stores.database, desks, viewport=PHONE) as site:
        page = site.open("/plan/edit/course/intro")
        page.locator("input[name='c0.theme']").fill("x" * 60)
        page.locator(".plan-side button[value=save]").click()
        for number, address in enumerate(PAGES):
            page = site.open(address)
            assert_everybody_can_use_on_every_screen(page, tmp_path / f"{number}.png")


def test_who_gets_mail_follows_what_is_typed_and_enter_saves_in_the_draft(browser, tmp_path):
    with plan_on_desk(tmp_path) as (stores, desks), signed_in(browser, stores.database, desks, viewport=DESK_TOP) as site:
        page = site.open("/plan/edit/course/lederdag")
        end = page.locator("input[value='18-06-2027 15:00']")
        end.fill("18-06-2027 16:00")
        end.press("Tab")
        page.get_by_text("13 mails til 13 personer.").wait_for()
        assert stores.drafts.load("by") == ()
        page.locator("input[name='c0.title']").press("Enter")
        page.get_by_text("Gemt i kladden.").wait_for()
        assert [one.row for one in stores.drafts.load("by")[0].changes] == ["lederdag//dag"]


def test_a_group_is_found_and_taken_with_the_keyboard_and_its_count_follows(browser, tmp_path):
    """The key Enter in the field of the search finds; what was typed elsewhere stays, and nothing is saved before it is."""
    reach = reach_to(StandInDirectory(groups={"x" * 60 + "@by.example": (LONG, 1), "skoler@by.example": ("Skoleledere", 42)}))
    with plan_on_desk(tmp_path) as (stores, desks), signed_in(browser, stores.database, desks, viewport=PHONE, reach=reach) as site:
        page = site.open("/plan/edit/audiences")
        row = page.get_by_role("group", name="Nye ledere").first
        row.get_by_text("Find en gruppe").click()
        row.get_by_label("Gruppens navn eller adresse").fill("skole")
        row.get_by_label("Gruppens navn eller adresse").press("Enter")
        take = page.get_by_role("button", name="Tilføj – Skoleledere")
        take.wait_for()
        assert_everybody_can_use_on_every_screen(page, tmp_path / "found.png")
        assert page.evaluate("document.activeElement.name").startswith("q")
        take.press("Enter")
        page.get_by_text("er med", exact=True).wait_for()
        page.get_by_role("button", name="Se, hvad det betyder").click()
        page.get_by_text("Gruppen skoler@by.example har 42 medlemmer.").first.wait_for()
        assert_everybody_can_use_on_every_screen(page, tmp_path / "looked.png")
        assert stores.drafts.load("by") == ()
        page.locator("input[name$='.groups']").last.fill("ukendt@by.example")
        page.keyboard.press("Tab")
        page.locator("#effect").get_by_text("Gruppen ukendt@by.example findes ikke i kataloget.").wait_for()
