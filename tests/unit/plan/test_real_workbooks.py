"""Workbooks as other programs save them: LibreOffice, into which rows were typed, and openpyxl with all that Excel offers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Protection
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from bot.domain.people import Language
from bot.plan import parse_plan
from bot.plan.starter import starter
from tests.builders.documents import NOW
from tests.builders.office import saved_by_office

TYPED = """\
Titel;Status;Målgruppe;Dato;Fra;Til;Sted;Pladser;Svarfrist;Ansvarlig
Den store dag;godkendt;Alle ledere;18-06-2030;9.00;15.30;Kulturhuset;40;01-06-2030;hr@eksempel.example
Økonomi;Foreslået;Nye ledere;19/6-2030;kl. 9;12:00;;20;1. juni 2030;
MED;reservér datoen;alle ledere;onsdag den 19. juni 2030;;;;;;
Lederudvikling;foreslået;;2. halvår 2030;;;;1.000;;
Dag;kladde;;19/06/2030;09:00;12.00;Sal 2;12,0;1/6/2030 12:00;
Rejse;kladde;;18.6.2030;8;16;;;1.6.2030;
"""
DANISH = "59,34,76,1,,1030,false,true"
"""LibreOffice's way to say: semicolons, UTF-8, and every cell as if it was typed where Danish is spoken."""


@pytest.fixture(scope="module")
def saved(soffice, tmp_path_factory):
    """Workbooks as LibreOffice saves them."""
    files = {"starter.xlsx": starter("xlsx", Language.DA), "formulas.xlsx": changed(with_formulas)}
    return saved_by_office(soffice, tmp_path_factory.mktemp("office"), files)


def read(data):
    parsed = parse_plan(data, name="plan.xlsx", now=NOW)
    assert parsed.plan is not None, parsed.problems
    return parsed


def changed(change, data=None):
    """The starter, or another workbook, opened and saved by openpyxl with a change."""
    book = openpyxl.load_workbook(io.BytesIO(data or starter("xlsx", Language.DA)))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def add(book, *rows):
    """Rows below the last course of the narrow sheet."""
    page = book["Enkle kurser"]
    last = max(cell.row for cell in page["A"] if cell.value)
    for number, row in enumerate(rows, last + 1):
        for position, value in enumerate(row, 1):
            page.cell(number, position).value = value


def test_what_is_typed_into_the_starter_in_a_danish_office_is_the_plan_that_one_would_expect(soffice, tmp_path):
    """Dates, times, seats and deadlines as each was typed, whatever the program made of it."""
    read_by = saved_by_office(soffice, tmp_path, {"typed.csv": TYPED.encode()}, f"--infilter=CSV:{DANISH}")
    typed = openpyxl.load_workbook(io.BytesIO(read_by["typed.csv"]))
    data = changed(lambda book: add(book, *list(typed.active.iter_rows(min_row=2, values_only=True))))
    courses = {course.title: course for course in read(data).plan.courses}
    times = {
        title: [(one.start, one.end, one.period) for one in courses[title].offerings[0].sessions]
        for title in ("Økonomi", "MED", "Lederudvikling", "Dag", "Rejse")
    }
    assert times == {
        "Økonomi": [(datetime(2030, 6, 19, 9), datetime(2030, 6, 19, 12), None)],
        "MED": [(datetime(2030, 6, 19), datetime(2030, 6, 20), None)],
        "Lederudvikling": [(None, None, "2030-H2")],
        "Dag": [(datetime(2030, 6, 19, 9), datetime(2030, 6, 19, 12), None)],
        "Rejse": [(datetime(2030, 6, 18, 8), datetime(2030, 6, 18, 16), None)],
    }
    deadlines = {title: courses[title].enrolment.deadline for title in ("Økonomi", "Dag", "Rejse")}
    assert deadlines == {
        "Økonomi": datetime(2030, 6, 1, 23, 59), "Dag": datetime(2030, 6, 1, 12), "Rejse": datetime(2030, 6, 1, 23, 59),
    }  # fmt: skip
    assert (courses["Lederudvikling"].enrolment.capacity, courses["Dag"].enrolment.capacity) == (1000, 12)
    assert (courses["Økonomi"].audience, courses["MED"].audience) == (("nye-ledere",), ("ledere",))


