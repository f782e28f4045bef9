"""Conditions, decisions, purposes, expenses and what HR notes of a course: read in both formats, and what is wrong told at its place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption, Term, condition_text
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.plan import problem_text, render_workbook, render_yaml
from tests.builders.documents import COURSE_ROWS, HEAD, found, parse, plan_of, with_course, workbook

DECISIONS = """\
assumptions:
  midler: undecided
  form:
    question: Én dag eller flere?
    options: [en-dag, flere-dage]
    value: flere-dage
    decided_by: Direktionen
    decided_on: 2025-01-08
    case: 25/117
    note: |
      Første linje
      anden linje
  gentages: {question: Igen?, options: [nej, ja]}
funding:
  pulje:
    amount: 300000
    reserved: {centrale-kurser: 150000}
    expenses:
      - {title: Diplomuddannelse, amount: 40000, status: committed, note: To ledere}
      - {title: Ledelsesevaluering, purpose: centrale-kurser, when: not midler and form = flere-dage}
"""
EVERYTHING = """\
responsible: [hr@demo.example, Chef@demo.example]
tags: [HR-strategiens tema 1, "Den attraktive arbejdsplads"]
case: 2025-117
note: Kun til os selv
when: midler
funding: [{pool: pulje, amount: 1000, purpose: centrale-kurser, spent: 250.5, when: ikke midler OG form=en-dag}]
"""


def test_all_that_a_plan_decides_is_understood():
    """The short form and the long one; options that are all yes or no are yes and no."""
    midler, form, gentages = plan_of(with_course("", extra=DECISIONS)).assumptions
    assert midler == Assumption(id="midler", value=None)
    assert form == Assumption(
        id="form", value="flere-dage", question="Én dag eller flere?", options=("en-dag", "flere-dage"), decided_by="Direktionen",
        decided_on=date(2025, 1, 8), case="25/117", note="Første linje\nanden linje",
    )  # fmt: skip
    assert gentages == Assumption(id="gentages", value=None, question="Igen?", options=(False, True))


def test_all_that_a_pool_pays_besides_courses_is_understood():
    """Planned where nothing is said, and of nobody knows what amount."""
    (pool,) = plan_of(with_course("", extra=DECISIONS)).funding
    assert pool.expenses == (
        Expense(title="Diplomuddannelse", amount=Decimal(40000), status=ExpenseStatus.COMMITTED, note="To ledere"),
        Expense(
            title="Ledelsesevaluering",
            purpose="centrale-kurser",
            when=(Term(assumption="midler", outcome=False), Term(assumption="form", outcome="flere-dage")),
        ),
    )


def test_all_that_hr_notes_of_a_course_is_understood():
    """Danish and English words of a condition, whatever their case."""
    (course,) = plan_of(with_course(EVERYTHING, extra=DECISIONS)).courses
    assert (course.responsible, course.case, course.note) == (("hr@demo.example", "chef@demo.example"), "2025-117", "Kun til os selv")
    assert course.tags == ("HR-strategiens tema 1", "Den attraktive arbejdsplads")
    assert course.when == (Term(assumption="midler", outcome=True),)
    assert course.funding == (
        CourseFunding(
            pool="pulje",
            amount=Decimal(1000),
            purpose="centrale-kurser",
            spent=Decimal("250.5"),
            when=(Term(assumption="midler", outcome=False), Term(assumption="form", outcome="en-dag")),
        ),
    )


def test_a_pool_without_an_amount_is_not_known_and_zero_is_zero():
    """Nothing there is another thing than nobody knows."""
    plan = plan_of(with_course("", extra="funding: {ukendt: {}, tom: {amount: 0}}\n"))
    assert [pool.amount for pool in plan.funding] == [None, Decimal(0)]
    assert [pool.amount for pool in plan_of(render_workbook(plan)).funding] == [None, Decimal(0)]


def test_offerings_and_sessions_may_depend_on_a_decision():
    """And are written back as they were read."""
    written = f"""{HEAD}{DECISIONS}courses:
  - id: kursus
    title: Et kursus
    status: proposed
    when: form = flere-dage
    offerings:
      - id: hold-1
        when: not midler
        sessions: [{{id: dag, period: 2025-H2, when: gentages and midler}}]
