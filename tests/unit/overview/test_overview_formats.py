"""The overview as people and programs get it: golden files of each format, the contract of the JSON, no name, nothing unescaped."""

import json
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from bot.domain.money import Amounts
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.i18n.money import money_text
from bot.overview.as_html import overview_body, overview_html
from bot.overview.as_json import overview_json, overview_object
from bot.overview.as_text import overview_text
from bot.overview.compose import overview_of
from bot.overview.decision_paper import decision_document
from bot.overview.document import Chart, PaperSection, PaperTable, Sentences
from bot.overview.paper import open_matters, paper
from bot.overview.words import Words
from tests.builders.overviews import (
    NO,
    NOTHING_KNOWN,
    NOW,
    YES,
    day,
    directors_counts,
    directors_plan,
    later,
    main,
    paid,
    plan_of,
    whole_day,
)
from tests.unit.overview.formats import GOLDEN, LANGUAGES, directors, evil_plan, golden, sixty


@LANGUAGES
def test_text_and_page_are_as_they_were_approved(language):
    document = paper(directors(), language)
    golden(f"directors.{language.value}.txt", overview_text(document))
    golden(f"directors.{language.value}.html", overview_html(document))


def test_a_whole_year_of_sixty_courses_is_as_it_was_approved():
    golden("sixty.da.html", overview_html(paper(sixty(), Language.DA)))


@pytest.mark.parametrize(("name", "made"), [("directors", directors), ("sixty", sixty)])
def test_the_json_is_as_it_was_approved(name, made):
    golden(f"{name}.json", overview_json(made()))


def test_there_is_no_golden_file_too_many():
    kinds = {f"directors.{language.value}.{kind}" for language in Language for kind in ("txt", "html")}
    years = {f"norddjurs-{year}.da.txt" for year in (2023, 2024, 2025)} | {"norddjurs.da.html", "norddjurs.json"}
    assert {path.name for path in GOLDEN.iterdir()} == kinds | years | {"directors.json", "sixty.json", "sixty.da.html"}


def test_the_json_has_every_key_of_the_contract():
    found = overview_object(directors())
    assert found.keys() >= {"plan", "as_of", "courses", "pools", "decisions", "years"}
    assert found["as_of"] == "2024-02-01T08:00:00Z"
    for course in found["courses"]:
        assert course.keys() >= {
            "course", "title", "theme", "status", "when", "responsible", "tags", "case", "sessions", "seats", "funding",
        }  # fmt: skip
        assert course["seats"].keys() == {
            "capacity", "invited", "registered", "tentative", "waitlisted", "declined", "unanswered", "attended",
        }  # fmt: skip
        assert all(one.keys() >= {"session", "start", "end", "period"} for one in course["sessions"])
        assert all(one.keys() >= {"pool", "purpose", "planned", "spent", "when"} for one in course["funding"])
    for pool in found["pools"]:
        assert pool.keys() >= {"pool", "name", "year", "currency", "amount", "planned", "spent", "free", "purposes", "scenarios"}
        assert all(one.keys() >= {"purpose", "reserved", "planned", "spent", "free"} for one in pool["purposes"])
        assert all(one.keys() >= {"assumptions", "planned", "free"} for one in pool["scenarios"])
    for decision in found["decisions"]:
        assert decision.keys() >= {"id", "question", "value", "decided_by", "decided_on", "case", "outcomes"}
        for outcome in decision["outcomes"]:
            assert outcome.keys() >= {"value", "courses", "mails", "amounts"}
            assert all(one.keys() >= {"pool", "amount"} for one in outcome["amounts"])


def test_the_json_says_what_is_not_known_and_never_nought():
    found = overview_object(directors())
    courses = {one["course"]: one for one in found["courses"]}
    assert courses["mentor"]["funding"] == [{"pool": "pulje-2024", "purpose": None, "planned": None, "spent": "0.00", "when": None}]
    assert courses["ledertalent"]["funding"][1]["when"] == "not velfaerdsmidler"
    pools = {one["pool"]: one for one in found["pools"]}
    assert (pools["velfaerd-2024"]["amount"], pools["velfaerd-2024"]["free"]) == (None, None)
    assert (pools["pulje-2024"]["planned"], pools["pulje-2024"]["unknown"]) == ("329000.50", 2)
    assert {one["by"] for one in pools["pulje-2024"]["overspent"]} == {"purpose", "pool"}


