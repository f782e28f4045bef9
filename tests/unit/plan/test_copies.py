"""A course, an offering and a year once more: nothing of the old is changed, and nothing goes along that is its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.plan import parse_plan
from bot.plan.copies import copied_course, copied_offering, copied_year, days_to, offerings_of
from bot.plan.desk_rows import read_rows, rows_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = """
version: 1
id: norddjurs
organisation: Norddjurs Kommune
timezone: Europe/Copenhagen
language: da
organiser: kurser@norddjurs.example
contact: hr@norddjurs.example
audiences:
  ledere: {name: Alle ledere, groups: [ledere@norddjurs.example]}
funding:
  pulje-2026: {name: Puljen 2026, year: 2026, amount: 300000}
  pulje-2027: {name: Puljen 2027, year: 2027, amount: 300000}
  central: {name: Central konto, amount: 500000}
  forsøg: {name: Forsøg 2026, amount: 1000}
courses:
  - id: lederdag-2026
    was: lederdag
    title: Fælles lederdag 2026
    status: approved
    audience: ledere
    case: "26/1234"
    speakers: [{name: Ekstern Taler}, {name: Anden Taler}]
    enrolment: {deadline: 2026-06-04T12:00}
    funding:
      - {pool: pulje-2026, amount: 60000, spent: 1000}
      - {pool: central, amount: 5000}
    reminders: [{id: praktisk, before: start, days: 7, at: "09:00", to: [registered], channels: [mail], template: practical}]
    sessions: [{id: dag, start: 2026-06-17T09:00, end: 2026-06-17T15:30}]
  - id: trivsel
    title: Trivsel
    status: approved
    audience: ledere
    funding: [{pool: forsøg, amount: 500}]
    enrolment: {mode: choose}
    offerings:
      - {id: hold-1, title: Hold 1, sessions: [{id: dag, start: 2026-10-06T09:00, end: 2026-10-06T15:00}]}
      - {id: hold-2, title: Hold 2, sessions: [{id: dag, start: 2026-10-13T09:00, end: 2026-10-13T15:00}]}
  - id: talent
    title: Talent
    status: listed
    sessions: [{id: forløb, period: 2026-H2}]
  - {id: aflyst, title: Aflyst 2026, status: cancelled, audience: ledere, sessions: [{id: dag, start: 2026-03-03}]}
  - {id: uden, title: Uden dato, status: draft}
