"""The sheet of simple courses: what is read of it, what of a plan is written on it, and the sheet that is read first."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time

import openpyxl
import pytest

from bot.domain.people import Language
from bot.plan import parse_plan, problems_report, render_workbook
from bot.plan.starter import starter
from tests.builders.documents import AUDIENCE_ROWS, HEAD, NOW, found, parse, plan_of, workbook

IN_SHORT = ["Titel", "Status", "Målgruppe", "Dato", "Fra", "Til", "Sted", "Pladser", "Svarfrist", "Ansvarlig"]
DAY = datetime(2025, 6, 18)
ROW = ("Et kursus", "godkendt", "Ledere", DAY, time(9), time(15, 30), "Salen", 20, datetime(2025, 6, 1), "hr@demo.example")


def simple(*rows, headings=IN_SHORT, **sheets):
    return workbook(**{"Kurser": None, "Sessioner": None, "Enkle kurser": (tuple(headings), *rows), **sheets})


def test_a_row_is_a_whole_course():
    """One session on one day."""
    (course,) = plan_of(simple(ROW)).courses
    assert (course.id, course.title, course.audience, course.venue.name) == ("et-kursus", "Et kursus", ("ledere",), "Salen")
    assert (course.enrolment.capacity, course.enrolment.deadline, course.responsible) == (
        20,
        datetime(2025, 6, 1, 23, 59),
        ("hr@demo.example",),
    )
    (session,) = course.offerings[0].sessions
    assert (session.id, session.start, session.end) == ("dag", datetime(2025, 6, 18, 9), datetime(2025, 6, 18, 15, 30))


def test_it_says_the_same_as_the_full_lists_and_both_are_read():
    """The simple ones first; every column of the full list is read here too, and the day on a row there."""
    full = {
        "Kurser": (("Titel", "Status", "Målgruppe", "Dato", "Tema"), ("Det andet", "foreslået", "tr", "18/6-2025", "Et tema")),
        "Sessioner": None,
    }
    plan = plan_of(simple((*ROW, "Et tema", "ja"), headings=[*IN_SHORT, "Tema", "Online"], **full))
    assert [(course.id, course.theme, course.online) for course in plan.courses] == [
        ("et-kursus", "Et tema", True), ("det-andet", "Et tema", False),
    ]  # fmt: skip
    assert plan.courses[1].offerings[0].sessions[0].all_day


def test_a_course_has_its_sessions_in_one_place():
    """On its own row or on the sheet of sessions; a row without any may have them there."""
    rows = (("Kursus", "Start"), ("Et kursus", "19-06-2025"))
    twice = [one for one in found(simple(ROW, Sessioner=rows)) if one[0] == "cell.invalid"]
    assert twice == [("cell.invalid", "two_places", "Sessioner!A2", 2)]
    without = (*ROW[:3], None, None, None, *ROW[6:])
    assert plan_of(simple(without, Sessioner=rows)).courses[0].offerings[0].sessions[0].start == datetime(2025, 6, 19)


def test_an_empty_sheet_of_simple_courses_is_no_course():
    """Nor are its unticked boxes."""
    assert found(simple(headings=[*IN_SHORT, "Online"], Kurser=(("Titel", "Status"), ("K", "kladde")))) == [
        ("id.made", "title", "Kurser!A2", 2)
    ]
    assert plan_of(simple((None,) * 10 + (False,), headings=[*IN_SHORT, "Online"])).courses == ()


def test_a_heading_that_is_nearly_a_known_one_is_an_error_here_too():
    """Without it the seats would be lost in silence."""
    headings = [*IN_SHORT[:7], "Antal pladser", *IN_SHORT[8:]]
    told = [one for one in found(simple(ROW, headings=headings)) if one[0] != "id.made"]
    assert told == [("column.unknown", "near", "Enkle kurser!H1", 1)]
    for heading, meant in (("Datoer", "Dato"), ("Starttid", "Fra"), ("Slut", "Til"), ("Kursusdato", "Dato")):
        headings = [heading if name == meant else name for name in IN_SHORT]
        (problem,) = (one for one in parse(simple(ROW, headings=headings)).problems if one.code == "column.unknown")
        assert problem.params["nearest"] == meant
    assert plan_of(simple((*ROW, "x"), headings=[*IN_SHORT, "Dato for beslutning"])).courses[0].id == "et-kursus"


TIMES = "sessions: [{id: dag, start: 2025-06-18T09:00, end: 2025-06-18T12:00}]"
SIMPLE = f"  - {{id: %s, title: %s, status: proposed, {TIMES}}}\n"
RICH = "  - {id: rig, title: Rig, status: proposed, theme: Mere}\n"


@pytest.mark.parametrize(
    ("courses", "in_short"),
    [
        (SIMPLE % ("a", "A") + SIMPLE % ("b", "B") + RICH, ["A", "B"]),
        (RICH + SIMPLE % ("a", "A"), []),
        (SIMPLE % ("a", "A") + RICH + SIMPLE % ("b", "B"), ["A"]),
        ("  - {id: a, title: A, status: kladde}\n".replace("kladde", "draft"), ["A"]),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: dag, period: 2025-H2}]}\n", ["A"]),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: dag, start: 2025-06-18}]}\n", ["A"]),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: dag, start: 2025-06-18, end: 2025-06-19}]}\n", []),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: dag, start: 2025-06-18T20:00, end: 2025-06-19T02:00}]}\n", []),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: dag, start: 2025-06-18T00:00, end: 2025-06-18T02:00}]}\n", []),
        ("  - {id: a, title: A, status: proposed, sessions: [{id: del, start: 2025-06-18}]}\n", []),
        ("  - {id: a, title: A, status: proposed, venue: {name: Sal, room: sal@demo.example}}\n", []),
        ("  - {id: a, title: A, status: proposed, enrolment: {capacity: 4, waiting_list: false}}\n", []),
        ("  - {id: a, title: A, status: proposed, enrolment: {capacity: 4, deadline: 2025-06-01}}\n", ["A"]),
        ("  - {id: a, title: A, status: proposed, enrolment: {capacity: 4, deadline: 2025-06-01T12:00}}\n", ["A"]),
        ("  - {id: a, title: A, status: proposed, offerings: [{id: main, capacity: 5}]}\n", []),
    ],
)  # fmt: skip
def test_the_first_courses_that_fit_are_written_there_and_read_the_same(courses, in_short):
    """So the order of the plan stays."""
    plan = plan_of(f"{HEAD}courses:\n{courses}")
    data = render_workbook(plan)
    page = openpyxl.load_workbook(io.BytesIO(data))["Enkle kurser"]
    assert [row[0] for row in page.iter_rows(min_row=2, values_only=True) if row[0]] == in_short
    again = parse_plan(data, name="plan.xlsx", now=NOW)
    assert again.problems == ()
    assert replace(again.usable(), revision=plan.revision, shape=plan.shape) == plan


def test_the_starter_begins_with_what_is_read_first_and_the_narrow_sheet():
    """Ids are out of sight, dates are checked, and the audiences are offered by name."""
    book = openpyxl.load_workbook(io.BytesIO(starter("xlsx", Language.DA)))
    assert book.sheetnames[:3] == ["Læs mig først", "Enkle kurser", "Plan"]
    page = book["Enkle kurser"]
    assert [cell.value for cell in page[1] if not page.column_dimensions[cell.column_letter].hidden] == IN_SHORT
    assert [row[:8] for row in page.iter_rows(min_row=2, max_row=2, values_only=True)] == [
        ("Økonomi for nye ledere", "foreslået", "Nye ledere", datetime(2030, 5, 14), time(9), time(12), "Mødecentret", 20)
    ]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert (rules["B2"].type, rules["C2"].formula1, rules["D2"].type, rules["I2"].type) == (
        "list",
        "'Målgrupper'!$B$2:$B$2000",
        "date",
        "date",
    )
    assert book["Kurser"].column_dimensions["A"].hidden
    assert any("18/6-2030" in str(row[1].value) for row in book["Læs mig først"].iter_rows())


@pytest.mark.parametrize("language", Language)
def test_every_sheet_prints_on_a4_across_with_its_headings_repeated(language):
    book = openpyxl.load_workbook(io.BytesIO(starter("xlsx", language)))
    for page in book:
        assert (page.page_setup.orientation, page.page_setup.paperSize, page.sheet_properties.pageSetUpPr.fitToPage) == (
            "landscape",
            9,
            True,
        )
        assert page.print_title_rows == "$1:$1"


def test_a_note_is_no_warning():
    """What is told of ids alone leaves the plan in order."""
    parsed = parse(simple(ROW, Målgrupper=AUDIENCE_ROWS))
    assert parsed.is_fine
    first, second = problems_report(parsed.problems, Language.DA).splitlines()
    assert first == "TIL ORIENTERING · Enkle kurser!A2 · id.made"
    assert second.strip().startswith("Id lavet af titlen: et-kursus.")
    assert not parse(simple((*ROW[:3], datetime(2025, 6, 21), *ROW[4:]))).is_fine
