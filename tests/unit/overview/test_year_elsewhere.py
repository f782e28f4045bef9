"""The year as lists: the workbook's sheet and the JSON say what the paper's months do."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.assumptions import Assumption
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.enrolment import Enrolment
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.overview.as_json import overview_object
from tests.builders.overviews import YES, day, later, whole_day
from tests.unit.overview.formats import directors, sixty
from tests.unit.overview.read_back import book, rows_of
from tests.unit.overview.year import course, overview

OPEN = (Assumption(id="velfaerdsmidler", value=None, question="Får området midler?"),)
DEADLINE = Enrolment(deadline=datetime(2024, 3, 1, 12))
OF_SEVERAL_DAYS = replace(whole_day("lejr", "2024-05-06", title="Lejr"), end=datetime(2024, 5, 8))
CLOSED = (ClosingDay(month=5, day=10, year=2024),)


def year():
    courses = (
        course(day("dag", "2024-04-10T08:30"), OF_SEVERAL_DAYS, later("senere", "2024-H2"), later("juni", "2024-06"), enrolment=DEADLINE),
        course(day("dag", "2024-05-28T09:00"), id="velfærd", title="Velfærdsledelse", status=CourseStatus.PROPOSED, when=YES),
    )
    return overview(*courses, assumptions=OPEN, holidays="DK", closing_days=CLOSED)


def rows(made, language=Language.DA):
    name = {Language.DA: "Årshjul", Language.EN: "Year"}[language]
    return [tuple(row.values()) for row in rows_of(book(made, language)[name])]


def test_the_workbook_has_the_year_as_a_list_with_days_as_dates():
    found = rows(year())
    assert {row[0] for row in found} == {2024}
    said = [row[1:] for row in found if row[4] != "Helligdag eller lukkedag"]
    assert said == [
        ("Marts", datetime(2024, 3, 1), datetime(2024, 3, 1), "Svarfrist", "Kurset", None),
        ("April", datetime(2024, 4, 10), datetime(2024, 4, 10), "Kursus eller arrangement", "Kurset", "Godkendt"),
        ("Maj", datetime(2024, 5, 6), datetime(2024, 5, 7), "Kursus eller arrangement", "Kurset, Lejr", "Godkendt"),
        (
            "Maj", datetime(2024, 5, 28), datetime(2024, 5, 28), "Kursus eller arrangement", "Velfærdsledelse",
            "Foreslået, hvis beslutning 1 bliver ja",
        ),
        (
            "Maj", datetime(2024, 5, 28), datetime(2024, 5, 28), "Beslutning senest før", "Beslutning 1: Får området midler?",
            "ikke afgjort",
        ),
        ("Juni", None, None, "Kursus eller arrangement", "Kurset", "Godkendt"),
        ("2. halvår 2024, dato mangler", None, None, "Kursus eller arrangement", "Kurset", "Godkendt"),
    ]  # fmt: skip
    assert ("Maj", datetime(2024, 5, 9), datetime(2024, 5, 9), "Helligdag eller lukkedag", "Kristi himmelfartsdag", None) in [
        row[1:] for row in found
    ]
    assert ("Maj", datetime(2024, 5, 10), datetime(2024, 5, 10), "Helligdag eller lukkedag", "lukkedag", None) in [row[1:] for row in found]


def test_school_holidays_stand_in_the_sheet_by_their_first_and_last_day_in_each_month():
    school = (SchoolHoliday(first=date(2024, 6, 29), last=date(2024, 8, 9)),)
    found = rows(overview(course(day("x", "2024-03-05T09:00")), school_holidays=school))
    assert [row[1:4] for row in found if row[5] == "skoleferie"] == [
        ("Juni", datetime(2024, 6, 29), datetime(2024, 6, 30)),
        ("Juli", datetime(2024, 7, 1), datetime(2024, 7, 31)),
        ("August", datetime(2024, 8, 1), datetime(2024, 8, 9)),
    ]


def test_the_sheet_is_told_in_english_too():
    assert rows(year(), Language.EN)[1][4:6] == ("Deadline of answers", "Kurset")


def test_the_json_has_the_same_year_by_the_keys_of_its_sessions_courses_and_decisions():
    (found,) = overview_object(year())["years"]
    spans = {one["period"]: one for one in found["spans"]}
    assert found["year"] == 2024
    assert list(spans) == [*(f"2024-0{month}" for month in range(1, 7)), "2024-H2", *(f"2024-{month:02}" for month in range(7, 13))]
    assert spans["2024-03"]["deadlines"] == [{"day": "2024-03-01", "course": "k"}]
    assert spans["2024-04"]["sessions"] == ["norddjurs/k/main/dag"]
    assert spans["2024-05"]["sessions"] == ["norddjurs/k/main/lejr", "norddjurs/velfærd/main/dag"]
    assert spans["2024-05"]["decisions"] == [{"before": "2024-05-28", "decision": "velfaerdsmidler"}]
    assert {"day": "2024-05-10", "name": None} in spans["2024-05"]["days_off"]
    assert spans["2024-H2"] == {
        "period": "2024-H2", "sessions": ["norddjurs/k/main/senere"], "deadlines": [], "decisions": [], "days_off": [],
        "school_holidays": [],
    }  # fmt: skip


def test_every_session_of_the_year_is_in_both_as_often_as_in_the_plan():
    for made in (directors(), directors(years=(2024,)), sixty()):
        told = [key for year in overview_object(made)["years"] for span in year["spans"] for key in span["sessions"]]
        courses = overview_object(made)["courses"]
        placed = [
            one["session"]
            for shown in courses
            for one in shown["sessions"]
            if (one["start"] or one["period"]) and (not made.years or int((one["start"] or one["period"])[:4]) in made.years)
        ]
        assert sorted(told) == sorted(placed)
        assert len([row for row in rows(made) if row[4] == "Kursus eller arrangement"]) == len(told)
