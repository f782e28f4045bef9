"""Somebody else's list at the desk: looked over first, put right by HR, and then in the draft, and nowhere else."""

from __future__ import annotations

import re

import pytest

from bot.domain.sign_in import Role
from bot.plan.desk_rows import rows_of
from tests.builders.at_a_desk import browser_at
from tests.builders.plan_on_desk import plan_on_desk
from tests.builders.sent_forms import form_on, typed

LIST = "/plan/import/list"
CSV = (
    "Aktivitet;Hvornår;Sal\r\nTrivsel i hverdagen;9/3-2027 kl. 9-12;Sal 2\r\n"
    "<script>alert(1)</script>;engang;\r\n"
).encode("cp1252")  # fmt: skip


@pytest.fixture
def hr(tmp_path):
    with plan_on_desk(tmp_path) as (stores, desks), browser_at(desks, stores.database, Role.HR) as browser:
        browser.stores, browser.desks = stores, desks
        yield browser


def upload(hr, data=CSV, name="liste.csv"):
    proof = re.search(r'name="proof" value="([^"]*)"', hr.get(LIST).text)[1]
    return hr.post(LIST, data={"proof": proof}, files={"file": (name, data)})


def send(hr, page, do, **said):
    action = re.findall(r'<form method="post" action="([^"]*)"', page)[-1].replace("&amp;", "&")
    fields, buttons = form_on(page, action)
    assert do in buttons
    return hr.post(action, data=typed(fields, **{name.replace("_", "-"): value for name, value in said.items()}) | {"do": do})


def drafts(hr):
    return hr.stores.drafts.load("by")


def test_a_list_is_shown_before_anything_of_it_is_taken_in(hr):
    page = upload(hr).text
    assert "Det bliver til 2 kurser" in page
    assert "09-03-2027 09:00 – 12:00" in page
    assert "Række 3, »&lt;script&gt;alert(1)&lt;/script&gt;«: Dato »engang«" in page
    assert "<script>alert" not in page
    assert drafts(hr) == ()


def test_hr_says_otherwise_what_a_column_is(hr):
    page = upload(hr).text
    assert '<option value="venue" selected>' not in page.split("Sal</th>")[0]
    again = send(hr, page, "look", column_2="note").text
    assert '<option value="note" selected>' in again
    assert send(hr, again, "look", column_0="").text.count("Det bliver til 0 kurser") == 1


def test_what_is_taken_in_stands_in_the_draft_and_not_in_the_plan(hr):
    before = rows_of(hr.desks["by"].as_read)
    answer = send(hr, upload(hr).text, "take", column_2="venue")
    assert answer.status_code == 303
    (draft,) = drafts(hr)
    assert answer.headers["location"].startswith("/plan/edit?")
    assert "Kurserne fra listen står i kladden" in hr.get(answer.headers["location"]).text
    assert rows_of(hr.desks["by"].as_read) == before
    new = {change.row: change.after[0] for change in draft.changes if change.sheet == "courses"}
    assert new["trivsel-i-hverdagen"]["venue.name"] == "Sal 2"
    assert {cells["status"] for cells in new.values()} == {"proposed"}
    assert "plan draft" in {line.command for line in hr.stores.actions.load_actions("by")}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Der er ikke valgt nogen fil"),
        (b"\x00\x01", "kan ikke læses som en liste"),
        (("Emne;Dato\r\n" + "Trivsel;9/3-2027\r\n" * 501).encode(), "Listen har 502 rækker"),
    ],
)
def test_a_list_that_cannot_be_read_is_told_and_changes_nothing(hr, data, told):
    answer = upload(hr, data, "liste.csv" if data else "")
    assert answer.status_code == 400
    assert told in answer.text
    assert drafts(hr) == ()


@pytest.mark.parametrize("along", ["", "[", "{}", "[1]", '[["Emne"], [3]]', '"x"'])
def test_a_form_that_is_not_ours_any_more_is_no_list(hr, along):
    proof = re.search(r'name="proof" value="([^"]*)"', hr.get(LIST).text)[1]
    answer = hr.post(LIST, data={"proof": proof, "list": along, "do": "take"})
    assert answer.status_code in {200, 400}
    assert drafts(hr) == ()
