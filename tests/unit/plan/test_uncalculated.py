"""Cells that look empty and are not: each is refused with its cell, wherever it stands, and never read as absent."""

from __future__ import annotations

import functools
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from bot.domain.people import Language
from bot.plan import parse_plan, problem_text, render_workbook
from bot.plan.sheets import SHEETS
from bot.plan.starter import starter
from tests.builders.documents import AUDIENCE_ROWS, COURSE_ROWS, NOW, SESSION_ROWS, found, parse, plan_of, sessions, workbook
from tests.builders.sheet_cells import formula, with_cells
from tests.unit.plan.plan_format import FORMAT

NINE, THREE = datetime(2025, 6, 17, 9, 0), datetime(2025, 6, 17, 15, 0)


def saved(data, change):
    """The workbook after `change(book)`, written by a library that calculates nothing."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_xml(cells, *, part="xl/worksheets/sheet4.xml", data=None, instead_of="</sheetData>"):
    """A good workbook with these cells at the end of its sheet of sessions, or in place of something else."""
    with zipfile.ZipFile(io.BytesIO(data or workbook())) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert instead_of in parts[part]
    parts[part] = parts[part].replace(instead_of, cells + (instead_of if instead_of.startswith("</") else ""))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


@functools.cache
def whole():
    """A workbook with all that the format has, and how many rows its sheets have."""
    data = render_workbook(plan_of(FORMAT))
    return data, {page.title: page.max_row for page in openpyxl.load_workbook(io.BytesIO(data))}


@pytest.mark.parametrize("sheet", [sheet.danish for sheet in SHEETS])
@pytest.mark.parametrize("below", [1, 2, 40])
def test_a_row_of_formulas_that_nobody_calculated_is_refused_on_every_sheet(sheet, below):
    """Also below the last row with values, where the reader gives no row at all."""
    data, lengths = whole()
    row = lengths[sheet] + below
    places = [f"{sheet}!A{row}", f"{sheet}!C{row}"]
    parsed = parse(with_cells(data, {sheet: {(row, column): formula("Andet!A1") for column in (1, 3)}}))
    assert parsed.plan is None
    assert [problem.place for problem in parsed.problems if problem.params.get("reason") == "formula"] == places
    assert all(sheet in problem.place and problem_text(language, problem) for problem in parsed.problems for language in Language)


CALCULATED = (
    '<row r="3"><c r="A3" t="str"><f>"kursus"</f><v>kursus</v></c><c r="C3" t="str"><f>"b"</f><v>b</v></c>'
    '<c r="D3" t="str"><f>x</f><v>18-06-2025</v></c></row>'
)


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ('<row r="3"><c r="C3"><f>A1</f></c></row>', "C3"),
        ('<row r="3"><c r="C3"><f>A1</f><v></v></c></row>', "C3"),
        ('<row r="3"><c r="C3" t="str"><f>A1</f></c></row>', "C3"),
        ('<row r="3"><c r="C3" t="b"><f>A1</f></c></row>', "C3"),
        ('<row r="9"><c><f>A1</f></c></row>', "A9"),
        ('<row r="3"><c r="C3"><f t="shared" si="0"/></c></row>', "C3"),
        ('<row r="3"><c r="C3"><f t="array" ref="C3:C3">A1</f></c></row>', "C3"),
        ('<row r="3"><c r="C3"><f t="dataTable" ref="C3:C4"/></c></row>', "C3"),
        ('<row r="1"><c r="F1"><f>A1</f></c></row>', "F1"),
        ('<row r="3"><c r="Q3"><f>A1</f></c></row>', "Q3"),
    ],
)
def test_whatever_kind_of_formula_and_column_it_is(cells, place):
    """Shared, array and table formulas; headings; columns of HR's own, since such a file was calculated nowhere."""
    assert ("cell.invalid", "formula", f"Sessioner!{place}", int(place[1:])) in found(with_xml(cells))
    assert parse(with_xml(cells)).plan is None


def test_the_cells_that_an_array_would_fill_are_refused_too():
    """The formula stands in the first of them, and the others are not even cells."""

    def change(book):
        book["Sessioner"]["D3"] = ArrayFormula("D3:D5", "=Andet!A1:A3")

    places = [place for _, _, place, _ in found(saved(workbook(), change))]
    assert {"Sessioner!D3", "Sessioner!D4", "Sessioner!D5"} <= set(places)
    spilled = '<row r="3"><c r="D3" t="str"><f t="array" ref="D3:D4">x</f><v>18-06-2025</v></c></row>'
    assert ("cell.invalid", "formula", "Sessioner!D4", 4) in found(with_xml(spilled))
    endless = '<row r="3"><c r="D3"><f t="array" ref="A3:XFD1048576">x</f></c></row>'
    assert 0 < len(found(with_xml(endless))) < 500
    assert parse(with_xml('<row r="3"><c r="D3"><f t="array" ref="?">x</f></c></row>')).plan is None