def test_an_outcome_whose_amount_nobody_knows_has_none():
    course = replace(directors_plan().courses[2], funding=(paid("eu", when=YES), paid("eu", "3", when=NO), paid("eu", when=NO)))
    plan = replace(directors_plan(), courses=(course,))
    found = overview_object(overview_of(plan, NOTHING_KNOWN, now=NOW))["decisions"][0]["outcomes"]
    assert [one["amounts"] for one in found] == [
        [{"pool": "eu", "amount": None, "unknown": 1}],
        [{"pool": "eu", "amount": "3.00", "unknown": 1}],
    ]


def test_times_are_told_with_the_offset_of_the_plan_on_their_day():
    courses = {one["course"]: one for one in overview_object(directors())["courses"]}
    (first, _) = courses["tryghed"]["sessions"]
    assert (first["session"], first["start"]) == ("norddjurs/tryghed/hold-1/dag", "2024-03-05T09:00:00+01:00")
    (day_of_leaders,) = courses["lederdag-2025"]["sessions"]
    assert (day_of_leaders["start"], day_of_leaders["all_day"]) == ("2025-06-18T00:00:00+02:00", True)


@LANGUAGES
def test_nobody_who_takes_part_is_named_anywhere(language):
    document = paper(directors(), language)
    for made in (overview_text(document), overview_html(document), overview_json(directors())):
        assert "leder-1@" not in made
        assert "taler@" not in made
        assert "a@x.example" not in made


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [value for name, value in attrs if name in {"src", "href"} or name.startswith("on")]


@LANGUAGES
def test_what_somebody_wrote_stays_text_and_leaves_no_control_characters(language):
    document = paper(overview_of(evil_plan(), directors_counts(), now=NOW), language)
    html = overview_html(document)
    page = Elements()
    page.feed(html)
    assert "script" not in page.tags
    assert "&lt;script&gt;" in html
    for made in (html, overview_text(document)):
        assert "\x07" not in made
        assert "\u202e" not in made


def test_a_table_has_headings_for_rows_and_columns_and_each_row_is_as_long():
    html = overview_html(paper(directors(), Language.DA))
    assert html.count("<table>") == html.count("<thead>") == html.count("<colgroup>")
    for section in paper(directors(), Language.DA).sections:
        for block in section.blocks:
            if isinstance(block, PaperTable):
                assert {len(row) for row in block.rows} <= {len(block.columns)}


def sentences(document):
    return [line for one in document.sections for block in one.blocks if isinstance(block, Sentences) for line in block.lines]


def test_a_plan_without_anything_is_a_short_paper():
    document = paper(overview_of(plan_of(), NOTHING_KNOWN, now=NOW), Language.DA)
    assert [one.heading for one in document.sections] == ["Kort fortalt"]
    assert document.title == "Oversigt over kurser og arrangementer"
    assert sentences(document) == ["0 kurser og arrangementer"]


def test_the_title_has_the_years_that_were_asked_for_or_that_there_are():
    assert paper(directors(), Language.DA).title.endswith("2024–2025")
    assert paper(directors(years=(2025,)), Language.DA).title.endswith(" 2025")


def test_what_is_over_is_not_to_be_decided():
    course = replace(directors_plan().courses[2], offerings=main(later("a", "2023-H2")), funding=())
    document = paper(overview_of(plan_of(course), NOTHING_KNOWN, now=NOW), Language.DA)
    assert "Det skal besluttes" not in [one.heading for one in document.sections]


def test_a_decision_about_what_is_over_is_not_to_be_made_and_one_about_something_more_is():
    of_both = replace(directors_plan().courses[2], offerings=main(later("a", "2023-H2")), funding=(), when=YES)
    ahead = replace(of_both, id="senere", offerings=main(later("a", "2024-H2")))
    decisions = directors_plan().assumptions[:1]
    for courses, there in (((of_both,), False), ((of_both, ahead), True)):
        said = overview_text(paper(overview_of(plan_of(*courses, assumptions=decisions), NOTHING_KNOWN, now=NOW), Language.DA))
        first = said.partition("Årshjul")[0]
        assert ("Beslutning 1" in first, "1 beslutning" in first, "straks: beslutning 1" in said) == (there, there, there)


