"""The year as a strip of months: what stands in which, and how it is said."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.assumptions import Assumption
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.enrolment import Enrolment
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.overview.as_html import overview_html
from bot.overview.as_pdf import overview_pdf
from bot.overview.compose import overview_of
from bot.overview.document import PaperTable
from bot.overview.paper import paper
from bot.overview.year import year_of, years_of
from bot.working_days import is_weekend
from tests.builders.overviews import MANY_DAYS, NO, NOTHING_KNOWN, NOW, YES, day, directors_plan, later, whole_day, year_of_sixty
from tests.unit.overview.read_back import text_of
from tests.unit.overview.year import course, overview

OPEN = (
    Assumption(id="velfaerdsmidler", value=None, question="Får området midler?"),
    Assumption(id="form", value=None, question="Én dag eller flere?", options=("en-dag", "flere-dage")),
)


def lines(made, column, *, language=Language.DA, year=2024):
    """The column's lines by the heading of their row, without the rows in which it is empty."""
    (section,) = [one for one in paper(made, language).sections if str(year) in one.heading and one.begins_page]
    (table,) = [block for block in section.blocks if isinstance(block, PaperTable)]
    headings = [one.heading for one in table.columns]
    if column not in headings:
        return {}
    found = {row[0].text: row[headings.index(column)].lines for row in table.rows}
    return {name: tuple(line.replace("\u00a0", " ") for line in said) for name, said in found.items() if said}


def meetings(*sessions, language=Language.DA, **more):
    return lines(
        overview(course(*sessions, **more)),
        {Language.DA: "Kurser og arrangementer", Language.EN: "Courses and events"}[language],
        language=language,
    )


@pytest.mark.parametrize(
    ("session", "row", "said"),
    [
        (day("x", "2024-03-05T09:00"), "Marts", "tirs. d. 5.: Kurset (Godkendt)"),
        (day("x", "2024-03-05T20:00", 4), "Marts", "tirs. d. 5.: Kurset (Godkendt)"),
        (day("x", "2024-03-05T09:00", 30), "Marts", "tirs. d. 5. – ons. d. 6.: Kurset (Godkendt)"),
        (day("x", "2024-04-30T09:00", 30), "April", "tirs. d. 30. – 1. maj 2024: Kurset (Godkendt)"),
        (day("x", "2024-12-31T09:00", 30), "December", "tirs. d. 31. – 1. januar 2025: Kurset (Godkendt)"),
        (whole_day("x", "2024-02-29", title="Opfølgning"), "Februar", "tors. d. 29.: Kurset, Opfølgning (Godkendt)"),
        (whole_day("x", "2024-02-29", title="Kurset"), "Februar", "tors. d. 29.: Kurset (Godkendt)"),
        (later("x", "2024-03"), "Marts", "dato mangler: Kurset (Godkendt)"),
        (later("x", "2024-Q1"), "1. kvartal 2024, dato mangler", "Kurset (Godkendt)"),
        (later("x", "2024-Q4"), "4. kvartal 2024, dato mangler", "Kurset (Godkendt)"),
        (later("x", "2024-H2"), "2. halvår 2024, dato mangler", "Kurset (Godkendt)"),
        (later("x", "2024"), "2024, dato mangler", "Kurset (Godkendt)"),
    ],
)
def test_a_session_stands_in_the_month_or_the_period_that_it_names(session, row, said):
    assert meetings(session) == {row: (said,)}


def test_it_is_said_in_english_too():
    assert meetings(day("x", "2024-03-05T09:00", 30), later("y", "2024-05"), language=Language.EN) == {
        "March": ("Tue 5 – Wed 6: Kurset (Approved)",),
        "May": ("no date yet: Kurset (Approved)",),
    }


@pytest.mark.parametrize("status", [one for one in CourseStatus if one is not CourseStatus.DRAFT])
def test_every_status_stands_in_words(status):
    words = {"listed": "Til orientering", "proposed": "Foreslået", "save_the_date": "Dato reserveret", "approved": "Godkendt"}
    assert meetings(day("x", "2024-03-05T09:00"), status=status) == {
        "Marts": (f"tirs. d. 5.: Kurset ({words.get(status.value, 'Aflyst')})",)
    }