"""
ROWS = rows_of(parse_plan(PLAN.encode(), name="plan.yaml", now=NOW).usable())


def plan_of(rows):
    return read_rows(rows, now=NOW).usable()


def unchanged(rows):
    return {key: rows[key] for key in ROWS} == ROWS


def test_a_copied_course_has_all_that_the_old_one_has_but_what_is_its_alone():
    rows, new = copied_course(ROWS, "lederdag-2026", title="Efterårets lederdag", days=70)
    copy = plan_of(rows).known_course(new)
    assert unchanged(rows)
    assert (new, copy.title, copy.status.value) == ("efteraarets-lederdag", "Efterårets lederdag", "proposed")
    assert (copy.was, copy.case) == (None, "")
    assert not copy.funding[0].spent
    assert [one.name for one in copy.speakers] == ["Ekstern Taler", "Anden Taler"]
    assert copy.offerings[0].sessions[0].start == datetime(2026, 8, 26, 9)
    assert copy.enrolment.deadline == datetime(2026, 8, 13, 12)
    assert len(copy.funding) == 2
    assert [rule.id for rule in copy.reminders] == ["praktisk"]


def test_a_copy_stands_behind_the_old_one_and_gets_an_id_that_nothing_has():
    rows, new = copied_course(ROWS, "trivsel", title="Trivsel")
    assert new == "trivsel-2"
    assert [course.id for course in plan_of(rows).courses][1:3] == ["trivsel", "trivsel-2"]


def test_a_course_that_is_not_there_cannot_be_copied():
    with pytest.raises(KeyError):
        copied_course(ROWS, "lederdag", title="Ny")


def test_another_offering_is_a_choice_more():
    rows, new = copied_offering(ROWS, "trivsel", "hold-2", title="Hold 3", first="", days=7)
    third = plan_of(rows).known_course("trivsel").offerings[2]
    assert unchanged(rows)
    assert (new, third.title, third.sessions[0].start) == ("hold-3", "Hold 3", datetime(2026, 10, 20, 9))


def test_what_stood_straight_under_the_course_keeps_its_place_in_calendars():
    rows, new = copied_offering(ROWS, "lederdag-2026", "main", title="Hold 2", first="Hold 1", days=1)
    first, second = plan_of(rows).known_course("lederdag-2026").offerings
    assert (first.id, first.title, [one.id for one in first.sessions]) == ("main", "Hold 1", ["dag"])
    assert (second.id, second.sessions[0].start) == (new, datetime(2026, 6, 18, 9))


@pytest.mark.parametrize(("course", "offering"), [("trivsel", "hold-9"), ("trivsel", "main"), ("findes-ikke", "main")])
def test_an_offering_that_is_not_there_cannot_be_copied(course, offering):
    with pytest.raises(KeyError):
        copied_offering(ROWS, course, offering, title="Ny", first="Hold 1")


def test_a_year_is_moved_to_the_same_weekdays_and_has_to_be_decided_anew():
    copied = copied_year(ROWS, 2026, 2027)
    plan = plan_of(copied.rows)
    assert unchanged(copied.rows)
    assert copied.courses == (
        ("lederdag-2026", "lederdag-2027"), ("trivsel", "trivsel-2027"), ("talent", "talent-2027"),
    )  # fmt: skip
    day = plan.known_course("lederdag-2027")
    assert (day.title, day.status.value) == ("Fælles lederdag 2027", "proposed")
    assert day.offerings[0].sessions[0].start == datetime(2027, 6, 16, 9)
    assert day.enrolment.deadline == datetime(2027, 6, 3, 12)
    assert [one.pool for one in day.funding] == ["pulje-2027", "central"]
    talent = plan.known_course("talent-2027")
    assert (talent.status.value, talent.offerings[0].sessions[0].period) == ("listed", "2027-H2")


def test_money_that_the_new_year_has_no_pool_for_is_told():
    copied = copied_year(ROWS, 2026, 2027)
    assert copied.unfunded == ("trivsel-2027",)
    assert plan_of(copied.rows).known_course("trivsel-2027").funding == ()


def test_a_year_that_was_copied_already_is_not_copied_twice():
    once = copied_year(ROWS, 2026, 2027)
    again = copied_year(once.rows, 2026, 2027)
    assert again.rows == once.rows
    assert again.there == ("lederdag-2026", "trivsel", "talent")


def test_a_date_that_nobody_understands_stays_as_it_was_typed():
    key = ("sessions", "lederdag-2026//dag")
    typed = ROWS | {key: ({**ROWS[key][0], "end": "ved femtiden"},)}
    rows, new = copied_course(typed, "lederdag-2026", title="Ny dag", days=7)
    assert rows["sessions", f"{new}//dag"][0]["end"] == "ved femtiden"


@pytest.mark.parametrize(
    ("first", "year", "there"),
    [
        (date(2026, 6, 17), 2027, date(2027, 6, 16)),
        (date(2026, 1, 1), 2027, date(2026, 12, 31)),
        (date(2024, 2, 29), 2025, date(2025, 2, 27)),
        (date(2026, 6, 17), 2030, date(2030, 6, 19)),
    ],
)
def test_a_day_comes_nearest_to_itself_in_whole_weeks(first, year, there):
    moved = date.fromordinal(first.toordinal() + days_to(first, year))
    assert moved == there
    assert moved.weekday() == first.weekday()


def test_what_of_a_course_can_be_copied_as_another_offering():
    assert offerings_of(ROWS, "trivsel") == (("hold-1", "Hold 1"), ("hold-2", "Hold 2"))
    assert offerings_of(ROWS, "lederdag-2026") == (("main", ""),)
    assert offerings_of(ROWS, "uden") == ()
