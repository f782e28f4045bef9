"""What a mistake is known by: what is wrong and what its row is called, wherever the row stands."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest

from bot.domain.errors import PlanInvalid
from bot.domain.plan_files import BadSave, SavedFile
from bot.plan import parse_plan
from bot.plan.sheets import COURSES as COURSES_SHEET
from bot.plan.sheets import SESSIONS as SESSIONS_SHEET
from bot.plan.workbook_writer import render_workbook

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FILE = SavedFile(drive="b!d", item="01I", name="plan.xlsx", web_address="", c_tag="2", saved_by="HR", saved_by_email="", saved_at=None)
SESSIONS = [{"id": f"dag-{day}", "start": f"2026-05-0{day}T09:00", "end": f"2026-05-0{day}T12:00"} for day in (1, 2)]
COURSES = [
    {"id": name, "title": title, "status": "approved", "audience": "ledere", "theme": "Tema", "sessions": SESSIONS}
    for name, title in (("a", "Lederdag"), ("b", "Netværk"))
]
PLAN = {
    "version": 1, "id": "by", "organisation": "By", "timezone": "Europe/Copenhagen", "language": "da", "organiser": "kurser@by.example",
    "contact": "hr@by.example", "audiences": {"ledere": {"groups": ["ledere@by.example"]}}, "courses": COURSES,
}  # fmt: skip


def mistakes(data, name):
    problems = parse_plan(data, name=name, now=NOW).problems
    return BadSave(file=FILE, error=PlanInvalid(problems), good="").mistakes


def of_yaml(*above, **session):
    """The second course's first session is changed; `above` stand before all others."""
    broken = COURSES[1] | {"sessions": [SESSIONS[0] | session, SESSIONS[1]]}
    return mistakes(json.dumps(PLAN | {"courses": [*above, COURSES[0], broken]}, indent=1).encode(), "x.yaml")


@pytest.fixture
def book():
    plan = parse_plan(json.dumps(PLAN).encode(), name="x.yaml", now=NOW).usable()
    return openpyxl.load_workbook(io.BytesIO(render_workbook(plan)))


def of_workbook(book):
    stream = io.BytesIO()
    book.save(stream)
    return mistakes(stream.getvalue(), "x.xlsx")


def cell(book, heading, row):
    """The cell of a sheet of sessions under a heading."""
    page = book[SESSIONS_SHEET.danish]
    (column,) = [one.column for one in page[1] if one.value == heading]
    return page.cell(row, column)


MORE = COURSES[0] | {"id": "c", "title": "Ny øverst"}


def test_of_yaml_a_mistake_is_the_same_with_another_course_above_it():
    (one,) = of_yaml(start="2026-99-01T09:00")
    assert of_yaml(MORE, start="2026-99-01T09:00") == (one,)
    assert of_yaml(start="2026-98-01T09:00") != (one,)


def test_of_a_workbook_a_mistake_is_the_same_with_another_row_above_it(book):
    cell(book, "Start", 4).value = "om lidt"
    (one,) = of_workbook(book)
    book[SESSIONS_SHEET.danish].insert_rows(2)
    book[COURSES_SHEET.danish].insert_rows(2)
    assert of_workbook(book) == (one,)


def test_the_same_mistake_in_two_rows_is_two(book):
    """Also once one of them is mended: the other is the one that was told."""
    for row in (2, 4):
        cell(book, "Start", row).value = "om lidt"
    both = of_workbook(book)
    assert len({*both}) == 2
    cell(book, "Start", 2).value = datetime(2026, 5, 1, 9)
    assert of_workbook(book) == both[1:]


def test_of_rows_that_are_called_nothing_each_counts():
    broken = [{"id": "x", "status": "sikkert"}, {"id": "x", "status": "sikkert"}]
    told = mistakes(json.dumps(PLAN | {"courses": broken}, indent=1).encode(), "x.yaml")
    assert len(told) == len({*told}) > 2


def test_what_cannot_be_opened_is_one_mistake_on_whatever_line():
    text = json.dumps(PLAN, indent=1)
    one, other = (mistakes(f"{above}{text[:-2]}".encode(), "x.yaml") for above in ("", "\n\n"))
    assert one == other
    assert mistakes(b"PK\x03\x04 half", "x.xlsx")


def test_what_a_file_shares_with_itself_is_looked_at_once():
    """Twenty aliases of twenty aliases would be more than anybody can walk."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
    assert mistakes("\n".join(lines).encode(), "x.yaml")
