"""The plans that come with the program: the starter of `init`, and the municipality's courses."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot.domain.assumptions import condition_text
from bot.domain.decided import as_decided, values_of
from bot.domain.enrolment import EnrolmentMode
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.plan import parse_plan, render_workbook
from bot.plan.starter import starter

NOW = datetime(2025, 3, 13, 8, 0, tzinfo=UTC)
PLANS = Path(__file__).parents[3] / "config" / "plans"


def read(name):
    return parse_plan((PLANS / name).read_bytes(), name=name, now=NOW)


@pytest.fixture(scope="module")
def plan():
    parsed = read("norddjurs.yaml")
    assert parsed.problems == ()
    return parsed.plan


def course(plan, course_id):
    return next(course for course in plan.courses if course.id == course_id)


def periods(found):
    return [session.period for offering in found.offerings for session in offering.sessions]


@pytest.mark.parametrize("language", Language)
def test_the_starter_is_in_order_and_the_same_in_both_formats(language):
    """`init` writes it; `check` must have nothing to say."""
    parsed = [parse_plan(starter(kind, language), name=f"plan.{kind}", now=NOW) for kind in ("yaml", "xlsx")]
    assert [one.problems for one in parsed] == [(), ()]
    assert len({replace(one.plan, revision="") for one in parsed}) == 1
    assert parsed[0].plan.language is language
    assert all(".example" in mailbox for mailbox in (parsed[0].plan.organiser, parsed[0].plan.contact))
    assert {found.status for found in parsed[0].plan.courses} == set(CourseStatus) - {CourseStatus.DRAFT, CourseStatus.CANCELLED}


def test_the_starter_workbook_says_what_its_own_explanations_say():
    """Danish words, and the hours that hold where nothing is said."""
    book = openpyxl.load_workbook(io.BytesIO(starter("xlsx", Language.DA)))
    hours = {row[0]: row[1] for row in book["Plan"].iter_rows(values_only=True)}
    assert (hours["Send fra"], hours["Send til"]) == ("07:00", "18:00")
    assert {row[5] for row in book["Finansiering"].iter_rows(min_row=2, values_only=True)} >= {"ikke ekstra-midler"}
    statuses = next(cell.comment.text for cell in book["Kurser"][1] if cell.value == "Status")
    assert "kladde, kun i oversigten, foreslået" in statuses


def test_the_municipalitys_plan_is_the_same_in_yaml_and_excel(plan):
    """And the workbook is the one that is made from the YAML."""
    workbook = read("norddjurs.xlsx")
    assert workbook.problems == ()
    assert replace(workbook.plan, revision="") == replace(plan, revision="")
    assert (PLANS / "norddjurs.xlsx").read_bytes() == render_workbook(plan)


def test_the_leader_day_has_its_date_and_theme_and_no_speaker_yet(plan):
    """18 June 2025, hours unknown: a placeholder for the whole day."""
    found = course(plan, "lederdag-2025")
    (session,) = found.offerings[0].sessions
    assert (found.status, found.theme, found.speakers) == (CourseStatus.SAVE_THE_DATE, "Professionelt aktørskab", ())
    assert (session.start.date(), session.all_day) == (date(2025, 6, 18), True)


def test_the_courses_on_psychological_safety_are_as_the_note_proposes(plan):
    """Autumn 2023: one on two dates to choose from, one a forenoon for leaders and MED committees."""
    chosen, forenoon = course(plan, "psykologisk-tryghed"), course(plan, "med-samarbejde")
    assert (chosen.enrolment.mode, len(chosen.offerings), periods(chosen)) == (EnrolmentMode.CHOOSE, 2, ["2023-H2"] * 2)
    assert (forenoon.audience, periods(forenoon)) == (("ledere", "med"), ["2023-H2"])
    assert forenoon.offerings[0].sessions[0].title == "Formiddag"


def test_the_three_themes_of_retention_are_in_the_first_half_of_2024(plan):
    """TR and AMR come to the first part of the one on senior schemes."""
    found = [course(plan, name) for name in ("seniorordninger", "sygefravaer", "boarding")]
    assert [period for one in found for period in periods(one)] == ["2024-H1"] * 4
    assert [session.audience for session in found[0].offerings[0].sessions] == [("ledere", "tr-amr"), None]


def test_the_talent_concept_has_two_ways_of_funding(plan):
    """By the welfare money or by the pool; which is still undecided."""
    found = course(plan, "ledertalent")
    assert (periods(found), found.tags) == (["2024-H2"], ("HR-strategiens tema 3",))
    assert [(part.pool, condition_text(part.when)) for part in found.funding] == [
        ("velfaerd-2024", "velfaerdsmidler"),
        ("pulje-2024", "not velfaerdsmidler"),
    ]
    assert [part.purpose for part in found.funding] == [None, "centrale-kurser"]
    decision = next(one for one in plan.assumptions if one.id == "velfaerdsmidler")
    assert (decision.value, "budgetforhandlingerne" in decision.question, "15. juni 2023" in decision.note) == (None, True, True)


def test_the_themes_of_retention_are_on_one_day_or_on_several(plan):
    """Whichever is decided, all three are there, and never twice."""
    for form, expected in (("en-dag", ["fastholdelse"]), ("flere-dage", ["seniorordninger", "sygefravaer", "boarding"])):
        decided = as_decided(plan, values_of(plan) | {"form": form})
        retention = [found for found in decided.courses if found.theme == "Fastholdelse"]
        assert [found.id for found in retention] == expected
        assert {found.tags for found in retention} == {("HR-strategiens tema 1",)}


def test_what_is_decided_and_what_is_open_is_as_the_documents_say(plan):
    """With the body and the date; nobody's name, no invented number of a file."""
    said = {one.id: (one.value, one.decided_by, one.decided_on and f"{one.decided_on:%d-%m-%Y}") for one in plan.assumptions}
    assert said == {
        "psykologisk-tryghed": (True, "Direktionen", "21-06-2023"),
        "temaer-2024": (True, "Direktionen", "21-06-2023"),
        "arbejdsmiljoe-temaer": (True, "Hovedudvalget", "01-06-2023"),
        "med-brush-up": (True, "Hovedudvalget", "01-06-2023"),
        "oplaeg": (None, "Direktionen", None),
        "fyraftensmoede": (None, "", None),
        "to-datoer": (None, "", None),
        "form": (None, "", None),
        "velfaerdsmidler": (None, "", None),
        "lederdag-tema": ("professionelt-aktørskab", "Direktionen", "12-03-2025"),
        "egne-oplaeg": (None, "", None),
    }
    assert all(one.question for one in plan.assumptions)
    assert len(next(one.options for one in plan.assumptions if one.id == "lederdag-tema")) == 5
    assert not any(one.case for one in (*plan.assumptions, *plan.courses))


