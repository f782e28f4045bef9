"""A pool's money as bars: one scale, every øre in a part, the limit where it is, and all of it in words and without colour."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption
from bot.domain.funding import Expense, ExpenseStatus, FundingPool
from bot.domain.people import Language
from bot.domain.plan import Course, CourseStatus
from bot.overview.as_html import overview_html
from bot.overview.compose import overview_of
from bot.overview.document import Chart, Fill
from bot.overview.paper import paper
from tests.builders.overviews import NO, NOTHING_KNOWN, NOW, paid, plan_of
from tests.unit.overview.formats import LANGUAGES, directors


def charts(overview, language=Language.DA):
    return [block for one in paper(overview, language).sections for block in one.blocks if isinstance(block, Chart)]


def shown(*courses, amount="1000", reserved=(), expenses=(), assumptions=()):
    pool = FundingPool(
        id="pulje", name="Puljen", amount=amount and Decimal(amount), reserved=tuple((name, Decimal(share)) for name, share in reserved),
        expenses=tuple(expenses),
    )  # fmt: skip
    return charts(overview_of(plan_of(*courses, funding=(pool,), assumptions=assumptions), NOTHING_KNOWN, now=NOW))


def course(amount, spent=None, *, purpose=None, status=CourseStatus.APPROVED, when=()):
    return Course(id="a", title="A", status=status, funding=(paid("pulje", amount, purpose, spent, when),))


def parts(bar):
    return {part.fill.value: (part.begins, part.width) for part in bar.parts}


def test_a_bar_is_spent_committed_planned_and_free_up_to_the_limit():
    planned = Expense(title="x", amount=Decimal(150))
    ((bar,),) = [one.bars for one in shown(course("400", "100"), expenses=[planned])]
    assert parts(bar) == {"spent": (0, 100), "committed": (100, 300), "planned": (400, 150), "free": (550, 450)}
    assert (bar.label, bar.limit) == ("I alt", 1000)
    assert bar.value.replace("\u00a0", " ") == "550 kr. af 1.000 kr. – 450 kr. er frit"
    assert bar.told.replace("\u00a0", " ") == "brugt 100 kr., disponeret 300 kr., planlagt i øvrigt 150 kr., frit 450 kr."


def test_what_is_overspent_goes_past_the_mark_and_all_bars_have_one_scale():
    grant = Expense(title="x", amount=Decimal(50), purpose="uddannelse", status=ExpenseStatus.SPENT)
    (chart,) = shown(course("2000", purpose="kurser"), reserved=[("kurser", "600"), ("uddannelse", "100")], expenses=[grant])
    assert [(bar.label, bar.limit) for bar in chart.bars] == [("kurser", 292), ("uddannelse", 48), ("Uden formål", 146), ("I alt", 487)]
    assert [parts(bar) for bar in chart.bars] == [
        {"committed": (0, 975)},
        {"spent": (0, 24), "free": (24, 24)},
        {"free": (0, 146)},
        {"spent": (0, 24), "committed": (24, 976)},
    ]
    assert chart.bars[0].value.replace("\u00a0", " ") == "2.000 kr. af 600 kr. – der mangler 1.400 kr."


@pytest.mark.parametrize(
    ("courses", "more"),
    [
        ((), {}),
        ((course("100"),), {"amount": None}),
        ((course(None),), {}),
        ((course("0"),), {"amount": "0"}),
    ],
)
def test_there_is_no_chart_where_there_is_nothing_to_see(courses, more):
    assert shown(*courses, **more) == []


def test_a_purpose_has_its_bar_where_the_pools_amount_is_not_known():
    (chart,) = shown(course("100", purpose="kurser"), amount=None, reserved=[("kurser", "200")])
    assert [bar.label for bar in chart.bars] == ["kurser"]


def test_more_set_aside_than_there_is_leaves_no_limit_below_nothing():
    (chart,) = shown(course("100"), amount="500", reserved=[("kurser", "600")])
    assert [(bar.label, bar.limit) for bar in chart.bars] == [("kurser", 1000), ("Uden formål", 0), ("I alt", 833)]


def test_each_scenario_has_its_bar_where_there_are_several():
    depends = course("800", when=NO, status=CourseStatus.PROPOSED)
    by_purpose, by_scenario = shown(depends, assumptions=[Assumption(id="velfaerdsmidler", value=None)])
    assert (len(by_purpose.bars), [bar.label for bar in by_scenario.bars]) == (1, ["beslutning 1: ja", "beslutning 1: nej"])
    assert [parts(bar) for bar in by_scenario.bars] == [{"free": (0, 1000)}, {"planned": (0, 800), "free": (800, 200)}]


@LANGUAGES
def test_every_part_is_in_the_legend_and_every_chart_in_words(language):
    for chart in charts(directors(), language):
        drawn = {part.fill for bar in chart.bars for part in bar.parts}
        assert {fill for fill, _ in chart.legend} == drawn | {Fill.LIMIT}
        for bar in chart.bars:
            assert f"{bar.label}: {bar.value}" in chart.told
            assert bar.told in chart.told
            assert all(0 <= part.begins <= part.begins + part.width <= 1000 for part in bar.parts)
            ends = [part.begins + part.width for part in bar.parts]
            assert [part.begins for part in bar.parts] == [0, *ends[:-1]]


@LANGUAGES
def test_the_page_draws_each_bar_with_its_words_and_a_pattern_for_each_part(language):
    html = overview_html(paper(directors(), language))
    bars = [bar for chart in charts(directors(), language) for bar in chart.bars]
    assert html.count('role="img"') == len(bars)
    assert all(f'aria-label="{bar.label}: {bar.told}"' in html for bar in bars)
    fills = re.findall(r"^\.paper \.(?:spent|committed|planned|free) \{ fill: ([^;]+); \}$", html, re.MULTILINE)
    assert len(set(fills)) == 4
    assert html.count("<pattern ") == 2


def test_a_name_with_marks_is_escaped():
    (chart,) = shown(course("100", purpose='a<b>"c'), reserved=[('a<b>"c', "200")], amount=None)
    assert chart.bars[0].label == 'a<b>"c'
    pool = FundingPool(id="p", name="<b>", amount=Decimal(5), reserved=(('"><script>', Decimal(1)),))
    plan = replace(
        plan_of(Course(id="a", title="A", status=CourseStatus.APPROVED, funding=(paid("p", "1", '"><script>'),))), funding=(pool,)
    )
    assert "<script>" not in overview_html(paper(overview_of(plan, NOTHING_KNOWN, now=NOW), Language.DA))
