"""How the workbooks look: nothing in any of them is shown as »####«, and every sheet comes out on paper."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.funding import FundingPool
from bot.domain.people import Language
from bot.domain.plan import CourseSession, Offering
from bot.domain.registrations import RegistrationStatus
from bot.plan.parse import parse_plan
from bot.plan.workbook_writer import render_workbook
from bot.registrations.said import NOTHING_SAID
from bot.registrations.workbook import registrations_xlsx
from bot.workbook_looks import (
    LINE_POINTS,
    PAGE,
    WIDEST,
    WIDEST_WORD,
    ShownCell,
    column_widths,
    pages_across,
    row_height,
    shown_width,
)
from tests.builders.office import saved_by_office
from tests.builders.registrations import ANE, DAG, DEL_1, HOLD_1, NOW, PLAN, answer, registration

LONG = "Udviklingskonsulent i Børne-, Unge- og Familieforvaltningens sekretariat"
NAMES = ("Åse Mariann Højgaard-Wintherlund Ørskov", "Bo", "WWWWWWWWWWWW MMMMMMMMMMMM")
DATED = replace(
    PLAN,
    courses=tuple(
        replace(
            course,
            title=f"{course.title} – {LONG}",
            enrolment=replace(course.enrolment, deadline=datetime(2026, 11, 20, 23, 59)),
            offerings=(
                Offering(
                    id=course.offerings[-1].id,
                    title="Hold 1",
                    sessions=(CourseSession(id="dag", start=datetime(2026, 12, 28, 8, 30), end=datetime(2026, 12, 28, 23, 45)),),
                ),
            ),
        )
        for course in PLAN.courses
    ),
)


def everybody():
    """A row of each kind in each course, with long and short names and departments."""
    return [
        registration(key, f"{status.value}.{number}@norddjurs-kommune.example", status, name=name, department=LONG if number else "HR")
        for key in (DAG, DEL_1, HOLD_1)
        for status in RegistrationStatus
        for number, name in enumerate(NAMES)
    ]


def the_starter():
    """The starter plan, with money and a date as long as they get."""
    plan = parse_plan(Path("config/plans/norddjurs.yaml").read_bytes(), name="plan.yaml", now=NOW).plan
    assert plan is not None
    pool = FundingPool(id="pulje", name="Kompetencepuljen", year=2026, amount=Decimal("123456789.00"))
    return replace(plan, funding=(*plan.funding, pool))


@cache
@cache
def workbooks():
    """Every workbook that the program writes."""
    said = replace(NOTHING_SAID, notes={("lederdag", ANE.email): f"Nødder.\n{LONG}"})
    return {
        "deltagere": registrations_xlsx(everybody(), DATED, Language.DA, [answer(email="fremmed@firma.example")], said=said),
        "participants": registrations_xlsx(everybody(), DATED, Language.EN, [answer(email="fremmed@firma.example")], said=said),
        "plan": render_workbook(the_starter()),
    }


def test_no_cell_of_any_workbook_is_shown_as_hashes(soffice, pdftotext, tmp_path):
    """As LibreOffice prints every sheet: dates, numbers and amounts in full."""
    printed_by = saved_by_office(soffice, tmp_path, {f"{name}.xlsx": data for name, data in workbooks().items()}, kind="pdf")
    for name, data in workbooks().items():
        read = subprocess.run([pdftotext, "-layout", "-", "-"], input=printed_by[f"{name}.xlsx"], check=True, capture_output=True)
        printed = read.stdout.decode()
        assert [line for line in printed.splitlines() if "##" in line] == [], name
        for sheet in openpyxl.load_workbook(BytesIO(data)):
            assert sheet.title in printed, "the name of each sheet stands below it"
        if name == "deltagere":
            assert "28-12-2026 kl. 08.30" in printed


@pytest.mark.parametrize("name", ["deltagere", "participants", "plan"])
def test_each_column_is_as_wide_as_the_longest_thing_that_cannot_break(name):
    """Every cell of every sheet: a date, a number or a single word (a heading with its arrow) has room."""
    book = openpyxl.load_workbook(BytesIO(workbooks()[name]))
    for sheet in book:
        widths = {at: columns.width for columns in sheet.column_dimensions.values() for at in range(columns.min, columns.max + 1)}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, datetime | date):
                    needed = len(cell.number_format)
                elif isinstance(cell.value, int | float):
                    needed = len(f"{cell.value:,.2f}") if "0.00" in cell.number_format else len(str(cell.value))
                else:
                    needed = min(max(map(shown_width, str(cell.value or "").split()), default=0), WIDEST_WORD)
                assert widths[cell.column] >= needed, (sheet.title, cell.coordinate, cell.value)


@pytest.mark.parametrize("name", ["deltagere", "participants", "plan"])
def test_every_sheet_of_every_workbook_comes_out_on_paper(name):
    """A4 on its side, as wide as can be read, headings and name on each page."""
    for sheet in openpyxl.load_workbook(BytesIO(workbooks()[name])):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 9, "$1:$1")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert (sheet.oddFooter.center.text, sheet.oddFooter.right.text) == ("&A", "&P/&N")


def test_texts_give_way_where_a_page_is_too_narrow_and_dates_do_not():
    """The date keeps what it needs; the longest texts lose most; what fits is left alone."""
    date_column = ShownCell(heading="Start", whole=("dd-mm-yyyy hh:mm",))
    short, long = ShownCell(heading="Hold", texts=("Hold 1",)), ShownCell(heading="Note", texts=("ord " * 30,))
    free = column_widths((date_column, short, long))
    tight = column_widths((date_column, short, long), page=60)
    assert free[2] == WIDEST
    assert (tight[0], tight[1]) == (free[0], free[1])
    assert sum(tight) == pytest.approx(60)
    least = column_widths((date_column, short, long), page=10)
    assert least[0] == free[0]
    assert least[2] < tight[2]
    assert column_widths(()) == ()


@pytest.mark.parametrize(
    ("texts", "widths", "lines"),
    [
        ((), (), 1),
        (("", "Bo"), (10, 10), 1),
        (("et to tre",), (8,), 2),
        (("et\nto\ntre",), (30,), 3),
        (("abcdefghijkl",), (8,), 2),
        (("et abcdefghijkl",), (8,), 3),
        (("abc",), (2,), 1),
    ],
)
def test_a_row_is_as_high_as_its_longest_text_has_lines(texts, widths, lines):
    """Word by word; a word that is wider than the column breaks within."""
    assert row_height(texts, widths) == lines * LINE_POINTS


def test_a_line_of_wide_letters_is_wider():
    """Capitals, the widest letters, and those of East Asia."""
    assert shown_width("abc") < shown_width("ABC") < shown_width("WWW") < shown_width("日本語")


def test_the_pages_beside_each_other_follow_from_the_width():
    assert [pages_across([width]) for width in (0, PAGE, PAGE + 10, 3 * PAGE)] == [1, 1, 2, 3]


@given(
    st.lists(st.builds(ShownCell, heading=st.text(max_size=30), texts=st.lists(st.text(max_size=90), max_size=3).map(tuple)), max_size=8)
)
def test_no_word_is_broken_and_the_page_is_kept_where_it_can_be(columns):
    """Whatever stands in the columns."""
    widths, least = column_widths(columns), column_widths(columns, page=0)
    assert sum(widths) <= max(PAGE, sum(least)) + 0.001
    for column, width in zip(columns, widths, strict=True):
        words = [min(shown_width(word), WIDEST_WORD) for words in column.texts for word in words.split()]
        assert width >= max([*words, *map(shown_width, column.heading.split()), 0])
