"""Rules that only one kind of plan meets: rare keys, rare cells, and what the writers do with them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
import python_calamine

from bot.domain.errors import InputError, PlanInvalid
from bot.plan import parse_plan, read_plan_file, render_workbook, render_yaml
from bot.plan.moments import duration_text
from tests.builders.documents import HEAD, NOW, codes, found, parse, plan_of, with_course, with_sessions, workbook
from tests.unit.plan.archives import archive, unpacked, with_cells
from tests.unit.plan.plan_format import FORMAT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("extra", "code", "reason", "place"),
    [
        ("closing_days: [juleaften]", "value.invalid", "closing_day", "closing_days[0]"),
        ("closing_days: [2025-02-29]", "value.invalid", "no_such_date", "closing_days[0]"),
        ("closing_days: [1999-02-28]", "value.invalid", "year", "closing_days[0]"),
        ("school_holidays: [uge 7]", "value.invalid", "school_holiday", "school_holidays[0]"),
        ("school_holidays: [02-09..02-13]", "value.invalid", "school_holiday", "school_holidays[0]"),
        ("school_holidays: [2026-02-09..2026-02-30]", "value.invalid", "no_such_date", "school_holidays[0]"),
        ("school_holidays: [1999-02-09..2026-02-13]", "value.invalid", "year", "school_holidays[0]"),
        ("school_holidays: [2026-02-13..2026-02-09]", "value.invalid", "backwards", "school_holidays[0]"),
        ("sending: {from: '18:00'}", "value.invalid", "contradiction", "sending.from"),
        ("sending: {from: '12:00', to: '12:00'}", "value.invalid", "contradiction", "sending.to"),
        ("sending: altid", "value.invalid", "shape_mapping", "sending"),
        ("funding: {p: {currency: kroner}}", "value.invalid", "currency", "funding.p.currency"),
        ("funding: {p: {reserved: {central: meget}}}", "value.invalid", "amount", "funding.p.reserved.central"),
        ("funding: {p: {reserved: [central]}}", "value.invalid", "shape_mapping", "funding.p.reserved"),
        ("funding: {P: {}}", "id.invalid", "local", "funding.P"),
        ("funding: {p: 300000}", "value.invalid", "shape_mapping", "funding.p"),
        ("assumptions: {a: måske}", "value.invalid", "decision", "assumptions.a"),
        ("assumptions: {a: [true]}", "value.invalid", "shape_single", "assumptions.a"),
        ("assumptions: [a]", "value.invalid", "shape_mapping", "assumptions"),
        ("reminders: [{id: r, before: start, hours: 1, channels: mail, template: practical}]", "key.missing", None, "reminders[0]"),
        (f"{'k' * 90}: 1", "key.unknown", "list", "k" * 60 + "…"),
    ],
)
def test_rare_keys_are_checked_like_the_others(extra, code, reason, place):
    """At the place, with the reason."""
    assert [problem[:3] for problem in found(with_course("", extra=f"{extra}\n"))] == [(code, reason, place)]


def test_two_ids_that_differ_only_in_how_letters_are_typed_are_the_same_id():
    """`å` as one sign and as two are two keys to YAML, and one audience."""
    text = with_course("").replace("  tr:", "  å: {groups: [a@demo.example]}\n  a\u030a:")
    assert [problem[0] for problem in found(text)] == ["id.duplicate"]


def test_an_audience_that_is_no_mapping_is_told():
    """An address alone could be a group or a person."""
    assert found(with_course("").replace("{name: TR, groups: [tr@demo.example]}", "tr@demo.example"))[0][:3] == (
        "value.invalid", "shape_mapping", "audiences.tr",
    )  # fmt: skip


def test_an_empty_venue_says_nothing():
    """As every other key without a value."""
    assert plan_of(with_course("venue: {name: ''}")).courses[0].venue is None


def test_a_session_over_many_weeks_is_looked_at_for_a_month():
    """It is told once that it covers weekends, and a holiday far into it is not looked for."""
    text = with_sessions("id: a, start: 2025-11-03, end: 2025-12-31", extra="holidays: DK\n")
    assert codes(text) == ["session.on_weekend"]


def test_an_audience_with_few_people_is_not_counted_with_a_large_one():
    """Sizes are of each session's own audiences."""
    people = "".join(f"      - email: p{number}@demo.example\n" for number in range(501))
    text = with_sessions(
        "id: a, period: 2026", "id: b, start: 2026-01-06", "id: d, start: 2026-01-08", "id: c, start: 2026-01-07, audience: tr"
    )
    assert codes(text.replace("[ledere@demo.example]}", f"[ledere@demo.example]}}\n  mange:\n    people:\n{people}".rstrip())) == []


