"""The feed as other calendars read it: dates, clocks on both sides of summer time, and nobody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.domain.people import Language
from bot.domain.plan import CourseStatus, Venue
from bot.overview.calendar_feed import calendar_feed
from tests.samples import make_course, make_plan, make_session

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
