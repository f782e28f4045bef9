"""The forms of a plan on the desk: every row stands on one, and what was changed there is all that changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.drafts import WHOLE, merged
from bot.domain.people import Language
from bot.plan import sheets
from bot.plan.desk_forms import (
    COURSE,
    ROOTS,
    FormRow,
    as_kept,
    as_theirs,
    called,
    changes_of,
    met,
    narrowed,
    rows_shown,
    with_another,
    with_ids,
)

COURSES, SPEAKERS, SESSIONS, OFFERINGS = "courses", "speakers", "sessions", "offerings"
DAY = {"course": "a", "id": "dag", "start": "2027-06-18"}
ROWS = {
    ("plan", "plan"): ({"id": "by", "organisation": "By"},),
    (COURSES, "a"): ({"id": "a", "title": "Dagen"},),
    (COURSES, "b"): ({"id": "b", "title": "To hold"},),
    (OFFERINGS, "b/x"): ({"course": "b", "id": "x"},),
    (SESSIONS, "a//dag"): (DAY,),
    (SESSIONS, "b/x/dag"): (DAY | {"course": "b", "offering": "x"},),
    (SPEAKERS, "a/*"): ({"course": "a", "name": "Ane"}, {"course": "a", "name": "Bo"}),
    ("audiences", "alle"): ({"id": "alle", "name": "Alle"},),
    ("people", "alle/*"): ({"audience": "alle", "email": "ane@by.example"},),
    ("funding", "pulje"): ({"id": "pulje"},),
    ("expenses", "pulje/*"): ({"pool": "pulje", "title": "Kaffe"},),
    ("assumptions", "penge"): ({"id": "penge", "question": "Får vi dem?"},),
    ("reminders", "/r"): ({"id": "r", "template": "pending"},),
    ("reminders", "a/r"): ({"course": "a", "id": "r"},),
    ("closing_days", "*"): ({"date": "2027-12-24"},),
}


def shown(form=COURSE, course="a", rows=ROWS):
    return rows_shown(rows, form, course)


def typed(form, at, **cells):
    """The form with what somebody typed in one row of it."""
    row = form[at]
    return (*form[:at], as_kept(row, {**row.cells, **cells}), *form[at + 1 :])


def after(form, rows=ROWS):
    result = merged(rows, changes_of(form))
    assert result.conflicts == ()
    return result.rows


def test_every_row_of_a_plan_stands_on_one_form():
    forms = [*((COURSE, key[1]) for key in ROWS if key[0] == COURSES), *((form, "") for form in ROOTS)]
    assert {row.key for form, course in forms for row in shown(form, course)} == set(ROWS)
    lines = sum(len(shown(form, course)) for form, course in forms)
    assert lines == sum(map(len, ROWS.values()))


@pytest.mark.parametrize(("form", "course"), [(COURSE, "a"), (COURSE, "b"), *((form, "") for form in ROOTS)])
def test_a_form_as_it_was_shown_changes_nothing(form, course):
    assert changes_of(shown(form, course)) == ()


def test_what_is_typed_is_kept_and_what_nobody_sees_stays():
    rows = ROWS | {(COURSES, "a"): ({"id": "a", "title": "Dagen", "was": "gammel"},)}
    form = typed(shown(rows=rows), 0, title=" Lederdag ", id="hacket", was="andet", status="godkendt")
    assert after(form, rows)[COURSES, "a"] == ({"id": "a", "was": "gammel", "title": "Lederdag", "status": "approved"},)


def test_the_plans_own_row_is_edited_without_its_id():
    form = typed(shown("plan"), 0, organisation="Byen", id="andet")
    assert after(form)["plan", "plan"] == ({"id": "by", "organisation": "Byen"},)


def test_lines_of_one_owner_are_changed_together_and_in_their_order():
    form = shown()
    at = [row.sheet for row in form].index(SPEAKERS)
    form = with_another(typed(form, at + 1, name="Bodil"), sheets.SPEAKERS, "a/")
    form = typed(form, at + 2, name="Cai")
    form = (*form[:at], replace(form[at], is_gone=True), *form[at + 1 :])
    assert [one["name"] for one in after(form)[SPEAKERS, "a/*"]] == ["Bodil", "Cai"]


def test_what_is_new_and_empty_is_nothing_and_its_owner_with_it():
    form = with_ids(with_another(shown(), sheets.SPEAKERS, "a/"), ROWS)
    form = with_ids(with_another(form, sheets.REMINDERS, "a/"), ROWS)
    assert changes_of(form) == ()


def test_an_offering_with_sessions_is_something_though_nothing_is_typed_in_it():
    form = with_ids(with_another(shown(course="b"), sheets.OFFERINGS, "b/"), ROWS)
    assert form[-1].id == "hold"
    form = with_ids(with_another(form, sheets.SESSIONS, "b/hold/"), ROWS)
    assert form[-1].name == "b/hold/dag"
    assert changes_of(form) == ()
    rows = after(typed(form, len(form) - 1, start="2027-09-01"))
    assert rows[OFFERINGS, "b/hold"] == ({"course": "b", "id": "hold"},)
    assert rows[SESSIONS, "b/hold/dag"] == ({"course": "b", "offering": "hold", "id": "dag", "start": "2027-09-01"},)


def test_what_goes_takes_along_what_belongs_to_it():
    form = shown(course="b")
    assert set(ROWS) - set(after((form[0], replace(form[1], is_gone=True), *form[2:]))) == {(OFFERINGS, "b/x"), (SESSIONS, "b/x/dag")}
    gone = after((replace(form[0], is_gone=True), *form[1:]))
    assert set(ROWS) - set(gone) == {(COURSES, "b"), (OFFERINGS, "b/x"), (SESSIONS, "b/x/dag")}


def test_the_first_offering_takes_in_the_sessions_under_the_id_that_they_have():
    form = with_another(shown(), sheets.OFFERINGS, "a/")
    rows = after(with_ids(form, ROWS))
    assert rows[OFFERINGS, "a/main"] == ({"course": "a", "id": "main"},)
    assert rows[SESSIONS, "a/main/dag"] == ({"course": "a", "offering": "main", "id": "dag", "start": "2027-06-18"},)
    assert (SESSIONS, "a//dag") not in rows
    assert [row.id for row in with_ids(form, ROWS) if row.sheet == OFFERINGS] == ["main", "hold"]
    without = tuple(row for row in shown() if row.sheet != SESSIONS)
    assert [row.id for row in with_another(without, sheets.OFFERINGS, "a/") if row.sheet == OFFERINGS] == [""]
    new = typed(with_another(without, sheets.SESSIONS, "a//"), 1, start="2027-01-04")
    moved = with_another(with_ids(new, ROWS), sheets.OFFERINGS, "a/")
    assert [row.name for row in moved if row.sheet == SESSIONS] == ["a/main/dag-2"]


def test_a_new_thing_is_called_by_its_name_and_never_as_another():
    new = (FormRow(sheet=COURSES, cells={"title": "A"}), FormRow(sheet=COURSES, cells={}), FormRow(sheet=COURSES, cells={}))
    assert [row.id for row in with_ids(new, ROWS)] == ["a-2", "kursus", "kursus-2"]
    unknown = (FormRow(sheet=SESSIONS, owner="b/x/", cells={"title": "Åbning"}),)
    assert with_ids(unknown, ROWS)[0].cells["id"] == "aabning"


def test_a_course_of_no_rows_is_a_new_one():
    (row,) = shown(course="ny")
    assert (row.was, row.id, row.name) == (None, "", "")
    rows = after(with_ids(typed((row,), 0, title="Nyt kursus"), ROWS))
    assert rows[COURSES, "nyt-kursus"] == ({"id": "nyt-kursus", "title": "Nyt kursus"},)


def conflicts_of(form, theirs):
    return merged(theirs, changes_of(form)).conflicts


def test_what_another_wrote_meanwhile_is_met_and_either_may_hold():
    form, theirs = typed(shown(), 0, title="Mit"), ROWS | {(COURSES, "a"): ({"id": "a", "title": "Deres", "theme": "T"},)}
    (conflict,) = conflicts_of(form, theirs)
    again = met(form, [conflict])
    assert conflicts_of(again, theirs) == ()
    assert after(again, theirs)[COURSES, "a"] == ({"id": "a", "title": "Mit"},)
    kept = after(as_theirs(again, conflict), theirs)[COURSES, "a"]
    assert kept[0]["title"] == "Deres"


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_row_that_another_removed_is_there_again_or_stays_away(side):
    form, theirs = typed(shown(), 0, title="Mit"), {key: lines for key, lines in ROWS.items() if key != (COURSES, "a")}
    (conflict,) = conflicts_of(form, theirs)
    assert conflict.column == WHOLE
    again = met(form, [conflict])
    rows = after(as_theirs(again, conflict) if side == "theirs" else again, theirs)
    assert ((COURSES, "a") in rows) == (side == "mine")


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_row_that_i_removed_and_another_changed_goes_or_is_as_theirs(side):
    form = shown()
    form = (replace(form[0], is_gone=True), *form[1:])
    theirs = ROWS | {(COURSES, "a"): ({"id": "a", "title": "Deres"},)}
    (conflict,) = conflicts_of(form, theirs)
    again = met(form, [conflict])
    rows = after(as_theirs(again, conflict) if side == "theirs" else again, theirs)
    assert rows.get((COURSES, "a"), ()) == (() if side == "mine" else ({"id": "a", "title": "Deres"},))


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_lines_that_both_changed_are_one_or_the_other_and_never_mixed(side):
    form = shown()
    at = [row.sheet for row in form].index(SPEAKERS)
    form = typed(form, at, name="Anna")
    form = (*form[: at + 1], replace(form[at + 1], is_gone=True), *form[at + 2 :])
    theirs = ROWS | {(SPEAKERS, "a/*"): ({"course": "a", "name": "Ane"}, {"course": "a", "name": "Cai"}, {"course": "a", "name": "Dea"})}
    (conflict,) = conflicts_of(form, theirs)
    again = met(form, [conflict])
    rows = after(as_theirs(again, conflict) if side == "theirs" else again, theirs)
    wanted = ["Anna"] if side == "mine" else ["Ane", "Cai", "Dea"]
    assert [one["name"] for one in rows[SPEAKERS, "a/*"]] == wanted


def test_a_plan_is_narrowed_to_courses_and_all_that_no_course_has():
    keys = narrowed(ROWS, {"b"})
    assert set(ROWS) - set(keys) == {(COURSES, "a"), (SESSIONS, "a//dag"), (SPEAKERS, "a/*"), ("reminders", "a/r")}


def test_what_a_row_is_called():
    assert called(sheets.COURSES, {"title": "Dagen", "id": "a"}, Language.DA) == "Dagen"
    assert called(sheets.PEOPLE, {"email": "ane@by.example"}, Language.DA) == "ane@by.example"
    assert called(sheets.SESSIONS, {"start": "2027-06-18T09:00"}, Language.DA) == "18-06-2027 09:00"
    assert called(sheets.SESSIONS, {}, Language.DA) == ""
