"""A plan and the rows that it is edited as say the same, and so do a cell and what is shown of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.plan import parse_plan, problems_report
from bot.plan.desk_cells import settled, settled_cell, shown_cell
from bot.plan.desk_rows import BY_KEY, DESK_SHEETS, content_of, place_of, read_rows, rows_of
from bot.plan.document import json_document
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = [column for sheet in DESK_SHEETS for column in sheet.columns]


def read(rows):
    parsed = read_rows(rows, now=NOW)
    assert parsed.plan is not None, problems_report(parsed.problems, Language.EN)
    return replace(parsed.plan, revision="")


def a_plan_read_from_its_rows_is_the_same_plan(plan):
    rows = rows_of(plan)
    assert read(rows) == plan
    assert rows_of(read(rows)) == rows


def what_is_kept_of_a_plan_is_read_as_the_same_plan(plan):
    parsed = parse_plan(content_of(plan), name="kept", now=NOW)
    assert parsed.plan is not None
    assert replace(parsed.plan, revision="") == plan


def what_is_shown_of_a_plan_and_typed_as_shown_changes_nothing(plan, language):
    for (sheet, _), lines in rows_of(plan).items():
        columns = {column.key: column for column in BY_KEY[sheet].columns}
        for cells in lines:
            shown = {key: shown_cell(columns[key], cell, language) for key, cell in cells.items()}
            assert settled(BY_KEY[sheet], shown) == cells


@settings(max_examples=40)
@given(plan=course_plans(), language=st.sampled_from(Language))
def test_a_plan_and_its_rows_say_the_same(plan, language):
    """All of it of the same plan, which takes longer to draw than to read."""
    a_plan_read_from_its_rows_is_the_same_plan(plan)
    what_is_kept_of_a_plan_is_read_as_the_same_plan(plan)
    what_is_shown_of_a_plan_and_typed_as_shown_changes_nothing(plan, language)


@given(column=st.sampled_from(COLUMNS), typed=st.text(max_size=30), language=st.sampled_from(Language))
def test_whatever_is_typed_is_kept_once_and_for_all(column, typed, language):
    """Also what nobody understands: it is shown as it was typed, and no other cell comes of it."""
    kept = settled_cell(column, typed)
    assert settled_cell(column, kept) == kept
    assert settled_cell(column, shown_cell(column, kept, language)) == kept


COURSE_EDITS = {
    "title": ("title",),
    "theme": ("theme",),
    "description": ("description",),
    "status": ("status",),
    "enrolment.capacity": ("enrolment", "capacity"),
    "enrolment.handover": ("enrolment", "handover"),
    "venue.name": ("venue", "name"),
    "teams_channel": ("teams_channel",),
    "note": ("note",),
}
"""A cell of a course, and the keys under which YAML has it."""

TYPED = {
    "status": st.sampled_from(("draft", "listed", "cancelled")),
    "enrolment.capacity": st.integers(1, 500).map(str),
    "enrolment.handover": st.sampled_from(("true", "false")),
}
WORDS = st.text("abc æøå", min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=30)
@given(plan=course_plans(), data=st.data())
def test_an_edit_on_the_desk_is_the_same_edit_as_in_yaml(plan, data):
    """The same words in a cell and under the key: the same plan, or both are refused."""
    assume(plan.courses)
    number = data.draw(st.integers(0, len(plan.courses) - 1))
    column, path = data.draw(st.sampled_from(sorted(COURSE_EDITS.items())))
    words = data.draw(TYPED.get(column, WORDS))
    rows, key = rows_of(plan), ("courses", plan.courses[number].id)
    on_the_desk = read_rows({**rows, key: ({**rows[key][0], column: words},)}, now=NOW)
    document = json_document(plan)
    inner = document["courses"][number]
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    inner[path[-1]] = words
    in_yaml = parse_plan(json.dumps(document, ensure_ascii=False).encode(), name="plan.yaml", now=NOW)
    assert (on_the_desk.plan is None) == (in_yaml.plan is None), (column, words, on_the_desk.problems, in_yaml.problems)
    assert [one.code for one in on_the_desk.problems if one.is_error] == [one.code for one in in_yaml.problems if one.is_error]
    if on_the_desk.plan is not None and in_yaml.plan is not None:
        assert replace(on_the_desk.plan, revision="") == replace(in_yaml.plan, revision="")


@pytest.mark.parametrize("sign", ["\u202e", "\ufffe", "\uffff", "\x00", "\x85"])
def test_what_no_file_of_the_format_can_hold_is_refused_on_the_desk_too(sign):
    """Else it would be kept, and nobody could read the plan any more."""
    key = ("plan", "plan")
    cells = {
        "version": "1", "id": "by", "organisation": f"By{sign}en", "timezone": "Europe/Copenhagen",
        "language": "da", "organiser": "kurser@by.example", "contact": "hr@by.example",
    }  # fmt: skip
    parsed = read_rows({key: (cells,)}, now=NOW)
    assert [place_of(one) for one in parsed.problems if one.is_error] == [(key, 0, "organisation")]
