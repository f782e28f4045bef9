"""The feed as other calendars read it: dates, clocks on both sides of summer time, and nobody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.domain.enrolment import Enrolment
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, CourseStatus
from bot.domain.programme import Venue
from bot.overview.calendar_feed import calendar_feed
from tests.builders.samples import make_course, make_plan, make_session

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def feed(plan):
    return calendar_feed(plan, now=NOW, host="kurser.example", language=Language.DA)


def events(plan):
    return {str(event["uid"]): event for event in Calendar.from_ical(feed(plan)).walk("VEVENT")}


def with_dates(*starts, zone="Europe/Copenhagen"):
    sessions = [make_session(f"s{at}", start=start, hours=2) for at, start in enumerate(starts)]
    return replace(make_plan(make_course("kursus", *sessions)), timezone=zone)


@pytest.mark.parametrize("year", [2027, 2040])
def test_the_clock_is_right_on_both_sides_of_summer_time(year):
    """Also after 2038, where lists of dates end."""
    starts = [datetime(year, 1, 11, 9), datetime(year, 3, 20, 9), datetime(year, 4, 20, 9), datetime(year, 11, 20, 9)]
    found = events(with_dates(*starts))
    for at, start in enumerate(starts):
        said = found[f"demo/kursus/main/s{at}@kurser.example"]["dtstart"].dt
        assert said.astimezone(UTC) == start.replace(tzinfo=ZoneInfo("Europe/Copenhagen")).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "rules"), [("Europe/Copenhagen", 2), ("America/New_York", 2), ("Asia/Tokyo", 0), ("Africa/Casablanca", 0)]
)
def test_a_zone_stands_as_rules_where_it_has_any_and_as_changes_otherwise(zone, rules):
    body = feed(with_dates(datetime(2027, 6, 1, 9), zone=zone)).decode()
    assert body.count("RRULE:FREQ=YEARLY") == rules
    (said,) = events(with_dates(datetime(2027, 6, 1, 9), zone=zone)).values()
    assert said["dtstart"].params["TZID"] == zone
    (described,) = Calendar.from_ical(body).walk("VTIMEZONE")
    offsets = [part["tzoffsetto"].td for part in described.subcomponents]
    assert datetime(2027, 6, 1, 9, tzinfo=ZoneInfo(zone)).utcoffset() in offsets


def test_what_is_shown_by_status_and_an_all_day_session():
    session = make_session("dag", start=datetime(2027, 6, 1), hours=24, all_day=True)
    undated = make_session("senere", start=None)
    courses = [
        make_course(
            "aftalt",
            session,
            undated,
            status=CourseStatus.APPROVED,
            description="**Fed** tekst",
            venue=Venue(name="Salen", address="Torvet 1"),
        ),
        make_course("maaske", session, status=CourseStatus.SAVE_THE_DATE),
        make_course("aflyst", session, status=CourseStatus.CANCELLED),
        make_course("kladde", session, status=CourseStatus.DRAFT),
        make_course("tanke", session, status=CourseStatus.PROPOSED),
    ]
    found = {uid.split("/")[1]: event for uid, event in events(make_plan(*courses)).items()}
    assert {name: str(event["status"]) for name, event in found.items()} == {
        "aftalt": "CONFIRMED",
        "maaske": "TENTATIVE",
        "aflyst": "CANCELLED",
    }
    assert {name: str(event["transp"]) for name, event in found.items()} == {
        "aftalt": "OPAQUE",
        "maaske": "OPAQUE",
        "aflyst": "TRANSPARENT",
    }
    assert (found["aftalt"]["dtstart"].dt, found["aftalt"]["dtend"].dt) == (date(2027, 6, 1), date(2027, 6, 2))
    assert str(found["aftalt"]["location"]) == "Salen, Torvet 1"
    assert "location" not in found["maaske"]
    assert b"ATTENDEE" not in feed(make_plan(*courses))
    assert b"BEGIN:VEVENT" not in feed(replace(make_plan(), courses=()))


@pytest.mark.parametrize(
    ("language", "reserved", "off"), [(Language.DA, "Reservér datoen: ", "Aflyst: "), (Language.EN, "Save the date: ", "Cancelled: ")]
)
def test_what_a_calendar_shows_nowhere_else_stands_in_the_title(language, reserved, off):
    """Of an offering and a session with names of their own, too."""
    session = make_session("dag", start=datetime(2027, 6, 1, 9), title="Opfølgning")
    for status, lead in ((CourseStatus.SAVE_THE_DATE, reserved), (CourseStatus.APPROVED, ""), (CourseStatus.CANCELLED, off)):
        made = make_plan(make_course("kursus", session, title="Ledelse", status=status))
        (event,) = Calendar.from_ical(calendar_feed(made, now=NOW, host="h", language=language)).walk("VEVENT")
        assert str(event["summary"]) == f"{lead}Ledelse – Opfølgning"


def described(event):
    return (str(event["summary"]), str(event.get("description", "")), str(event["status"]), str(event["transp"]))


@pytest.mark.parametrize(
    ("status", "period", "day", "expected"),
    [
        (
            CourseStatus.APPROVED,
            "2027-H2",
            date(2027, 7, 1),
            ("Dato mangler (2. halvår 2027): Ledelse", "Ligger i 2. halvår 2027. Datoen er ikke fastlagt endnu."),
        ),
        (
            CourseStatus.SAVE_THE_DATE,
            "2027-Q4",
            date(2027, 10, 1),
            ("Dato mangler (4. kvartal 2027): Ledelse", "Ligger i 4. kvartal 2027. Datoen er ikke fastlagt endnu."),
        ),
        (
            CourseStatus.LISTED,
            "2027",
            date(2027, 1, 1),
            (
                "Dato mangler (2027): Ledelse",
                "Ligger i 2027. Datoen er ikke fastlagt endnu. Står her til orientering; invitationen sendes ikke herfra.",
            ),
        ),
        (
            CourseStatus.APPROVED,
            "2027-12",
            date(2027, 12, 1),
            ("Dato mangler (december 2027): Ledelse", "Ligger i december 2027. Datoen er ikke fastlagt endnu."),
        ),
    ],
)
def test_what_has_only_a_period_stands_on_its_first_day_takes_no_time_and_keeps_its_id(status, period, day, expected):
    """The id is that of the date to come, so that calendars move it there."""
    undated = make_session("dag", start=None, period=period)
    (uid,) = found = events(make_plan(make_course("kursus", undated, title="Ledelse", status=status)))
    event = found[uid]
    assert (event["dtstart"].dt, event["dtend"].dt) == (day, day + timedelta(days=1))
    assert described(event) == (*expected, "TENTATIVE", "TRANSPARENT")
    dated = make_session("dag", start=datetime(2027, 6, 1, 9))
    assert list(events(make_plan(make_course("kursus", dated, title="Ledelse", status=status)))) == [uid]


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.PROPOSED, CourseStatus.CANCELLED])
def test_what_nobody_approved_or_what_is_off_has_no_day_to_be_found_on(status):
    assert events(make_plan(make_course("kursus", make_session("dag", start=None, period="2027-H2"), status=status))) == {}


@pytest.mark.parametrize(
    ("status", "capacity", "of_offering", "said"),
    [
        (CourseStatus.APPROVED, None, None, ""),
        (CourseStatus.APPROVED, 20, None, "20 pladser."),
        (CourseStatus.APPROVED, 20, 1, "1 plads."),
        (CourseStatus.SAVE_THE_DATE, 20, None, "Datoen er reserveret. Invitationen følger. 20 pladser."),
        (CourseStatus.LISTED, None, None, "Står her til orientering; invitationen sendes ikke herfra."),
        (CourseStatus.CANCELLED, 20, None, ""),
    ],
)
def test_the_description_says_what_the_title_leaves_open_and_how_many_seats_there_are(status, capacity, of_offering, said):
    session = make_session("dag", start=datetime(2027, 6, 1, 9))
    course = make_course("kursus", session, status=status, description="", enrolment=Enrolment(capacity=capacity))
    course = replace(course, offerings=tuple(replace(one, capacity=of_offering) for one in course.offerings))
    (event,) = events(make_plan(course)).values()
    assert described(event)[1] == said
    (event,) = events(make_plan(replace(course, description="Om dagen"))).values()
    assert described(event)[1] == "\n\n".join(part for part in (said, "Om dagen") if part)


def test_a_feed_of_one_audience_has_what_is_for_it_and_says_whose_it_is():
    """For those who must come and those who may; a session may be for others than its course."""
    rules = tuple(AudienceRule(id=name, name=title) for name, title in (("ledere", "Alle ledere"), ("sosu", "")))
    at = datetime(2027, 6, 1, 9)
    courses = (
        make_course("alles", make_session("a", start=at), audience=("ledere", "sosu")),
        make_course("ledernes", make_session("b", start=at), make_session("c", start=at, audience=("sosu",)), audience=("ledere",)),
        make_course("frit", make_session("d", start=at), audience=("ledere",), optional_audience=("sosu",)),
    )
    plan = replace(make_plan(*courses), audiences=rules)

    def read(audience):
        calendar = Calendar.from_ical(calendar_feed(plan, now=NOW, host="h", language=Language.DA, audience=audience))
        return str(calendar["x-wr-calname"]), [str(event["uid"]).split("/")[3] for event in calendar.walk("VEVENT")]

    name = plan.organisation
    assert read("") == (name, ["a@h", "b@h", "c@h", "d@h"])
    assert read("ledere") == (f"{name}: Alle ledere", ["a@h", "b@h", "d@h"])
    assert read("sosu") == (f"{name}: sosu", ["a@h", "c@h", "d@h"])


MARKDOWN = """# Overskrift