def test_what_a_course_and_its_session_wait_for_is_said_once():
    sessions = (day("x", "2024-03-05T09:00", when=(*YES, *MANY_DAYS)), day("y", "2024-03-06T09:00", when=YES))
    found = lines(overview(course(*sessions, when=YES), assumptions=OPEN), "Kurser og arrangementer")
    assert found == {
        "Marts": (
            "tirs. d. 5.: Kurset (Godkendt, hvis beslutning 1 bliver ja og hvis beslutning 2 bliver flere dage)",
            "ons. d. 6.: Kurset (Godkendt, hvis beslutning 1 bliver ja)",
        )
    }


def test_a_month_is_in_the_order_of_days_with_what_has_none_last():
    sessions = (later("a", "2024-03"), day("b", "2024-03-20T09:00"), day("c", "2024-03-05T13:00"), day("d", "2024-03-05T09:00"))
    spans = {span.month: span for span in year_of(overview(course(*sessions)), 2024)}
    assert [one.session.place[2] for one in spans[3].meetings] == ["d", "c", "b", "a"]


def test_there_are_twelve_months_and_a_longer_period_comes_before_its_first_one():
    spans = year_of(overview(course(*(later(name, name) for name in ("2024-Q3", "2024-H2", "2024", "2024-Q1", "2024-07")))), 2024)
    assert [span.period for span in spans] == [
        "2024", "2024-Q1", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06",
        "2024-H2", "2024-Q3", "2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sessions", "years", "shown"),
    [
        ((day("a", "2024-03-05T09:00"), later("b", "2025-H1")), (), (2024, 2025)),
        ((day("a", "2024-03-05T09:00"), later("b", "2025-H1")), (2025, 2026), (2025,)),
        ((day("a", "2024-12-31T09:00", 30),), (), (2024,)),
        ((later("a", None),), (), ()),
        ((), (2024,), ()),
    ],
)
def test_the_years_are_those_in_which_something_begins(sessions, years, shown):
    assert years_of(overview(course(*sessions), years=years)) == shown


def test_a_deadline_shows_its_year_and_asks_for_answers_of_what_is_still_on():
    def due(status, moment=datetime(2023, 12, 20, 12, 0)):
        made = overview(course(day("x", "2024-01-15T09:00"), status=status, enrolment=Enrolment(deadline=moment)))
        return years_of(made), lines(made, "Frister", year=years_of(made)[0])

    expected = ((2023, 2024), {"December": ("ons. d. 20.: svarfrist for Kurset",)})
    for status in (CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED):
        assert due(status) == expected
    for status in (CourseStatus.LISTED, CourseStatus.CANCELLED):
        assert due(status) == ((2024,), {})


def test_deadlines_of_a_month_are_in_the_order_of_days():
    courses = [
        course(
            day("x", "2024-06-15T09:00"), id=f"k{number}", title=f"Kursus {number}", enrolment=Enrolment(deadline=datetime(2024, 5, number))
        )
        for number in (17, 2)
    ]
    assert lines(overview(*courses), "Frister") == {"Maj": ("tors. d. 2.: svarfrist for Kursus 2", "fre. d. 17.: svarfrist for Kursus 17")}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2024, 4, 9, 8, 0, tzinfo=UTC), "før ons. d. 10.: beslutning 1 afgøres"),
        (datetime(2024, 4, 10, 8, 0, tzinfo=UTC), "straks: beslutning 1 afgøres"),
    ],
)
def test_an_open_decision_stands_where_it_is_needed(now, said):
    sessions = (day("x", "2024-04-10T09:00", when=YES), later("y", "2024-H2", when=NO))
    assert lines(overview(course(*sessions), assumptions=OPEN, now=now), "Frister") == {"April": (said,)}