def test_a_decision_without_a_deadline_stands_after_what_is_urgent_and_says_what_its_note_says():
    late = replace(directors_plan().courses[2], id="for-sent", offerings=main(later("a", "2024-H1")), funding=())
    soon = replace(late, id="snart", title="Snart", offerings=main(later("a", "2024-H2")))
    plan = replace(plan_of(soon, late), assumptions=directors_plan().assumptions[:1])
    rows = open_matters(overview_of(plan, NOTHING_KNOWN, now=NOW), Words(Language.DA, {"velfaerdsmidler": "Får de midler?"}))
    assert [by.text for _, _, by in rows] == ["straks", "ingen frist", "før 1. juli 2024"]
    assert rows[1][1].lines == ("Afgøres", "Afgøres i budgetforhandlingerne.")


def test_a_decision_that_no_course_depends_on_has_no_deadline():
    plan = replace(plan_of(), assumptions=(replace(directors_plan().assumptions[0], note=""),))
    text = overview_text(paper(overview_of(plan, NOTHING_KNOWN, now=NOW), Language.DA))
    assert "Hvad skal besluttes: Afgøres Senest: ingen frist" in " ".join(text.split())
    assert "ikke afgjort" in text
    assert "Hvis ja" not in text


def test_who_is_to_settle_a_decision_is_named_and_what_needs_no_date_has_none():
    open_one = replace(directors_plan().assumptions[0], decided_by="Byrådet")
    grant = replace(directors_plan().funding[0].expenses[0], when=YES)
    plan = replace(plan_of(), assumptions=(open_one,), funding=(replace(directors_plan().funding[0], expenses=(grant,)),))
    text = " ".join(overview_text(paper(overview_of(plan, NOTHING_KNOWN, now=NOW), Language.DA)).split())
    assert "Afgøres af Byrådet" in text
    assert "Ikke afgjort. Udfald Hvis ja Hvis nej" in text
    assert "Kurser, det gælder Ingen Ingen" in text


def test_a_pool_that_nothing_is_paid_from_says_so():
    pool = directors_plan().funding[2]
    plan = replace(plan_of(), funding=(pool, replace(pool, id="tom", amount=Decimal(0))))
    document = paper(overview_of(plan, NOTHING_KNOWN, now=NOW), Language.DA)
    assert sentences(document).count("Planen betaler intet fra puljen.") == 2
    assert not [block for one in document.sections for block in one.blocks if isinstance(block, Chart)]


def test_two_extremes_are_said_to_be_only_the_cheapest_and_the_dearest():
    text = overview_text(paper(sixty(), Language.DA))
    assert "måder. Her står den billigste og den dyreste." in text


def test_extremes_that_were_guessed_are_said_to_be():
    overview = sixty()
    pools = tuple(replace(one, combinations=99, is_exact=False) for one in overview.pools)
    assert "for mange til at regne igennem" in overview_text(paper(replace(overview, pools=pools), Language.DA))


@pytest.mark.parametrize(
    ("session", "danish"),
    [
        (day("x", "2024-03-05T09:00"), "5. marts 2024 kl. 09.00–15.00"),
        (day("x", "2024-03-05T20:00", 8), "5. marts 2024 kl. 20.00 – 6. marts 2024 kl. 04.00"),
        (whole_day("x", "2025-06-18"), "18. juni 2025"),
        (later("x", "2024-H2"), "2. halvår 2024, dato mangler"),
        (later("x", "2024-Q3"), "3. kvartal 2024, dato mangler"),
        (later("x", "2024-09"), "september 2024, dato mangler"),
        (later("x", "2024"), "2024, dato mangler"),
        (later("x", None), "Ingen dato endnu"),
    ],
)
def test_times_as_a_danish_office_writes_them(session, danish):
    plan = plan_of(replace(directors_plan().courses[0], offerings=main(session)))
    (course,) = overview_of(plan, NOTHING_KNOWN, now=NOW).courses
    assert Words(Language.DA, {}).time(course.sessions[0]) == danish