def test_a_plan_with_errors_is_not_usable():
    """`usable` raises with every problem."""
    with pytest.raises(PlanInvalid) as caught:
        parse(HEAD).usable()
    assert [problem.code for problem in caught.value.problems] == ["key.missing"]


def test_a_duration_is_written_in_whole_units():
    """A part of a minute cannot be said."""
    assert [duration_text(timedelta(minutes=minutes)) for minutes in (90, 120, 1440, 10080)] == ["90m", "2h", "1d", "1w"]
    with pytest.raises(ValueError, match="30"):
        duration_text(timedelta(seconds=30))


@pytest.mark.parametrize("render", [render_yaml, render_workbook])
@pytest.mark.parametrize(
    "text",
    [
        FORMAT,
        f"{HEAD}courses:\n  - {{id: k, title: K, status: proposed, offerings: [{{id: main, capacity: 5}}]}}\n",
        f"{HEAD}courses:\n  - {{id: k, title: K, status: proposed, offerings: [{{id: main}}]}}\n",
        f"{HEAD}courses:\n  - {{id: k, title: K, status: proposed, offerings: [{{id: b, sessions: [{{id: a, period: 2026}}]}}]}}\n",
        with_sessions("id: a, start: 2026-01-06T00:00, end: 2026-01-07T00:00, description: 'to\n\n          linjer'"),
        with_course("funding: [{pool: p, amount: 0.5}, {pool: p}]", extra="funding: {p: {}}\n"),
    ],
)
def test_what_is_written_is_read_as_the_same_plan(render, text):
    """Also an offering that says nothing, one that is all there is, and midnight."""
    plan = plan_of(text)
    again = parse_plan(render(plan), name="plan", now=NOW)
    assert replace(again.usable(), revision=plan.revision) == plan


RULE = ("Id", "Før", "Dage", "Til", "Kanaler", "Besked", "Kl.")


@pytest.mark.parametrize(
    ("cell", "at"),
    [(time(9, 30), time(9, 30)), ("9.30", time(9, 30)), ("kl. 9:30", time(9, 30)), (timedelta(hours=9, minutes=30), time(9, 30))],
)
def test_a_time_of_day_is_understood_however_excel_keeps_it(cell, at):
    """As a time, a text or a length."""

    def change(book):
        if isinstance(cell, timedelta):
            book.get_worksheet_by_name("Påmindelser").write_datetime("G2", cell, book.add_format({"num_format": "[h]:mm"}))

    written = None if isinstance(cell, timedelta) else cell
    data = workbook(change, Påmindelser=(RULE, ("r", "start", 1, "tilmeldte, alle", "Teams", "praktisk", written)))
    (rule,) = plan_of(data).reminders
    assert (rule.at, len(rule.to)) == (at, 2)


@pytest.mark.parametrize("cell", ["ni", 24, 9.5, "9.60", True, time(9, 30, 15), datetime(2025, 1, 1, 9, 30), datetime(1900, 1, 9)])
def test_what_is_no_time_of_day_is_refused(cell):
    """9.5 could be half past nine or ten to ten; a 9 that the cell's format has made nine days is no nine o'clock."""
    data = workbook(Påmindelser=(RULE, ("r", "start", 1, "alle", "mail", "praktisk", cell)))
    assert found(data) == [("cell.invalid", "time", "Påmindelser!G2", 2)]


