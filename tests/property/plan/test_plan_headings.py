"""Whatever headings a workbook has: nothing that HR wrote is lost in silence, and HR's own columns change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.shape import vanished
from bot.plan.columns import folded
from bot.plan.headings import near_heading
from bot.plan.sheets import SHEETS
from tests.builders.documents import AUDIENCE_ROWS, COURSE_ROWS, PLAN_ROWS, SESSION_ROWS, parse, plan_of, workbook

PAGES = {"Plan": PLAN_ROWS, "Målgrupper": AUDIENCE_ROWS, "Kurser": COURSE_ROWS, "Sessioner": SESSION_ROWS}
LISTS = {sheet.danish: sheet for sheet in SHEETS if sheet.danish in PAGES and sheet.key != "plan"}
OFFICE = (
    "Bemærkninger",
    "Noter om forplejning",
    "Uge",
    "Antal pladser",
    "Lokaler",
    "Tema 2",
    "Kontering",
    "Frist",
    "Sal",
    "Bestilt",
    "Kursusnavn",
    "Ansvarlige",
)
COLUMNS = [(sheet, column) for sheet in SHEETS if sheet.key != "plan" for column in sheet.columns]
LETTERS = "abcdefghijklmnoprstuvæøå"


@cache
def plain():
    return plan_of(workbook())


@settings(max_examples=60)
@given(
    extra=st.dictionaries(
        st.sampled_from(sorted(LISTS)), st.lists(st.sampled_from(OFFICE) | st.text(max_size=12), max_size=4, unique_by=folded), max_size=3
    ),
    cell=st.sampled_from(["x", 4, True, datetime(2027, 1, 4)]),
)
def test_any_further_columns_change_nothing_or_are_refused_by_name(extra, cell):
    """The plan is the same as without them; where one looks like a known column there is no plan, and its heading is named."""
    pages = PAGES | {
        name: (PAGES[name][0] + tuple(more), *(row + (cell,) * len(more) for row in PAGES[name][1:])) for name, more in extra.items()
    }
    parsed = parse(workbook(**pages))
    if parsed.plan is not None:
        assert parsed.problems == ()
        assert replace(parsed.plan, revision="") == replace(plain(), revision="")
        assert vanished(plain().shape, parsed.plan.shape) == ()
    else:
        assert {problem.code for problem in parsed.problems} <= {"column.unknown", "cell.invalid"}
        for problem in parsed.problems:
            sheet = LISTS[problem.place.partition("!")[0]]
            names = {name for column in sheet.columns for name in (column.danish, column.english)}
            assert problem.params.get("nearest", "") in names or problem.params["reason"] == "double_heading"


@settings(max_examples=300)
@given(data=st.data(), known=st.sampled_from(COLUMNS), english=st.booleans(), ending=st.sampled_from(["er", "s", ":", " ", ".", "-"]))
def test_a_known_heading_with_one_letter_wrong_or_in_another_form_is_known_for_what_it_is(data, known, english, ending):
    """For headings of six letters and more; it may also have become another known one."""
    sheet, column = known
    name = column.english if english else column.danish
    at = data.draw(st.integers(1, max(len(name) - 1, 1)), label="at")
    wrong = name[:at] + data.draw(st.sampled_from(["", *LETTERS]), label="letter") + name[at + 1 :]
    others = {folded(other) for one in sheet.columns for other in (one.danish, one.english)}
    for written in (wrong, name + ending):
        if len(name) >= 6 and folded(written) not in others:
            assert near_heading(written, sheet, sheet.columns)


@given(heading=st.text(max_size=80), known=st.sampled_from(SHEETS))
def test_what_a_heading_is_taken_for_is_a_heading_of_that_sheet(heading, known):
    """Or nothing."""
    names = {name for column in known.columns for name in (column.danish, column.english)}
    assert near_heading(heading, known, ()) in names | {""}
