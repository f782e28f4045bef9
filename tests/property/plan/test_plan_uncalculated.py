"""Rows that nobody calculated: whichever they are, the plan is refused at them, and never read without them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.plan import parse_plan
from bot.plan.sheets import SHEETS
from bot.plan.starter import starter

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def example():
    return starter("xlsx", Language.DA)


@cache
def rows_of(name):
    return [
        number for number, row in enumerate(openpyxl.load_workbook(io.BytesIO(example()))[name].iter_rows(values_only=True), 1) if any(row)
    ]


@settings(max_examples=25)
@given(data=st.data())
def test_any_rows_made_formulas_without_results_are_refused_at_each_of_them(data):
    """Moved to another sheet, say, and referred to; with the last rows among them or not."""
    names = data.draw(st.lists(st.sampled_from([sheet.danish for sheet in SHEETS]), min_size=1, max_size=3, unique=True), label="sheets")
    chosen = {name: data.draw(st.sets(st.sampled_from(rows_of(name)), min_size=1), label=name) for name in names}
    book = openpyxl.load_workbook(io.BytesIO(example()))
    expected = set()
    for name, numbers in chosen.items():
        for cell in (cell for row in book[name].iter_rows() for cell in row):
            if cell.row in numbers and cell.value is not None:
                cell.value = f"=Flyttet!{cell.coordinate}"
                expected.add(f"{name}!{cell.coordinate}")
    stream = io.BytesIO()
    book.save(stream)
    parsed = parse_plan(stream.getvalue(), name="plan.xlsx", now=NOW)
    assert parsed.plan is None
    assert {problem.place for problem in parsed.problems if problem.params.get("reason") == "formula"} == expected


@settings(max_examples=15)
@given(data=st.data())
def test_boxes_that_nobody_ticked_and_empty_rows_anywhere_change_nothing(data):
    """FALSE in any column of any row that says nothing else."""
    book = openpyxl.load_workbook(io.BytesIO(example()))
    for sheet in SHEETS:
        page = book[sheet.danish]
        for row in range(len(rows_of(sheet.danish)) + 1, len(rows_of(sheet.danish)) + 6):
            for column in data.draw(st.sets(st.integers(1, len(sheet.columns))), label=f"{sheet.danish} {row}"):
                page.cell(row, column).value = False
    stream = io.BytesIO()
    book.save(stream)
    before, after = (parse_plan(content, name="plan.xlsx", now=NOW) for content in (example(), stream.getvalue()))
    assert after.problems == before.problems == ()
    assert after.plan.courses == before.plan.courses
    assert after.plan.shape == before.plan.shape