En dag med **oplæg** og [program](https://kommune.example/p), se <https://kommune.example/q>

- *formiddag*
- `kode`

> Citat &amp; <b>html</b>

| a | b |
|---|---|
| 1 | 2 |

![et billede](https://kommune.example/b.png) Skriv til [os](mailto:hr@kommune.example)"""


def test_markdown_becomes_lines_that_anybody_can_read():
    """Without stars, brackets and lines of a table; where a link leads stands after its words."""
    session = make_session("dag", start=datetime(2027, 6, 1, 9))
    (event,) = events(make_plan(make_course("kursus", session, description=MARKDOWN))).values()
    said = str(event["description"])
    assert said.splitlines()[:6] == [
        "Overskrift",
        "",
        "En dag med oplæg og program (https://kommune.example/p), se https://kommune.example/q",
        "",
        "- formiddag",
        "- kode",
    ]
    assert "Skriv til os (hr@kommune.example)" in said
    assert [mark for mark in ("**", "](", "|--", "`", "&amp;", "![") if mark in said] == []
    assert "et billede" in said
    assert b"DESCRIPTION" not in feed(make_plan(make_course("kursus", session, description=" \n ")))


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_title_breaks_the_file(title, description):
    """Lines are folded at 75 octets and end as the standard says, whatever HR writes."""
    session = make_session("dag", start=datetime(2027, 6, 1, 9), hours=timedelta(hours=2) / timedelta(hours=1))
    body = feed(make_plan(make_course("kursus", session, title=title or "x", description=description)))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["uid"]) == "demo/kursus/main/dag@kurser.example"