def test_a_decision_that_is_made_or_that_nothing_depends_on_is_no_deadline():
    decided = (replace(OPEN[0], value=True), OPEN[1])
    assert lines(overview(course(day("x", "2024-04-10T09:00", when=YES)), assumptions=decided), "Frister") == {}


def test_only_days_off_on_which_people_would_be_at_work_are_shown():
    """Easter Day is a Sunday; 5 June closes every year, 27 December in one year only, and 1 June was a Saturday."""
    closing = (
        ClosingDay(month=6, day=5),
        ClosingDay(month=12, day=27, year=2024),
        ClosingDay(month=12, day=30, year=2025),
        ClosingDay(month=6, day=1),
    )
    made = overview(course(day("x", "2024-03-05T09:00")), holidays="DK", closing_days=closing)
    assert lines(made, "Helligdage og ferier") == {
        "Januar": ("man. d. 1.: Nytårsdag",),
        "Marts": ("tors. d. 28.: Skærtorsdag", "fre. d. 29.: Langfredag"),
        "April": ("man. d. 1.: Anden påskedag",),
        "Maj": ("tors. d. 9.: Kristi himmelfartsdag", "man. d. 20.: Anden pinsedag"),
        "Juni": ("ons. d. 5.: lukkedag",),
        "December": ("ons. d. 25.: Juledag", "tors. d. 26.: Anden juledag", "fre. d. 27.: lukkedag"),
    }
    assert not any(is_weekend(free.day) for span in year_of(made, 2024) for free in span.free)


def test_school_holidays_stand_in_each_month_that_has_days_of_them():
    """In the order of days, whatever the order of the plan; of one day, over a turn of the month, of the year, and of another year."""
    school = (
        SchoolHoliday(first=date(2024, 12, 21), last=date(2025, 1, 3)),
        SchoolHoliday(first=date(2024, 2, 12), last=date(2024, 2, 16)),
        SchoolHoliday(first=date(2024, 2, 5), last=date(2024, 2, 5)),
        SchoolHoliday(first=date(2024, 6, 29), last=date(2024, 8, 9)),
        SchoolHoliday(first=date(2023, 12, 1), last=date(2023, 12, 31)),
    )
    made = overview(course(day("x", "2024-03-05T09:00")), school_holidays=school)
    assert lines(made, "Helligdage og ferier") == {
        "Februar": ("man. d. 5.: skoleferie", "man. d. 12. – fre. d. 16.: skoleferie"),
        "Juni": ("lør. d. 29. – søn. d. 30.: skoleferie",),
        "Juli": ("man. d. 1. – ons. d. 31.: skoleferie",),
        "August": ("tors. d. 1. – fre. d. 9.: skoleferie",),
        "December": ("lør. d. 21. – tirs. d. 31.: skoleferie",),
    }


def test_a_plan_that_keeps_no_holidays_shows_none():
    assert lines(overview(course(day("x", "2024-03-05T09:00"))), "Helligdage og ferier") == {}


def test_several_offerings_are_told_apart():
    made = overview_of(directors_plan(), NOTHING_KNOWN, now=NOW)
    assert lines(made, "Kurser og arrangementer")["Marts"] == (
        "tirs. d. 5.: Psykologisk tryghed, Hold 1 (Godkendt)",
        "tirs. d. 12.: Psykologisk tryghed, Hold 2 (Godkendt)",
    )


def test_on_paper_each_year_begins_a_page_and_a_long_one_repeats_its_headings():
    document = paper(overview_of(directors_plan(), NOTHING_KNOWN, now=NOW), Language.DA)
    html = overview_html(document)
    assert html.count('<h2 class="page">') == 2
    (first, second) = (html.index(f'<h2 class="page">Årshjul {year}</h2>') for year in (2024, 2025))
    assert first < second < html.index("<h2>2024, 1. halvår</h2>")
    sixty = paper(overview_of(year_of_sixty(), NOTHING_KNOWN, now=NOW), Language.DA)
    assert text_of(overview_pdf(sixty, made=NOW)).count("MånedKurserogarrangementer") == 2
