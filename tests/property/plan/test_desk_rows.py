"""A plan and the rows that it is edited as say the same, and so do a cell and what is shown of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.plan import parse_plan, problems_report
from bot.plan.desk_cells import settled, settled_cell, shown_cell
from bot.plan.desk_rows import BY_KEY, DESK_SHEETS, content_of, read_rows, rows_of
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = [column for sheet in DESK_SHEETS for column in sheet.columns]


def read(rows):
    parsed = read_rows(rows, now=NOW)
    assert parsed.plan is not None, problems_report(parsed.problems, Language.EN)
    return replace(parsed.plan, revision="")


@settings(max_examples=40)
@given(plan=course_plans())
def test_a_plan_read_from_its_rows_is_the_same_plan(plan):
    rows = rows_of(plan)
    assert read(rows) == plan
    assert rows_of(read(rows)) == rows


@settings(max_examples=15)
@given(plan=course_plans())
def test_what_is_kept_of_a_plan_is_read_as_the_same_plan(plan):
    parsed = parse_plan(content_of(plan), name="kept", now=NOW)
    assert parsed.plan is not None
    assert replace(parsed.plan, revision="") == plan


@settings(max_examples=25)
@given(plan=course_plans(), language=st.sampled_from(Language))
def test_what_is_shown_of_a_plan_and_typed_as_shown_changes_nothing(plan, language):
    for (sheet, _), lines in rows_of(plan).items():
        columns = {column.key: column for column in BY_KEY[sheet].columns}
        for cells in lines:
            shown = {key: shown_cell(columns[key], cell, language) for key, cell in cells.items()}
            assert settled(BY_KEY[sheet], shown) == cells


@given(column=st.sampled_from(COLUMNS), typed=st.text(max_size=30), language=st.sampled_from(Language))
def test_whatever_is_typed_is_kept_once_and_for_all(column, typed, language):
    """Also what nobody understands: it is shown as it was typed, and no other cell comes of it."""
    kept = settled_cell(column, typed)
    assert settled_cell(column, kept) == kept
    assert settled_cell(column, shown_cell(column, kept, language)) == kept