def test_a_formula_that_was_calculated_is_its_value():
    """Below other rows too."""
    assert [session.id for session in plan_of(with_xml(CALCULATED)).courses[0].offerings[0].sessions] == ["dag", "b"]


def test_a_nought_in_a_file_that_is_still_to_be_calculated_is_no_result():
    """Libraries write 0 where they do not calculate, and say that Excel must."""

    def formula(value):
        def change(book):
            page = book.get_worksheet_by_name("Sessioner")
            page.write_string("F1", "Titel")
            page.write_formula("F2", "=A1", None, value)

        return change

    assert found(workbook(formula(0))) == [("cell.invalid", "formula", "Sessioner!F2", 2)]
    assert plan_of(workbook(formula(7))).courses[0].offerings[0].sessions[0].title == "7"
    by_excel = with_xml("", part="xl/workbook.xml", data=workbook(formula(0)), instead_of=' fullCalcOnLoad="1"')
    assert plan_of(by_excel).courses[0].offerings[0].sessions[0].title == "0"


def test_an_error_is_refused_where_it_is_read_and_below_the_last_row():
    """In a column of HR's own it is HR's own."""
    assert found(with_xml('<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>')) == [("cell.invalid", "error", "Sessioner!A3", 3)]
    assert found(with_xml('<row r="3"><c r="Q3" t="e"><v>#N/A</v></c></row>')) == []
    assert found(with_xml('<row r="1"><c r="F1" t="e"><v>#N/A</v></c></row>')) == [("cell.invalid", "error", "Sessioner!F1", 1)]
    plan = with_xml('<row r="9"><c r="A9" t="e"><v>#N/A</v></c></row>', part="xl/worksheets/sheet1.xml")
    assert found(plan) == [("cell.invalid", "error", "Plan!A9", 9)]
    value = with_xml(
        '<row r="9"><c r="B9" t="e"><v>#N/A</v></c><c r="A9" t="inlineStr"><is><t>Helligdage</t></is></c></row>',
        part="xl/worksheets/sheet1.xml",
    )
    assert found(value) == [("cell.invalid", "error", "Plan!B9", 9)]


def test_an_error_that_the_reader_does_not_know_is_told_with_its_cell_and_harms_no_other_sheet():
    """`#SPILL!` and its like are younger than the reader, which would call the whole file damaged."""
    spill = '<row r="3"><c r="D3" t="e"><v>#SPILL!</v></c></row>'
    assert ("cell.invalid", "error", "Sessioner!D3", 3) in found(with_xml(spill))
    own = workbook(Budget=(("a", "b"),))
    assert found(with_xml(spill, part="xl/worksheets/sheet5.xml", data=own)) == []
    broken = '<row r="3"><c r="D3" t="n"><v>abc</v></c></row>'
    assert found(with_xml(broken)) == [("workbook.unreadable", "broken", "", 1)]


def test_an_empty_text_is_what_a_formula_says_of_a_row_and_never_of_one_cell():
    """Rows that wait for their values are empty, and told once; a cell of a row that says something must say it."""
    ready = "".join(f'<row r="{row}"><c r="A{row}" t="str"><f>IF(B1="","",B1)</f><v></v></c></row>' for row in (3, 4, 9))
    parsed = parse(with_xml(ready))
    assert parsed.plan is not None
    assert [(problem.code, problem.place, problem.params["count"]) for problem in parsed.problems] == [("row.blank", "Sessioner!A3", 3)]
    beside = '<row r="3"><c r="A3" t="inlineStr"><is><t>kursus</t></is></c><c r="C3" t="str"><f>A1</f><v></v></c></row>'
    assert ("cell.invalid", "blank", "Sessioner!C3", 3) in found(with_xml(beside))
    assert parse(with_xml(beside)).plan is None
    own = '<row r="3"><c r="Q3" t="str"><f>A1</f><v></v></c></row>'
    assert found(with_xml(own)) == []


