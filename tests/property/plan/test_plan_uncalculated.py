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
from tests.builders.sheet_cells import formula, letters, unticked, with_cells

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def example():
    return starter("xlsx", Language.DA)


@cache
def filled_cells():
    """The columns with a value, by sheet and row."""
    return {
        page.title: {
            number: [column for column, value in enumerate(row, 1) if value is not None]
            for number, row in enumerate(page.iter_rows(values_only=True), 1)
            if any(row)
        }
        for page in openpyxl.load_workbook(io.BytesIO(example()))
    }


@settings(max_examples=25)
@given(data=st.data())
def test_any_rows_made_formulas_without_results_are_refused_at_each_of_them(data):
    """Moved to another sheet, say, and referred to; with the last rows among them or not."""
    names = data.draw(st.lists(st.sampled_from([sheet.danish for sheet in SHEETS]), min_size=1, max_size=3, unique=True), label="sheets")
    chosen = {name: data.draw(st.sets(st.sampled_from([*filled_cells()[name]]), min_size=1), label=name) for name in names}
    places = {name: {(row, column) for row in rows for column in filled_cells()[name][row]} for name, rows in chosen.items()}
    expected = {f"{name}!{letters(column)}{row}" for name, cells in places.items() for row, column in cells}
    moved = {name: {(row, column): formula(f"Flyttet!{letters(column)}{row}") for row, column in cells} for name, cells in places.items()}
    parsed = parse_plan(with_cells(example(), moved), name="plan.xlsx", now=NOW)
    assert parsed.plan is None
    assert {problem.place for problem in parsed.problems if problem.params.get("reason") == "formula"} == expected


@settings(max_examples=15)
@given(data=st.data())
def test_boxes_that_nobody_ticked_and_empty_rows_anywhere_change_nothing(data):
    """FALSE in any column of any row that says nothing else."""
    boxes = {
        sheet.danish: {
            (row, column): unticked()
            for row in range(len(filled_cells()[sheet.danish]) + 1, len(filled_cells()[sheet.danish]) + 6)
            for column in data.draw(st.sets(st.integers(1, len(sheet.columns))), label=f"{sheet.danish} {row}")
        }
        for sheet in SHEETS
    }
    before, after = (parse_plan(content, name="plan.xlsx", now=NOW) for content in (example(), with_cells(example(), boxes)))
    assert after.problems == before.problems == ()
    assert after.plan.courses == before.plan.courses
    assert after.plan.shape == before.plan.shape