def test_a_whole_day_of_several_and_an_english_day():
    several = replace(whole_day("x", "2025-06-18"), end=day("y", "2025-06-20T00:00").start)
    (course,) = overview_of(plan_of(replace(directors_plan().courses[0], offerings=main(several))), NOTHING_KNOWN, now=NOW).courses
    assert Words(Language.DA, {}).time(course.sessions[0]) == "18. juni 2025 – 19. juni 2025"
    assert Words(Language.EN, {}).time(course.sessions[0]) == "18 June 2025 – 19 June 2025"


@pytest.mark.parametrize(
    ("amount", "currency", "danish", "english"),
    [
        ("300000", "DKK", "300.000 kr.", "DKK 300,000"),
        ("40000.50", "DKK", "40.000,50 kr.", "DKK 40,000.50"),
        ("-5", "EUR", "-5 EUR", "EUR -5"),
        ("999999999999.99", "DKK", "999.999.999.999,99 kr.", "DKK 999,999,999,999.99"),
        ("0", "JPY", "0 JPY", "JPY 0"),
    ],
)
def test_amounts_as_they_are_written(amount, currency, danish, english):
    assert money_text(Language.DA, Decimal(amount), currency).replace("\u00a0", " ") == danish
    assert money_text(Language.EN, Decimal(amount), currency).replace("\u00a0", " ") == english


@pytest.mark.parametrize(
    ("free", "unknown", "said"),
    [("40", 0, "40 kr. er frit"), ("40", 1, "højst 40 kr. er frit"), ("-7", 0, "der mangler 7 kr."), ("-7", 2, "der mangler mindst 7 kr.")],
)
def test_what_is_left_or_lacking_in_words(free, unknown, said):
    found = Words(Language.DA, {}).left(Decimal(free), Amounts(unknown=unknown), "DKK")
    assert found.replace("\u00a0", " ") == said


def test_every_status_has_a_word():
    words = Words(Language.DA, {})
    assert len({words(f"status.{status.value}") for status in CourseStatus}) == len(CourseStatus)


def test_the_json_ends_with_a_line_and_reads_back():
    assert json.loads(overview_json(directors()))["plan"] == "norddjurs"
    assert overview_json(directors()).endswith("}\n")


@pytest.mark.parametrize(
    ("line", "lines"),
    [("x" * 98, ["- " + "x" * 98]), ("x" * 98 + " y", ["- " + "x" * 98, "  y"]), ("", [])],
    ids=["fills the width", "one word too long", "nothing"],
)
def test_a_line_of_text_breaks_only_where_it_has_to(line, lines):
    section = PaperSection(heading="Kort", blocks=(Sentences(lines=(line,), are_points=True),))
    document = replace(paper(sixty(), Language.DA), sections=(section,))
    assert overview_text(document).splitlines()[5:] == lines


@LANGUAGES
def test_on_another_page_the_overview_is_the_same_without_the_page_around_it(language):
    document = paper(directors(), language)
    body, page = overview_body(document).strip(), overview_html(document)
    assert body in page
    assert not any(f"<{tag}" in body for tag in ("html", "head", "body", "style"))


@LANGUAGES
def test_one_decision_alone_says_where_it_stands_and_what_its_outcomes_mean(language):
    """As the whole overview does, under its own question; of a decision that the plan has not there is nothing."""
    overview = directors()
    whole = paper(overview, language)
    (decision, *_) = [one for one in overview.decisions if one.courses]
    alone = decision_document(overview, decision.assumption.id, language)
    (section,) = alone.sections
    assert alone.title in {one.heading for one in whole.sections}
    assert (alone.language, alone.organisation, alone.made) == (whole.language, whole.organisation, whole.made)
    (same,) = [one for one in whole.sections if one.heading == alone.title]
    assert section.blocks == same.blocks
    assert decision_document(overview, "findes-ikke", language) is None
