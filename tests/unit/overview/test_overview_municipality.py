"""The municipality's own plan as its directors would get it in the summer of 2023: what the appendix to their agenda has to say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.people import Language
from bot.overview.as_html import overview_html
from bot.overview.as_json import overview_json, overview_object
from bot.overview.as_pdf import overview_pdf
from bot.overview.as_text import overview_text
from bot.overview.compose import overview_of
from bot.overview.paper import paper
from bot.plan import parse_plan
from tests.builders.overviews import NOTHING_KNOWN
from tests.unit.overview.formats import golden
from tests.unit.overview.read_back import text_of

AUGUST_2023 = datetime(2023, 8, 15, 7, 0, tzinfo=UTC)
PLAN = Path(__file__).parents[3] / "config" / "plans" / "norddjurs.yaml"
YEARS = (2023, 2024, 2025)


def overview(*years):
    plan = parse_plan(PLAN.read_bytes(), name=PLAN.name, now=AUGUST_2023).plan
    assert plan is not None
    return overview_of(plan, NOTHING_KNOWN, now=AUGUST_2023, years=years)


@pytest.mark.parametrize("year", YEARS)
def test_each_year_is_as_it_was_approved(year):
    golden(f"norddjurs-{year}.da.txt", overview_text(paper(overview(year), Language.DA)))


def test_the_whole_plan_is_as_it_was_approved():
    golden("norddjurs.da.html", overview_html(paper(overview(), Language.DA)))
    golden("norddjurs.json", overview_json(overview()))


def test_a_director_can_answer_from_the_paper_alone():
    """What is planned for leaders in the first half of 2024, what it costs, what is free in each scenario, what is decided by when."""
    said = text_of(overview_pdf(paper(overview(2024), Language.DA), made=AUGUST_2023))
    for answer in (
        "2024, 1. halvår",
        "Fastholdelse – generations- og seniorordninger",
        "Fastholdelse – håndtering af sygefravær",
        "Fastholdelse – gode boarding-processer",
        "Lederudviklingspuljen 2024 efter hvad der besluttes",
        "midler til ledertalenter",
        "før 1. januar 2024",
        "før 1. juli 2024",
    ):
        assert "".join(answer.split()) in said.replace("\u200b", "")


def test_what_others_arrange_is_there_too_and_every_half_year():
    found = overview_object(overview())
    statuses = {one["status"] for one in found["courses"]}
    assert {"listed", "proposed", "save_the_date"} <= statuses
    headings = [section.heading for section in paper(overview(), Language.DA).sections]
    assert {"2023, 2. halvår", "2024, 1. halvår", "2024, 2. halvår", "2025, 1. halvår"} <= set(headings)


def test_the_leader_talents_are_paid_from_either_pool():
    (decision,) = [one for one in overview_object(overview())["decisions"] if one["id"] == "velfaerdsmidler"]
    paid = {outcome["value"]: [one["pool"] for one in outcome["amounts"]] for outcome in decision["outcomes"]}
    assert paid == {True: ["velfaerd-2024"], False: ["pulje-2024"]}
    assert all(outcome["courses"] == ["ledertalent"] for outcome in decision["outcomes"])