def test_what_others_hold_and_what_was_held_stands_in_the_overview_only(plan):
    """The other events of 2023, the first leader day, and the directors' own days."""
    listed = {found.id: periods(found) for found in plan.courses if found.status is CourseStatus.LISTED}
    assert listed == {
        "arbejdsmiljoedag-2023": ["2023-H2"], "temadag-2023": ["2023-H2"], "fyraftensmoede-2023": ["2023-H2"],
        "lederdag-2024": ["2024"], "direktoerernes-lederdage": ["2025"],
    }  # fmt: skip


def test_what_else_the_pool_may_be_used_for_has_no_amount(plan):
    """The note names it, and not what it costs."""
    for pool in plan.funding[:2]:
        assert [expense.title.split()[0] for expense in pool.expenses] == ["Ledelsesevaluering", "Tilskud", "Tilskud", "Tilskud"]
        assert {(expense.amount, expense.purpose) for expense in pool.expenses} == {(None, None)}
    assert plan.funding[2].amount is None


def test_the_pool_is_300_000_a_year_with_150_000_for_central_courses(plan):
    """In 2023 and 2024."""
    pools = {pool.id: pool for pool in plan.funding}
    for year in (2023, 2024):
        pool = pools[f"pulje-{year}"]
        assert (pool.year, pool.amount, pool.reserved) == (year, Decimal(300_000), (("centrale-kurser", Decimal(150_000)),))


def test_nothing_is_dated_or_approved_that_the_documents_leave_open(plan):
    """Only the leader day has a date, and no course invites yet."""
    dated = [found.id for found in plan.courses for offering in found.offerings for session in offering.sessions if session.start]
    assert dated == ["lederdag-2025"]
    others = {found.status for found in plan.courses if found.id != "lederdag-2025"}
    assert others == {CourseStatus.PROPOSED, CourseStatus.LISTED}
