"""HR and a plan on the desk, in a real browser: a year copied, two people at once, and a rename that mails nobody."""

from __future__ import annotations

import json

import pytest

from bot.plan.desk_rows import rows_of
from tests.builders.browsers import DESK_TOP, PHONE
from tests.builders.plan_on_desk import DOCUMENT, keep_plan, plan_on_desk
from tests.web.signed_in import signed_in


@pytest.fixture
def hr(browser, tmp_path):
    with plan_on_desk(tmp_path) as (stores, desks), signed_in(browser, stores.database, desks, viewport=DESK_TOP, wake=woken) as site:
        site.stores, site.desks = stores, desks
        yield site


def woken(_plan, _job):
    """Nobody carries out in these stories what waits."""


def press(page, name):
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def plan(hr):
    return hr.desks["by"].as_read


def test_a_year_is_copied_looked_over_and_saved(hr):
    page = hr.open("/plan/edit/courses")
    page.get_by_text("Kopiér et helt år").click()
    press(page, "2027 → 2028")
    assert "2 kurser står nu i en ny kladde" in page.locator("main").inner_text()
    assert "Ingen får mail" in page.locator("main").inner_text()
    press(page, "Gem i planen")
    assert page.url.startswith(f"{hr.home}/plan?")
    copied = [course for course in plan(hr).courses if course.id.endswith("-2028")]
    assert [(one.title, one.status.value) for one in copied] == [("Fælles lederdag", "proposed"), ("Ny som leder", "proposed")]
    days = [session.start for course in copied for _, session in course.sessions()]
    assert {day.year for day in days} == {2028}
    assert [day.weekday() for day in days] == [4, 1, 1]


def test_two_people_change_the_same_and_whoever_saves_last_chooses(hr):
    page = hr.open("/plan/edit/course/lederdag")
    page.locator("input[name='c0.title']").fill("Lederdag om trivsel")
    page.locator("input[name='c0.theme']").fill("Trivsel")
    press(page, "Gem i kladden")
    document = json.loads(json.dumps(DOCUMENT))
    document["courses"][0] |= {"title": "Lederdag om fravær", "case": "27/100"}
    keep_plan(hr.stores, document, by="inge@by.example")
    hr.open("/plan/edit")
    told = page.locator("#conflicts").inner_text()
    assert "Lederdag om trivsel" in told
    assert "Lederdag om fravær" in told
    page.get_by_label("Lederdag om trivsel").check()
    press(page, "Brug det, jeg har valgt")
    assert page.locator("#conflicts").count() == 0
    press(page, "Gem i planen")
    course = plan(hr).known_course("lederdag")
    assert (course.title, course.theme, course.case) == ("Lederdag om trivsel", "Trivsel", "27/100")


def test_a_rename_that_nobody_outside_sees_mails_nobody(hr):
    before = rows_of(plan(hr))
    page = hr.open("/plan/edit/audiences")
    page.locator("input[value='Alle chefer']").fill("Alle chefer og ledere")
    page.locator("input[value='Alle chefer og ledere'], input[name='c0.name']").first.press("Tab")
    page.get_by_text("Ingen får mail").first.wait_for()
    press(page, "Gem i kladden")
    hr.open("/plan/edit")
    press(page, "Gem i planen")
    after = rows_of(plan(hr))
    assert {key: after[key] for key in after if key[0] != "audiences"} == {key: before[key] for key in before if key[0] != "audiences"}
    assert [one.name for one in plan(hr).audiences] == ["Alle chefer og ledere", "Nye ledere"]


def test_a_course_is_written_on_a_phone_and_its_id_is_never_seen(browser, tmp_path):
    with plan_on_desk(tmp_path) as (stores, desks), signed_in(browser, stores.database, desks, viewport=PHONE, wake=woken) as site:
        page = site.open("/plan/edit/course/new")
        page.locator("input[name='c0.title']").fill("Når æbler falder")
        page.locator("select[name='c0.status']").select_option("proposed")
        page.locator("button[value^='add.sessions']").first.click()
        page.locator("input[name='c1.start']").fill("18. juni 2027 kl. 9")
        page.locator("input[name='c1.end']").fill("15.30")
        assert "naar-aebler-falder" not in page.locator("main").inner_text()
        press(page, "Gem i kladden")
        site.open("/plan/edit")
        press(page, "Gem i planen")
        course = desks["by"].as_read.known_course("naar-aebler-falder")
        assert f"{course.offerings[0].sessions[0].start:%d-%m-%Y %H.%M}" == "18-06-2027 09.00"


def test_a_list_of_somebody_else_becomes_courses_in_the_draft(hr):
    page = hr.open("/plan/import/list")
    content = "Emne;Hvornår;Sal\r\nTrivsel;9/3-2027 kl. 9-12;Sal 2\r\n".encode("cp1252")
    page.locator("input[type=file]").set_input_files({"name": "liste.csv", "mimeType": "text/csv", "buffer": content})
    press(page, "Læs listen")
    page.get_by_label("Sal", exact=True).select_option("venue")
    press(page, "Vis igen")
    press(page, "Tag med i kladden")
    press(page, "Gem i planen")
    course = plan(hr).known_course("trivsel")
    assert (course.venue.name, course.status.value) == ("Sal 2", "proposed")
