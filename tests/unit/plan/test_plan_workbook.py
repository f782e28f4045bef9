"""Workbooks: headings, what Excel makes of cells, and how rows belong together; every problem with its cell."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time

import openpyxl
import pytest

from bot.domain.assumptions import condition_text
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, CourseStatus
from bot.domain.programme import Venue
from bot.plan import parse_plan, render_workbook
from bot.plan.columns import CellKind
from bot.plan.sheets import SHEETS
from tests.builders.documents import AUDIENCE_ROWS, COURSE_ROWS, NOW, PLAN_ROWS, SESSION_ROWS, found, parse, plan_of, sessions, workbook
from tests.unit.plan.plan_format import FORMAT

NINE, THREE = datetime(2025, 6, 17, 9, 0), datetime(2025, 6, 17, 15, 0)


def one_session(*cells, headings=SESSION_ROWS[0]):
    """What a workbook with one row of sessions says, and the session if it is a plan."""
    data = sessions(("kursus", None, "dag", *cells), headings=headings)
    parsed = parse(data)
    return found(data), parsed.plan.courses[0].offerings[0].sessions[0] if parsed.plan else None


def test_a_workbook_says_the_same_as_yaml():
    """The whole format, through a workbook and back."""
    plan = plan_of(FORMAT)
    again = parse_plan(render_workbook(plan), name="plan.xlsx", now=NOW)
    assert again.problems == ()
    assert again.plan is not None
    assert replace(again.plan, revision=plan.revision) == plan


def test_the_content_decides_the_format_and_not_the_name():
    """A workbook called .yaml is a workbook; YAML called .xlsx is no workbook."""
    assert parse(workbook(), name="plan.yaml").plan is not None
    assert found("version: 1", name="Plan.XLSX") == [("workbook.unreadable", "no_workbook", "", 1)]


@pytest.mark.parametrize("language", ["danish", "english"])
def test_danish_and_english_headings_are_read_whatever_their_case_and_spaces(language):
    """Sheets, columns and the names on the sheet Plan."""
    english = language == "english"
    names = {name: sheet.english for sheet in SHEETS for name in [sheet.danish]} if english else {}
    headings = {column.danish: column.english for sheet in SHEETS for column in sheet.columns} if english else {}
    pages = {"Plan": PLAN_ROWS, "Målgrupper": AUDIENCE_ROWS, "Kurser": COURSE_ROWS, "Sessioner": SESSION_ROWS}
    turned = {
        f"  {names.get(name, name).upper()} ": tuple(
            tuple(f" {headings.get(cell, cell)}\u00a0".upper() if cell in headings or row == 0 else cell for cell in cells)
            for row, cells in enumerate(rows)
        )
        for name, rows in pages.items()
    }
    data = workbook(**dict.fromkeys(pages), **turned)
    assert replace(plan_of(data), revision="") == replace(plan_of(workbook()), revision="")


@pytest.mark.parametrize(
    ("cell", "start", "all_day"),
    [
        (NINE, NINE, False),
        ("17-06-2025 09:00", NINE, False),
        ("17.06.2025 kl. 9.00", NINE, False),
        ("17-6-2025, 9:00", NINE, False),
        ("17. juni 2025 kl. 09.00", NINE, False),
        ("2025-06-17T09:00", NINE, False),
        (" 2025-06-17 09:00 ", NINE, False),
        (date(2025, 6, 17), datetime(2025, 6, 17), True),
        ("17-06-2025", datetime(2025, 6, 17), True),
        ("2025-06-17T00:00", datetime(2025, 6, 17), False),
    ],
)
def test_dates_of_excel_and_danish_texts_are_understood(cell, start, all_day):
    """A date without hours is an all-day session."""
    end = None if all_day else THREE
    problems, session = one_session(cell, end)
    assert problems == []
    assert (session.start, session.all_day) == (start, all_day)


@pytest.mark.parametrize(
    ("cell", "code", "reason"),
    [
        ("06/18/2025 09:00", "cell.invalid", "month_first"),
        ("06/07/25", "cell.invalid", "two_days"),
        ("18-06-25", "cell.invalid", "two_days"),
        ("18-06.2025", "cell.invalid", "moment"),
        ("i morgen", "cell.invalid", "moment"),
        (45000, "cell.invalid", "moment"),
        (True, "cell.invalid", "moment"),
        (time(9, 0), "cell.invalid", "moment"),
        (datetime(2025, 6, 17, 9, 0, 30), "cell.invalid", "moment"),
        ("31-06-2025 09:00", "value.invalid", "no_such_date"),
        ("17-06-2025 25:00", "value.invalid", "no_such_date"),
    ],
)
def test_a_date_that_could_be_guessed_wrong_is_refused_with_its_cell(cell, code, reason):
    """American order, two-digit years, numbers."""
    problems, _ = one_session(cell, THREE)
    assert problems == [(code, reason, "Sessioner!D2", 2)]


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("Titel", 2025, ("title", "2025")),
        ("Titel", 7.5, ("title", "7.5")),
        ("Titel", "  to   ord ", ("title", "to ord")),
        ("Beskrivelse", "a\nb", ("description", "a\nb")),
        ("Online", True, ("online", True)),
        ("Online", "Ja", ("online", True)),
        ("Online", "no", ("online", False)),
        ("Online", 0, ("online", False)),
        ("Målgruppe", "tr; ledere,tr", ("audience", ("tr", "ledere"))),
        ("Målgruppe", "-", ("audience", ())),
        ("Lokale", "Sal-1@demo.example", ("venue", Venue(room="sal-1@demo.example"))),
    ],
)
def test_what_excel_made_of_a_cell_is_understood(heading, cell, said):
    """Numbers that were ids, ja and nej, lists."""
    problems, session = one_session(NINE, THREE, cell, headings=(*SESSION_ROWS[0], heading))
    assert problems == []
    assert getattr(session, said[0]) == said[1]


@pytest.mark.parametrize(
    ("heading", "cell", "code", "reason"),
    [
        ("Titel", date(2025, 9, 1), "cell.invalid", "text"),
        ("Titel", True, "cell.invalid", "text"),
        ("Online", "måske", "value.invalid", "flag"),
        ("Online", 2, "cell.invalid", "flag"),
        ("Målgruppe", date(2025, 9, 1), "cell.invalid", "text"),
        ("Målgruppe", "ledere, leder", "reference.unknown", "audience_near"),
    ],
)
def test_what_excel_spoiled_is_refused_with_its_cell(heading, cell, code, reason):
    """A text that became a date cannot be undone."""
    problems, _ = one_session(NINE, THREE, cell, headings=(*SESSION_ROWS[0], heading))
    assert problems == [(code, reason, "Sessioner!F2", 2)]


def test_a_period_that_excel_made_a_number_is_read_and_one_that_it_made_a_date_refused():
    """2025 and 2025-09."""
    headings = ("Kursus", "Session", "Periode")
    assert plan_of(sessions(("kursus", 2025, 2025), headings=headings)).courses[0].offerings[0].sessions[0].period == "2025"
    assert plan_of(sessions(("kursus", 2025, 2025), headings=headings)).courses[0].offerings[0].sessions[0].id == "2025"
    assert found(sessions(("kursus", "a", date(2025, 9, 1)), headings=headings))[0] == ("cell.invalid", "period", "Sessioner!C2", 2)


def test_fixed_choices_are_read_in_danish_and_in_the_formats_own_words():
    """A wrong one is refused with the choices of the drop-down."""
    for word in ("Reservér datoen", "save_the_date"):
        rows = (COURSE_ROWS[0], ("kursus", "K", word, "ledere"))
        assert plan_of(workbook(Kurser=rows)).courses[0].status is CourseStatus.SAVE_THE_DATE
    wrong = workbook(Kurser=(COURSE_ROWS[0], ("kursus", "K", "godkent", "ledere")))
    assert found(wrong) == [("cell.invalid", "choice_near", "Kurser!C2", 2)]
    assert parse(wrong).problems[0].params["nearest"] == "godkendt"


def test_a_name_on_the_sheet_plan_that_is_not_known_is_an_error():
    """It is a key."""
    rows = (*PLAN_ROWS, ("Organisatør", "x@demo.example"), ("Id", "igen"))
    assert found(workbook(Plan=rows)) == [("key.unknown", "near", "Plan!A9", 9), ("cell.invalid", "double_heading", "Plan!A10", 10)]


def test_what_is_missing_is_told_at_the_row_and_by_its_heading():
    """A whole column that is needed is told once, at the headings."""
    headless = workbook(Sessioner=(("Kursus", "Start"), ("kursus", NINE)))
    told = [(problem.place, problem.params["key"]) for problem in parse(headless).problems]
    assert told == [("Sessioner!A2", "Slut")]
    nameless = workbook(Kurser=(("Status",), ("godkendt",)), Målgrupper=(("Grupper",), ("a@demo.example",)), Sessioner=None)
    told = [(problem.place, problem.params["key"]) for problem in parse(nameless).problems]
    assert told == [("Målgrupper!A1", "Navn"), ("Kurser!A1", "Titel")]
    (problem,) = parse(sessions(("kursus", None, "dag", NINE, None))).problems
    assert (problem.code, problem.place, problem.params["key"]) == ("key.missing", "Sessioner!A2", "Slut")


def test_without_the_sheet_of_courses_the_plan_is_not_usable():
    """A workbook that is something else says which sheets a plan has."""
    assert ("key.missing", None, "", 1) in found(workbook(Kurser=None, Sessioner=None))
    other = workbook(Plan=None, Målgrupper=None, Kurser=None, Sessioner=None, Budget=(("a",),))
    assert found(other) == [("workbook.unreadable", "no_sheets", "", 1)]


def test_rows_that_belong_to_nothing_are_errors():
    """A session of a misspelt course would otherwise be cancelled in silence."""
    wrong = sessions(("kursu", None, "dag", NINE, THREE), (None, None, "dag", NINE, THREE), SESSION_ROWS[1])
    assert found(wrong) == [("reference.unknown", "course_near", "Sessioner!A2", 2), ("key.missing", None, "Sessioner!A3", 3)]


OFFERINGS = (("Kursus", "Hold", "Titel", "Pladser"), ("kursus", "hold-1", "Første", 20), ("kursus", "hold-2", None, None))


def test_offerings_are_named_by_their_sessions_or_listed_with_more():
    """Where the sheet Hold lists any, a session may name no other."""
    rows = (("kursus", "hold-1", "dag", NINE, THREE), ("kursus", "hold-2", "dag", NINE, THREE))
    named = plan_of(sessions(*rows)).courses[0].offerings
    assert [(offering.id, offering.title, len(offering.sessions)) for offering in named] == [("hold-1", "", 1), ("hold-2", "", 1)]
    listed = plan_of(workbook(Hold=OFFERINGS, Sessioner=(SESSION_ROWS[0], *rows[::-1]))).courses[0].offerings
    assert [(offering.id, offering.title, offering.capacity) for offering in listed] == [("hold-1", "Første", 20), ("hold-2", "", None)]
    wrong = workbook(
        Hold=OFFERINGS, Sessioner=(SESSION_ROWS[0], ("kursus", "hold-3", "a", NINE, THREE), ("kursus", None, "b", NINE, THREE))
    )
    assert found(wrong) == [("reference.unknown", "offering_near", "Sessioner!B2", 2), ("key.missing", None, "Sessioner!A3", 3)]


def test_people_pools_and_closing_days_have_sheets_of_their_own():
    """What does not fit on a row of its owner."""
    data = workbook(
        Personer=(("Målgruppe", "E-mail", "Navn"), ("tr", "a@demo.example", "A")),
        Puljer=(("Id", "Navn", "Beløb"), ("p", "Pulje", 99.5)),
        Reserveringer=(("Pulje", "Formål", "Beløb"), ("p", "central", 40)),
        Lukkedage=(("Dato", "Hvert år"), (date(2025, 12, 24), "ja"), ("05-06-2025", None)),
        Skoleferier=(("Fra", "Til", "Navn"), (date(2025, 2, 10), "14-02-2025", "Vinterferie"), ("2. maj 2025", None, "Store bededag")),
        Forudsætninger=(("Id", "Værdi"), ("a", "uafklaret"), ("b", None), ("c", "nej")),
        Finansiering=(("Kursus", "Pulje", "Hvis"), ("kursus", "p", "ikke a")),
    )
    plan = plan_of(data)
    assert [person.email for person in plan.audiences[1].people] == ["a@demo.example"]
    assert (str(plan.funding[0].amount), plan.funding[0].reserved[0][0]) == ("99.5", "central")
    assert plan.closing_days == (ClosingDay(month=12, day=24), ClosingDay(month=6, day=5, year=2025))
    assert plan.school_holidays == (
        SchoolHoliday(first=date(2025, 2, 10), last=date(2025, 2, 14)),
        SchoolHoliday(first=date(2025, 5, 2), last=date(2025, 5, 2)),
    )
    assert [item.value for item in plan.assumptions] == [None, None, False]
    assert condition_text(plan.courses[0].funding[0].when) == "not a"
    assert plan.audiences[0] == AudienceRule(id="ledere", name="Ledere", groups=("ledere@demo.example",))


def test_a_school_holiday_that_is_not_one_is_told_with_its_cell():
    ferier = (
        ("Fra", "Til"),
        (date(2025, 2, 14), date(2025, 2, 10)),
        (None, date(2025, 2, 10)),
        ("uge 7", None),
        (date(2025, 2, 10), "uge 7"),
    )
    assert [(code, place) for code, _, place, _ in found(workbook(Skoleferier=ferier))] == [
        ("value.invalid", "Skoleferier!B2"),
        ("key.missing", "Skoleferier!A3"),
        ("cell.invalid", "Skoleferier!A4"),
        ("cell.invalid", "Skoleferier!B5"),
    ]


def test_empty_rows_and_hidden_sheets_change_nothing():
    """A named sheet is read whether it is hidden or not."""
    spread = sessions((), (None, " "), SESSION_ROWS[1])
    hidden = workbook(lambda book: book.get_worksheet_by_name("Sessioner").hide())
    for data in (spread, hidden):
        assert plan_of(data).courses[0].offerings[0].sessions[0].start == NINE


def test_merged_cells_that_say_something_are_refused():
    """It is unclear which rows the value is for; an empty or foreign merge is nobody's business."""

    def merge(book):
        page = book.get_worksheet_by_name("Sessioner")
        page.merge_range("C2:C3", "dag")
        page.merge_range("J2:K3", "note")
        page.merge_range("A8:B9", "")

    assert found(workbook(merge)) == [("cell.invalid", "merged", "Sessioner!C2", 2)]