def test_what_the_reader_does_not_give_is_told_as_that(monkeypatch):
    """The scan has counted the cells: one that is filled and does not arrive is no empty one."""
    import python_calamine

    real = python_calamine.CalamineWorkbook.from_filelike

    class Forgetful:
        def __init__(self, workbook):
            self.sheet_names = workbook.sheet_names
            self._workbook = workbook

        def get_sheet_by_name(self, name):
            sheet = self._workbook.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            kept = rows[:-1] if name == "Sessioner" else rows
            return type("Sheet", (), {"merged_cell_ranges": [], "to_python": lambda _, **__: kept})()

    monkeypatch.setattr(
        python_calamine, "CalamineWorkbook", type("W", (), {"from_filelike": staticmethod(lambda data: Forgetful(real(data)))})
    )
    assert {(reason, place) for _, reason, place, _ in found(workbook())} >= {("unread", f"Sessioner!{letter}2") for letter in "ACDE"}


def test_hidden_and_filtered_rows_columns_and_sheets_are_read_like_any_other():
    """What nobody sees is still what the plan says."""

    def hide(book):
        page = book.get_worksheet_by_name("Sessioner")
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})
        page.autofilter(0, 0, 1, 4)
        page.filter_column(0, "x == andet")
        book.get_worksheet_by_name("Målgrupper").very_hidden()

    assert plan_of(workbook(hide)).courses[0].offerings[0].sessions[0].start == NINE


@pytest.mark.parametrize("area", ["A1", "A1:B1", "A1:XFD1048576", "C9:D9"])
def test_an_area_that_the_file_states_wrongly_hides_nothing(area):
    """Only cells count."""
    data = with_xml(f'<dimension ref="{area}"/>', instead_of='<dimension ref="A1:E2"/>')
    assert [session.id for session in plan_of(data).courses[0].offerings[0].sessions] == ["dag"]


@pytest.mark.parametrize("above", [1, 3])
def test_headings_that_do_not_stand_in_the_first_row_are_found_and_told(above):
    """A title over the list is the commonest reason."""
    rows = (("Vores kurser 2025",), *((),) * (above - 1), *COURSE_ROWS)
    assert ("cell.invalid", "headings", f"Kurser!A{above + 1}", above + 1) in found(workbook(Kurser=rows))
    assert not any(place == "Kurser!A1" for _, _, place, _ in found(workbook(Kurser=rows)))
    empty = workbook(Personer=((),))
    assert {(code, place) for code, _, place, _ in found(empty)} == {("key.missing", "Personer!A1")}


@pytest.mark.parametrize("box", [False, "nej", "FALSE", 0])
def test_a_row_with_nothing_but_unticked_boxes_is_empty(box):
    """As spreadsheets save boxes in every row that has one."""
    headings = (*COURSE_ROWS[0], "Online", "Venteliste")
    rows = (headings, (*COURSE_ROWS[1], None, None), *((None, " ", None, None, box, box),) * 30)
    data = workbook(Kurser=rows)
    assert found(data) == []
    assert len(plan_of(data).courses) == 1
    assert {"courses.online?", "courses.waiting_list?"} <= plan_of(data).shape


def test_an_unticked_box_anywhere_makes_no_row_and_a_ticked_one_does():
    """Excel's FALSE is a box in whatever column; a no in words is one only where yes and no belong."""
    assert found(workbook(Målgrupper=(*AUDIENCE_ROWS, (None, False, None)))) == []
    assert found(sessions(SESSION_ROWS[1], (None, None, None, False, None))) == []
    headings = (*SESSION_ROWS[0], "Online")
    ticked = sessions((*SESSION_ROWS[1], None), (None, None, None, None, None, True), headings=headings)
    assert [code for code, *_ in found(ticked)] == ["key.missing"]
    words = workbook(Målgrupper=(*AUDIENCE_ROWS, (None, "nej", None)))
    assert ("key.missing", "Målgrupper!A4") in {(code, place) for code, _, place, _ in found(words)}


def test_boxes_in_every_row_of_the_starter_change_nothing():
    """As Google's and Excel's boxes save them."""

    def tick(book):
        for row in range(2, 61):
            for column, cell in enumerate(book["Kurser"][1], 1):
                if cell.value in {"Online", "Overdragelse", "Venteliste"} and book["Kurser"].cell(row, column).value is None:
                    book["Kurser"].cell(row, column).value = False

    data = saved(starter("xlsx", Language.DA), tick)
    assert parse_plan(data, name="plan.xlsx", now=NOW).problems == ()
