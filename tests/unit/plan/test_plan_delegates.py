"""The plan's `delegates` in YAML, in a workbook and in what was there before."""

from __future__ import annotations

import pytest

from bot.domain.delegates import Delegate
from bot.domain.people import Language
from bot.plan import problem_text
from bot.plan.desk_forms import PLAN, called, rows_shown
from bot.plan.desk_rows import read_rows, rows_of
from bot.plan.differences import changed_rows
from bot.plan.document import json_document, plan_document
from bot.plan.sheets import DELEGATES
from bot.store.revision_people import without_person, words_pattern
from tests.builders.documents import HEAD, NOW, parse, workbook

HEADINGS = ("Leder", "Sekretær", "Kopi")
COURSE = "courses:\n  - {id: a, title: Ledelse, status: proposed}\n"
LISTED = HEAD[: HEAD.index("audiences:")] + "audiences:\n  alle: {people: [{email: chef@by.example}]}\n"
BOTH = (
    Delegate(leader="chef@by.example", by="sekr@by.example", copies=True),
    Delegate(leader="to@by.example", by="sekr@by.example"),
)


def yaml(*rows, head=HEAD):
    return head + "delegates:\n" + "".join(f"  - {{{row}}}\n" for row in rows) + COURSE


def told(source):
    return [(one.code, one.params.get("reason"), one.place) for one in parse(source).problems]


def test_both_ways_in_say_the_same():
    read = parse(yaml("for: Chef@by.example, by: sekr@by.example, copies: yes", "for: to@by.example, by: sekr@by.example"))
    assert read.problems == ()
    assert read.usable().delegates == BOTH
    rows = (HEADINGS, ("chef@by.example", "Sekr@by.example", "x"), ("to@by.example", "sekr@by.example", None))
    assert parse(workbook(Sekretærer=rows)).usable().delegates == BOTH


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("for: chef@by.example", ("key.missing", None, "delegates[0]")),
        ("by: chef@by.example", ("key.missing", None, "delegates[0]")),
        ("for: Chefen, by: sekr@by.example", ("address.invalid", "name", "delegates[0].for")),
        ("for: chef@by.example, by: chef@By.example", ("value.invalid", "delegate_self", "delegates[0].by")),
        ("for: chef@by.example, by: sekr@by.example, copies: 2", ("value.invalid", "flag", "delegates[0].copies")),
        ("for: chef@by.example, by: sekr@by.example, copy: true", ("key.unknown", "near", "delegates[0].copy")),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(row, problem):
    assert told(yaml(row)) == [problem]


def test_the_same_twice_is_told_at_the_second_and_going_round_is_allowed():
    pair = "for: chef@by.example, by: sekr@by.example"
    assert told(yaml(pair, pair)) == [("value.invalid", "delegate_twice", "delegates[1].by")]
    assert told(yaml(pair, "for: sekr@by.example, by: chef@by.example")) == []
    rows = (HEADINGS, ("chef@by.example", "sekr@by.example"), ("chef@by.example", "sekr@by.example"))
    (problem,) = parse(workbook(Sekretærer=rows)).problems
    assert (problem.place, "tidligere række" in problem_text(Language.DA, problem)) == ("Sekretærer!B3", True)


def test_a_leader_nobody_knows_is_doubtful_only_where_no_group_could_have_them():
    """Who is in a group the directory alone knows."""
    row = "for: chfe@by.example, by: sekr@by.example"
    assert told(yaml(row, head=LISTED)) == [("delegate.unknown_leader", None, "delegates[0].for")]
    assert told(yaml(row)) == []
    assert told(yaml("for: chef@by.example, by: sekr@by.example", head=LISTED)) == []


def test_the_desks_form_of_the_plan_has_them_and_names_them_by_the_leader():
    plan = parse(yaml("for: chef@by.example, by: sekr@by.example, copies: true")).usable()
    rows = rows_of(plan)
    shown = [row for row in rows_shown(rows, PLAN) if row.sheet == "delegates"]
    assert [called(DELEGATES, row.cells, Language.DA) for row in shown] == ["chef@by.example"]
    assert read_rows(rows, now=NOW).usable().delegates == plan.delegates


def test_a_change_is_told_in_the_sheets_words():
    before = parse(yaml("for: chef@by.example, by: sekr@by.example", "for: to@by.example, by: sekr@by.example")).usable()
    after = parse(yaml("for: chef@by.example, by: sekr@by.example, copies: true")).usable()
    rows = changed_rows(before, after, Language.DA)
    assert [(row.sheet, row.name, row.change.value) for row in rows] == [
        ("Sekretærer", "chef@by.example", "changed"),
        ("Sekretærer", "to@by.example", "gone"),
    ]
    assert [cell.told(Language.DA) for cell in rows[0].cells] == ["Kopi: (intet) → ja"]


@pytest.mark.parametrize(("who", "left"), [("sekr@by.example", 0), ("chef@by.example", 1), ("en@by.example", 2)])
def test_whoever_is_erased_takes_the_whole_entry_along(who, left):
    """A leader without a delegate, or the other way round, is no entry that a plan can have."""
    rows = ("for: chef@by.example, by: sekr@by.example", "for: to@by.example, by: sekr@by.example")
    document = json_document(parse(yaml(*rows)).usable())
    kept = without_person(document, {who}, words_pattern([who]))
    assert len(kept["delegates"]) == left
    assert who not in str(kept)


def test_a_plan_without_any_says_nothing_of_them():
    assert "delegates" not in plan_document(parse(HEAD + COURSE).usable())