def test_a_formula_is_read_by_its_value_and_refused_without_one():
    """Errors too: they would otherwise look like empty cells."""

    def formulas(values):
        def change(book):
            page = book.get_worksheet_by_name("Sessioner")
            page.write_string("F1", "Titel")
            page.write_formula("F2", "=1+1", None, values)

        return change

    assert plan_of(workbook(formulas("Beregnet"))).courses[0].offerings[0].sessions[0].title == "Beregnet"
    assert found(workbook(formulas("#REF!"))) == [("cell.invalid", "error", "Sessioner!F2", 2)]
    uncalculated = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(workbook(formulas("x"))))
    book.save(uncalculated)
    assert found(uncalculated.getvalue()) == [("cell.invalid", "formula", "Sessioner!F2", 2)]


def test_double_headings_and_double_sheets_are_refused():
    """Either could be meant."""
    twice = sessions(("kursus", None, "dag", NINE, THREE, NINE), headings=(*SESSION_ROWS[0], "start"))
    assert found(twice) == [("cell.invalid", "double_heading", "Sessioner!F1", 1)]
    assert found(workbook(Sessions=SESSION_ROWS)) == [("cell.invalid", "double_sheet", "Sessions!A1", 1)]


def test_the_written_workbook_has_what_a_person_needs_to_go_on():
    """Frozen headings, a drop-down for every fixed choice, comments, real dates; no formula."""
    plan = plan_of(FORMAT.replace("theme: Professionelt aktørskab", "theme: =1+1"))
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(plan, Language.DA)))
    assert book.sheetnames == ["Læs mig først", *(sheet.danish for sheet in SHEETS)]
    for sheet in SHEETS:
        page = book[sheet.danish]
        assert page.freeze_panes == "A2"
        offered = {str(area).split(":")[0] for rule in page.data_validations.dataValidation for area in rule.sqref.ranges}
        for number, column in enumerate(sheet.written):
            cell = page.cell(number + 2, 1) if sheet.key == "plan" else page.cell(1, number + 1)
            assert cell.value == column.danish
            assert not column.hint or len(cell.comment.text) > 10
            if column.kind in {CellKind.FLAG, CellKind.DECISION, CellKind.CHOICE} or column.kind is CellKind.MOMENT:
                below = f"B{number + 2}" if sheet.key == "plan" else f"{cell.column_letter}2"
                assert below in offered, (sheet.danish, column.danish)
    assert book["Sessioner"]["E2"].value == NINE
    assert book["Kurser"]["C2"].value == "=1+1"
    assert book["Kurser"]["C2"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(render_workbook(plan))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))


def test_the_same_plan_is_always_written_as_the_same_workbook():
    """So that a workbook under version control changes only with the plan."""
    plan = plan_of(FORMAT)
    assert render_workbook(plan) == render_workbook(plan)


def test_what_is_invisible_in_an_address_is_no_part_of_it():
    """Copied out of a mail or a web page, into a cell or a line of YAML."""
    hidden = "\u200bAnne.Han\u00adsen@\ufeffdemo.example\u00a0"
    rows = tuple(row if row[0] != "Kontakt" else ("Kontakt", hidden) for row in PLAN_ROWS)
    plan = plan_of(workbook(Plan=rows, Målgrupper=(AUDIENCE_ROWS[0], ("ledere", "Ledere", f"{hidden}, tr@demo\u200e.example"))))
    assert (plan.contact, plan.audiences[0].groups) == ("anne.hansen@demo.example", ("anne.hansen@demo.example", "tr@demo.example"))
    again = plan_of(FORMAT.replace("hr@demo.example", "h\u200br@demo.example\u00a0"))
    assert again.contact == plan_of(FORMAT).contact