def test_a_reminder_of_a_course_stands_under_that_course():
    """With `Kursus`; a course that is not there is an error."""

    def rule(name):
        return workbook(Påmindelser=((*RULE, "Kursus"), ("r", "start", 1, "alle", "mail", "practical", "09:00", name)))

    assert [one.id for one in plan_of(rule("kursus")).courses[0].reminders] == ["r"]
    assert [one.id for one in plan_of(rule(None)).reminders] == ["r"]
    assert found(rule("kursu"))[0][:3] == ("reference.unknown", "course_near", "Påmindelser!H2")


@pytest.mark.parametrize(
    ("sheets", "place", "key"),
    [
        ({"Målgrupper": (("Id", "Grupper"), ("ledere", "a@demo.example"), (None, "b@demo.example"))}, "Målgrupper!A3", "Id"),
        ({"Lukkedage": (("Dato", "Hvert år"), (None, "ja"))}, "Lukkedage!A2", "Dato"),
        ({"Forudsætninger": (("Id", "Værdi"), (None, "ja"))}, "Forudsætninger!A2", "Id"),
        ({"Puljer": (("Id",), ("p",)), "Reserveringer": (("Pulje", "Formål", "Beløb"), ("p", "a", None))}, "Reserveringer!A2", "Beløb"),
    ],
)
def test_a_row_without_what_it_is_about_is_told(sheets, place, key):
    """By the heading of the empty cell."""
    (problem,) = parse(workbook(**sheets)).problems
    assert (problem.code, problem.place, problem.params["key"]) == ("key.missing", place, key)


def test_a_cell_that_is_broken_is_not_also_missing():
    """One problem for one mistake, also in the cells that say what a row belongs to."""
    rows = (("Kursus", "Hold", "Session", "Periode"), (date(2025, 1, 1), None, "a", "2026"), ("kursus", None, "b", "2026"))
    assert found(workbook(Sessioner=rows)) == [("cell.invalid", "text", "Sessioner!A2", 2)]
    days = (("Dato", "Hvert år"), ("snart", "ja"))
    assert found(workbook(Lukkedage=days)) == [("cell.invalid", "moment", "Lukkedage!A2", 2)]


def test_two_courses_of_one_id_are_told_once_and_so_are_two_offerings():
    """The first has the sessions."""
    twice = workbook(Kurser=(("Id", "Titel", "Status"), ("kursus", "A", "kladde"), ("kursus", "B", "kladde")))
    assert found(twice) == [("id.duplicate", None, "Kurser!A3", 3)]
    offerings = (("Kursus", "Hold"), ("kursus", "main"), ("kursus", "main"), ("kursus", None))
    told = found(workbook(Hold=offerings, Sessioner=(("Kursus", "Hold", "Session", "Periode"), ("kursus", "main", "a", 2026))))
    assert told == [("id.duplicate", None, "Hold!B3", 3), ("key.missing", None, "Hold!A4", 4)]


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/sharedStrings.xml"])
def test_a_part_that_the_reader_cannot_use_makes_the_workbook_unreadable(part):
    """The scan passes, the reader does not."""
    data = archive(unpacked(workbook()) | {part: b"<a/>"})
    assert found(data) == [("workbook.unreadable", "broken", "", 1)]


@pytest.mark.parametrize(("name", "refused"), [("PanicException", True), ("KeyboardInterrupt", False)])
def test_a_crash_inside_the_reader_is_a_broken_workbook_and_nothing_else_is(monkeypatch, name, refused):
    """Rust's panics arrive as a BaseException of their own; a person's Ctrl-C must go on."""
    crash = type(name, (BaseException,), {})

    class Reader:
        @staticmethod
        def from_filelike(_):
            raise crash

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Reader)
    if refused:
        assert found(workbook()) == [("workbook.unreadable", "broken", "", 1)]
    else:
        with pytest.raises(crash):
            parse(workbook())


def test_a_cell_with_an_impossible_address_is_a_broken_workbook():
    """Its place would be unknown."""
    assert found(with_cells(b'<row r="9"><c r="9A"><v>1</v></c></row>')) == [("workbook.unreadable", "broken", "", 1)]


def test_a_pipe_where_a_plan_should_be_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into it, and whoever waited would keep every other plan waiting."""
    os.mkfifo(tmp_path / "plan.yaml")
    with pytest.raises(InputError, match="plan_file_is_special"):
        read_plan_file(tmp_path / "plan.yaml")
