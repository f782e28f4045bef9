"""The groups of an audience are chosen on its form: from those that are in use, and from the directory."""

from __future__ import annotations

import json
import re

import pytest

from bot.domain.sign_in import Role
from tests.builders.at_a_desk import browser_at
from tests.builders.directories import StandInDirectory, reach_to
from tests.builders.plan_on_desk import plan_on_desk
from tests.builders.sent_forms import form_on, typed

FORM = "/plan/edit/audiences"
SCHOOLS = "skoler@by.example"


@pytest.fixture
def hr(tmp_path):
    directory = StandInDirectory(groups={SCHOOLS: ("Skoleledere", 42), "een@by.example": ("Én", 1), "boern@by.example": ("<b>Børn</b>", 7)})
    with (
        plan_on_desk(tmp_path) as (stores, desks),
        browser_at(desks, stores.database, Role.HR, reach=reach_to(directory)) as browser,
    ):
        browser.stores, browser.directory = stores, directory
        yield browser


def row_of(page, name):
    """The number of the row of the audience of that name."""
    return next(field[1:].partition(".")[0] for field, value in form_on(page, FORM)[0] if field.endswith(".name") and value == name)


def send(hr, page, *, do, **cells):
    fields, buttons = form_on(page, FORM)
    assert do in buttons, buttons
    return hr.post(FORM, data=typed(fields, **cells) | {"do": do})


def groups_in(page, at):
    return dict(form_on(page, FORM)[0])[f"c{at}.groups"]


def test_a_search_shows_groups_of_the_directory_and_keeps_what_was_typed(hr):
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    found = send(hr, page, do=f"find.{at}", **{f"q{at}": " skole ", f"c{at}__name": "Helt nye ledere"}).text
    assert "Skoleledere" in found
    assert SCHOOLS in found
    assert 'value="Helt nye ledere"' in found
    assert hr.stores.drafts.load("by") == ()
    added = send(hr, found, do=f"take.{at}.{SCHOOLS}").text
    assert groups_in(added, at) == SCHOOLS
    assert "er med" in added
    assert f'value="take.{at}.{SCHOOLS}"' not in added
    assert hr.directory.asked == 1
    assert send(hr, added, do="save").status_code == 303
    (change,) = hr.stores.drafts.load("by")[0].changes
    assert (change.after[0]["name"], change.after[0]["groups"]) == ("Helt nye ledere", SCHOOLS)


def test_groups_in_use_are_offered_to_the_other_audiences_without_asking_anybody(hr):
    page = hr.get(FORM).text
    at, chiefs = row_of(page, "Nye ledere"), row_of(page, "Alle chefer")
    buttons = form_on(page, FORM)[1]
    assert f"take.{at}.chefer@by.example" in buttons
    assert f"take.{chiefs}.chefer@by.example" not in buttons
    taken = send(hr, page, do=f"take.{at}.chefer@by.example").text
    assert groups_in(taken, at) == "chefer@by.example"
    assert hr.directory.asked == 0


def test_a_second_group_stands_behind_the_first_and_no_group_twice(hr):
    page = hr.get(FORM).text
    at = row_of(page, "Alle chefer")
    page = send(hr, page, do=f"find.{at}", **{f"q{at}": "skole"}).text
    two = send(hr, page, do=f"take.{at}.{SCHOOLS}").text
    assert groups_in(two, at) == f"chefer@by.example, {SCHOOLS}"
    again = hr.post(FORM, data=typed(form_on(two, FORM)[0]) | {"do": f"take.{at}.{SCHOOLS.upper()}"}).text
    assert groups_in(again, at) == f"chefer@by.example, {SCHOOLS}"


def test_the_key_enter_searches_where_words_are_new_and_saves_elsewhere(hr):
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    found = send(hr, page, do="enter", **{f"q{at}": "skole"})
    assert found.status_code == 200
    assert SCHOOLS in found.text
    assert send(hr, found.text, do="enter").status_code == 303


@pytest.mark.parametrize(("words", "says"), [("findes ikke", "Ingen gruppe i kataloget begynder med »findes ikke«"), ("", "")])
def test_what_is_not_found_is_said(hr, words, says):
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    answer = send(hr, page, do=f"find.{at}", **{f"q{at}": words})
    assert answer.status_code == 200
    assert says in answer.text


def test_a_silent_directory_is_said_and_typing_goes_on(hr):
    hr.directory.is_silent = True
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    page = send(hr, page, do=f"find.{at}", **{f"q{at}": "skole"}).text
    assert "Kataloget kunne ikke spørges om grupper." in page
    page = send(hr, page, do="look", **{f"c{at}__groups": f"{SCHOOLS}, ny@by.example"}).text
    told = re.findall(rf'id="c{at}\.groups-told-\d+"', page)
    assert len(told) == 1
    assert "aria-invalid" not in page
    assert send(hr, page, do="save").status_code == 303


def test_a_new_group_is_looked_up_with_what_the_change_means_and_is_never_an_error(hr):
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    typed_in = {f"c{at}__groups": f"{SCHOOLS}, een@by.example, ingen@by.example, chefer@by.example"}
    page = send(hr, page, do="look", **typed_in).text
    field = page[page.index(f'for="c{at}.groups"') : page.index(f'id="c{at}.groups"')]
    assert f"Gruppen {SCHOOLS} har 42 medlemmer." in field
    assert "Gruppen een@by.example har ét medlem." in field
    assert "Gruppen ingen@by.example findes ikke i kataloget." in field
    assert "chefer@by.example har" not in field
    assert "form-error" not in field
    assert hr.directory.asked == 3
    page = send(hr, page, do="look").text
    assert hr.directory.asked == 3
    assert send(hr, page, do="save").status_code == 303


def test_nobody_is_asked_where_no_group_is_new(hr):
    page = hr.get(FORM).text
    send(hr, page, do="look", **{f"c{row_of(page, 'Nye ledere')}__name": "Andre"})
    send(hr, page, do="look", **{f"c{row_of(page, 'Nye ledere')}__groups": "ikke en adresse"})
    assert hr.directory.asked == 0


def test_names_of_groups_are_shown_as_text(hr):
    page = hr.get(FORM).text
    at = row_of(page, "Nye ledere")
    found = send(hr, page, do=f"find.{at}", **{f"q{at}": "boern"}).text
    assert "&lt;b&gt;Børn&lt;/b&gt;" in found
    assert "<b>Børn" not in found


@pytest.mark.parametrize("do", ["find.", "find.99999", "find.x", "take.", "take.0", "take.0.", "take.99.a@by.example", "find.²"])
def test_a_button_that_no_page_has_changes_nothing(hr, do):
    page = hr.get(FORM).text
    answer = hr.post(FORM, data=typed(form_on(page, FORM)[0]) | {"do": do})
    assert answer.status_code == 200
    assert groups_in(answer.text, row_of(page, "Alle chefer")) == "chefer@by.example"


def test_a_group_is_taken_by_audiences_alone(hr):
    """People are rows of the same form."""
    page = hr.get(FORM).text
    (person,) = [name[1:] for name, value in form_on(page, FORM)[0] if re.fullmatch(r"r\d+", name) and value.startswith("people!")]
    answer = hr.post(FORM, data=typed(form_on(page, FORM)[0]) | {"do": f"take.{person}.{SCHOOLS}"})
    was = json.loads(dict(form_on(answer.text, FORM)[0])[f"w{person}"])
    assert SCHOOLS not in was.values()
    assert f"c{person}.groups" not in dict(form_on(answer.text, FORM)[0])