"""
    plan = plan_of(written)
    offering = plan.courses[0].offerings[0]
    assert [condition_text(one.when) for one in (plan.courses[0], offering, offering.sessions[0])] == [
        "form = flere-dage", "not midler", "gentages and midler",
    ]  # fmt: skip
    for again in (render_yaml(plan), render_workbook(plan)):
        assert plan_of(again).courses == plan.courses


@pytest.mark.parametrize(
    ("inside", "code", "reason", "place"),
    [
        ("when: midle", "reference.unknown", "assumption_near", "when"),
        ("when: not xyzw", "reference.unknown", "assumption", "when"),
        ("when: midler = ja", "value.invalid", "when_short", "when"),
        ("when: form", "value.invalid", "when_option", "when"),
        ("when: not form = en-dag", "value.invalid", "when_option", "when"),
        ("when: form = en-dga", "reference.unknown", "option_near", "when"),
        ("when: form = 7", "reference.unknown", "option", "when"),
        ("when: form =", "reference.unknown", "option", "when"),
        ("when: midler and", "reference.unknown", "assumption_near", "when"),
        ("when: midler and form", "value.invalid", "when_option", "when"),
        ("when: [midler]", "value.invalid", "shape_single", "when"),
        ("when: midler and not midler", "when.never", None, "when"),
        ("when: form = en-dag and form = flere-dage", "when.never", None, "when"),
        ("tags: 'a, b'", "value.invalid", "tag", "tags"),
        ("tags: [godt, '-']", "value.invalid", "tag", "tags[1]"),
        (f"tags: {'x' * 101}", "value.invalid", "long", "tags"),
        (f"case: {'1' * 101}", "value.invalid", "long", "case"),
        ("responsible: [hr@demo.example, hr]", "address.invalid", "name", "responsible[1]"),
        ("funding: [{pool: pulje, purpose: centrale-kursus}]", "reference.unknown", "purpose_near", "funding[0].purpose"),
        ("funding: [{pool: pulje, purpose: xyzw}]", "reference.unknown", "purpose", "funding[0].purpose"),
        ("funding: [{pool: xyzw, purpose: yzx}]", "reference.unknown", "pool", "funding[0].pool"),
        ("funding: [{pool: pulje, spent: mange}]", "value.invalid", "amount", "funding[0].spent"),
        ("funding: [{pool: pulje, spend: 1}]", "key.unknown", "near", "funding[0].spend"),
    ],
)
def test_what_is_wrong_of_a_course_is_told_at_its_place(inside, code, reason, place):
    """Once, and in words that say what to write."""
    text = with_course(inside, extra=DECISIONS)
    assert [problem[:3] for problem in found(text)] == [(code, reason, f"courses[0].{place}")]
    assert all(problem_text(language, problem) for language in Language for problem in parse(text).problems)


@pytest.mark.parametrize(
    ("written", "code", "reason", "place"),
    [
        ("midler: måske", "value.invalid", "decision", "midler"),
        ("midler: [true]", "value.invalid", "shape_single", "midler"),
        ("midler: {value: måske}", "value.invalid", "decision", "midler.value"),
        ("midler: {options: [a, b], value: c}", "value.invalid", "outcome", "midler.value"),
        ("midler: {options: [ja, b], value: nej}", "value.invalid", "outcome", "midler.value"),
        ("midler: {options: [en-dag, flere-dage], value: flere-dge}", "value.invalid", "outcome_near", "midler.value"),
        ("midler: {options: []}", "value.invalid", "options", "midler.options"),
        ("midler: {options: [a, a]}", "value.invalid", "options", "midler.options"),
        ("midler: {options: [ja, true], value: ja}", "value.invalid", "options", "midler.options"),
        ("midler: {options: a}", "value.invalid", "options", "midler.options"),
        ("midler: {options: [En dag, b]}", "id.invalid", "local", "midler.options[0]"),
        ("midler: {options: [a, uafklaret]}", "id.invalid", "reserved", "midler.options[1]"),
        ("og: undecided", "id.invalid", "reserved", "og"),
        ("midler: {decided_on: 2025-01-08T09:00}", "value.invalid", "day_alone", "midler.decided_on"),
        ("midler: {decided_on: i går}", "value.invalid", "moment", "midler.decided_on"),
        ("midler: {beslutning: ja}", "key.unknown", "list", "midler.beslutning"),
    ],
)
def test_what_is_wrong_of_a_decision_is_told_at_its_place(written, code, reason, place):
    """Nothing more is said of what depends on it."""
    text = with_course("", extra=f"assumptions:\n  {written}\n")
    assert [problem[:3] for problem in found(text)] == [(code, reason, f"assumptions.{place}")]


@pytest.mark.parametrize("options", ["[]", "[a, a]", "[En dag, b]", "a"])
def test_of_options_that_are_wrong_nothing_more_is_said(options):
    """Neither of the value nor of what depends on it."""
    text = with_course("when: midler = b", extra=f"assumptions: {{midler: {{options: {options}, value: b}}}}\n")
    assert [problem[2].partition("[")[0] for problem in found(text)] == ["assumptions.midler.options"]


@pytest.mark.parametrize(
    ("expense", "code", "reason", "place"),
    [
        ("amount: 1", "key.missing", None, ""),
        ("title: Diplom, status: paid", "value.invalid", "choice", ".status"),
        ("title: Diplom, purpose: centrale-kursus", "reference.unknown", "purpose_near", ".purpose"),
        ("title: Diplom, when: midle", "reference.unknown", "assumption_near", ".when"),
        ("title: Diplom, pool: pulje", "key.unknown", "list", ".pool"),
    ],
)
def test_what_is_wrong_of_an_expense_is_told_at_its_place(expense, code, reason, place):
    """By the pool that it is in."""
    head = DECISIONS.partition("    expenses:\n")[0]
    text = with_course("", extra=f"{head}    expenses: [{{{expense}}}]\n")
    assert [problem[:3] for problem in found(text)] == [(code, reason, f"funding.pulje.expenses[0]{place}")]


def test_the_same_term_twice_is_one():
    """Nothing is wrong with it."""
    (course,) = plan_of(with_course("when: midler og midler", extra=DECISIONS)).courses
    assert condition_text(course.when) == "midler"


def test_a_course_that_is_listed_needs_neither_an_audience_nor_a_session():
    """Others arrange it."""
    plan = plan_of(f"{HEAD}courses: [{{id: dag, title: En dag, status: listed}}]\n")
    assert plan.courses[0].status is CourseStatus.LISTED


EXCEL = {
    "Kurser": (
        (*COURSE_ROWS[0], "Ansvarlig", "Strategitemaer", "Sagsnr.", "Noter", "Hvis"),
        ("kursus", "Et kursus", "kun i oversigten", "ledere", "hr@demo.example, chef@demo.example",
         "Tema 1; Tema 3", 25117, "Husk kaffe", "ikke midler og form = en-dag"),
    ),
    "Forudsætninger": (
        ("Id", "Spørgsmål", "Muligheder", "Værdi", "Besluttet af", "Besluttet den", "Sagsnr.", "Note"),
        ("midler", None, None, "uafklaret", None, None, None, None),
        ("form", "Én dag eller flere?", "en-dag, flere-dage", "en-dag", "Direktionen", datetime(2025, 1, 8), "25/117", "Noget"),
        ("gentages", None, "ja, nej", "nej", None, None, None, None),
        ("flyttes", None, None, True, None, "8. januar 2025", None, None),
        ("glemt", None, None, None, None, None, None, None),
    ),
    "Puljer": (("Id", "Beløb"), ("pulje", 300000)),
    "Reserveringer": (("Pulje", "Formål", "Beløb"), ("pulje", "centrale-kurser", 150000)),
    "Finansiering": (
        ("Kursus", "Pulje", "Beløb", "Formål", "Brugt", "Hvis"),
        ("kursus", "pulje", 1000, "centrale-kurser", 250.5, "ikke midler"),
    ),
    "Øvrige udgifter": (
        ("Pulje", "Titel", "Beløb", "Formål", "Status", "Hvis", "Note"),
        ("pulje", "Diplomuddannelse", 40000, None, "disponeret", None, "To ledere"),
        ("pulje", "Ledelsesevaluering", None, "centrale-kurser", None, "midler", None),
    ),
}  # fmt: skip


def test_the_workbook_says_the_same_in_danish():
    """»kun i oversigten«, »ikke … og …«, »disponeret«; an empty decision is undecided."""
    plan = plan_of(workbook(**EXCEL))
    (course,) = plan.courses
    assert (course.status, course.responsible) == (CourseStatus.LISTED, ("hr@demo.example", "chef@demo.example"))
    assert (course.tags, course.case, course.note) == (("Tema 1", "Tema 3"), "25117", "Husk kaffe")
    assert condition_text(course.when) == "not midler and form = en-dag"
    assert [(one.id, one.value, one.decided_on) for one in plan.assumptions] == [
        ("midler", None, None), ("form", "en-dag", date(2025, 1, 8)), ("gentages", False, None),
        ("flyttes", True, date(2025, 1, 8)), ("glemt", None, None),
    ]  # fmt: skip
    assert [(one.title, one.amount, one.purpose, one.status) for one in plan.funding[0].expenses] == [
        ("Diplomuddannelse", Decimal(40000), None, ExpenseStatus.COMMITTED),
        ("Ledelsesevaluering", None, "centrale-kurser", ExpenseStatus.PLANNED),
    ]  # fmt: skip
    assert (course.funding[0].purpose, course.funding[0].spent) == ("centrale-kurser", Decimal("250.5"))


@pytest.mark.parametrize(
    ("sheet", "row", "code", "place"),
    [
        ("Forudsætninger", ("midler", None, None, "måske"), "value.invalid", "Forudsætninger!D2"),
        ("Forudsætninger", ("form", None, "en-dag, flere-dage", "ja"), "value.invalid", "Forudsætninger!D2"),
        ("Forudsætninger", (None, None, None, "ja"), "key.missing", "Forudsætninger!A2"),
        ("Øvrige udgifter", ("puljen", "Diplom"), "reference.unknown", "Øvrige udgifter!A2"),
        ("Øvrige udgifter", ("pulje", "Diplom", 1, None, "betalt"), "cell.invalid", "Øvrige udgifter!E2"),
        ("Finansiering", ("kursus", "pulje", None, "centrale"), "reference.unknown", "Finansiering!D2"),
        ("Reserveringer", ("pulje", None, 5), "key.missing", "Reserveringer!A2"),
        ("Reserveringer", ("pulje", "andet", None), "key.missing", "Reserveringer!A2"),
    ],
)
def test_what_is_wrong_in_the_workbook_is_told_at_its_cell(sheet, row, code, place):
    """As everywhere."""
    pages = {"Puljer": EXCEL["Puljer"], sheet: (EXCEL[sheet][0], row)}
    assert [(problem[0], problem[2]) for problem in found(workbook(**pages))] == [(code, place)]