def test_the_starter_saved_by_libreoffice_is_the_same_plan(saved):
    """Ids, drop-downs and hidden columns and all."""
    parsed = read(saved["starter.xlsx"])
    assert parsed.problems == ()
    assert replace(parsed.plan, revision="") == replace(read(starter("xlsx", Language.DA)).plan, revision="")


ROW = ("Et kursus", "kladde", None, datetime(2030, 6, 18), time(9), time(12))


def starts(data):
    return {course.id: course.offerings[0].sessions[0].start for course in read(data).plan.courses}


def test_filters_tables_hidden_rows_comments_and_protected_cells_change_nothing():
    """A hidden row counts like any other."""
    plain = starts(changed(lambda book: add(book, ROW)))

    def dress(book):
        add(book, ROW)
        page = book["Enkle kurser"]
        page.auto_filter.ref = None
        page.add_table(Table(displayName="Kursusliste", ref="A1:J5"))
        page.row_dimensions[5].hidden = True
        page.column_dimensions["C"].hidden = True
        page["A5"].comment = Comment("Husk kaffe", "Anden person")
        for cell in page[5]:
            cell.protection = Protection(locked=True)
        page.protection.sheet = True
        page.protection.password = "hemmeligt"
        book["Kurser"].auto_filter.add_filter_column(1, ["Noget andet"])

    assert starts(changed(dress)) == plain
    assert plain["et-kursus"] == datetime(2030, 6, 18, 9)


def test_dates_that_are_counted_from_1904_are_the_days_that_the_sheet_shows():
    """As old workbooks of a Mac have them."""

    def mac(book):
        book.epoch = CALENDAR_MAC_1904
        add(book, ROW, ("Dagen", "kladde", None, date(2030, 6, 19)))

    found = starts(changed(mac))
    assert (found["et-kursus"], found["dagen"]) == (datetime(2030, 6, 18, 9), datetime(2030, 6, 19))


@pytest.mark.parametrize("sheet", ["Enkle kurser", "Kurser", "Personer", "Sessioner", "Finansiering"])
def test_a_formula_without_a_result_is_refused_wherever_it_stands(sheet):
    """Also below the last row with values, and where no column is known."""

    def formula(book):
        book.create_sheet("Data").append(["Et kursus", "kladde"])
        page = book[sheet]
        page.cell(40, 1).value = "=Data!A1"
        page.cell(41, 30).value = "=Data!B1"

    parsed = parse_plan(changed(formula), name="plan.xlsx", now=NOW)
    told = [(one.code, one.params.get("reason"), one.place) for one in parsed.problems if one.is_error]
    assert ("cell.invalid", "formula", f"{sheet}!A40") in told
    assert any(place.endswith("41") for _, _, place in told)


def with_formulas(book):
    add(book, ('="Et "&"kursus"', "kladde", None, "=DATE(2030,6,18)", "=TIME(9,0,0)", "=E5+TIME(3,0,0)"))
    page = book["Enkle kurser"]
    page["D5"].number_format, page["E5"].number_format, page["F5"].number_format = "dd-mm-yyyy", "hh:mm", "hh:mm"


def test_a_formula_with_its_result_is_read_by_it(saved):
    """As LibreOffice saves it."""
    assert starts(saved["formulas.xlsx"])["et-kursus"] == datetime(2030, 6, 18, 9)


def test_boxes_that_nobody_ticked_are_no_rows_and_ticked_ones_say_yes():
    """As Google and Excel save a column of them, on the narrow sheet and the full one."""

    def boxes(book):
        add(book, ROW)
        page = book["Enkle kurser"]
        page["L1"] = "Online"
        for row in range(2, 60):
            page.cell(row, 12).value = row == 5
        full = book["Kurser"]
        online = next(cell.column for cell in full[1] if cell.value == "Online")
        for row in range(5, 60):
            full.cell(row, online).value = False

    courses = read(changed(boxes)).plan.courses
    assert [course.id for course in courses if course.online] == ["et-kursus"]
    assert len(courses) == len(read(starter("xlsx", Language.DA)).plan.courses) + 1
