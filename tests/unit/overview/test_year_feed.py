"""The year wheel as a calendar: every session with its status, what is due, and how much of it each reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest
from icalendar import Calendar

from bot.domain.assumptions import Assumption, Term
from bot.domain.closing_days import ClosingDay
from bot.domain.enrolment import Enrolment
from bot.domain.links import FEED_OWNERS, FeedReader, feed_owner
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, CourseStatus
from bot.overview.calendar_feed import calendar_feed
from bot.overview.compose import overview_of
from bot.overview.lines import Seats
from bot.overview.year_feed import for_audience, year_feed
from tests.builders.overviews import NOTHING_KNOWN, NOW
from tests.builders.samples import make_course, make_plan, make_session
from tests.unit.overview.formats import directors, evil_plan

HR, DIRECTORS = FeedReader.HR, FeedReader.DIRECTORS
AT = datetime(2024, 6, 3, 9)
SEATS = Seats(capacity=40, invited=60, registered=33, tentative=2, waitlisted=1, declined=9, unanswered=15)


def read(overview, reader=HR, language=Language.DA, audience=""):
    return Calendar.from_ical(year_feed(overview, reader=reader, host="h", language=language, audience=audience))


def events(overview, reader=HR, language=Language.DA):
    return {str(one["uid"]).removesuffix("@h").partition("/")[2]: one for one in read(overview, reader, language).walk("VEVENT")}


def of(plan, counts=NOTHING_KNOWN):
    return overview_of(plan, counts, now=NOW)


def shown(event):
    return str(event["summary"]), str(event["status"]), str(event.get("description", ""))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CourseStatus.PROPOSED, ("Ledelse (Foreslået)", "TENTATIVE", "Hvad skal besluttes: Godkendes.")),
        (CourseStatus.SAVE_THE_DATE, ("Ledelse (Dato reserveret)", "TENTATIVE", "Pladser og svar: Tilmeldt: 0; Inviteret: 0.")),
        (CourseStatus.APPROVED, ("Ledelse (Godkendt)", "CONFIRMED", "Pladser og svar: Tilmeldt: 0; Inviteret: 0.")),
        (
            CourseStatus.LISTED,
            ("Ledelse (Til orientering)", "CONFIRMED", "Står her til orientering; invitationen sendes ikke herfra."),
        ),
        (CourseStatus.CANCELLED, ("Ledelse (Aflyst)", "CANCELLED", "Aflyst: for få.")),
    ],
)
def test_every_status_but_a_draft_stands_there_and_takes_nobodys_time(status, expected):
    reason = "for få" if status is CourseStatus.CANCELLED else ""
    course = replace(make_course("kursus", make_session("dag", start=AT), title="Ledelse", status=status), cancel_reason=reason)
    (event,) = events(of(make_plan(course))).values()
    assert shown(event) == expected
    assert (str(event["transp"]), event["dtstart"].params["TZID"]) == ("TRANSPARENT", "Europe/Copenhagen")
    assert events(of(make_plan(replace(course, status=CourseStatus.DRAFT)))) == {}


def test_what_is_off_without_a_reason_says_no_more_than_that():
    (event,) = events(of(make_plan(make_course("kursus", make_session("dag", start=AT), status=CourseStatus.CANCELLED)))).values()
    assert "description" not in event


def test_hr_has_every_number_and_directors_how_many_are_taken():
    overview = of(make_plan(make_course("kursus", make_session("dag", start=AT), enrolment=Enrolment(capacity=40))))
    counted = replace(overview, courses=tuple(replace(one, seats=SEATS, responsible=("Hanne Prøve",)) for one in overview.courses))
    numbers = "; Måske: 2; På venteliste: 1; Kommer ikke: 9; Ikke svaret: 15; Inviteret: 60"
    for reader, more in ((HR, numbers), (DIRECTORS, "")):
        (event,) = events(counted, reader).values()
        assert shown(event)[2] == f"Pladser og svar: Tilmeldt: 33 af 40{more}.\nAnsvarlig: Hanne Prøve."
    proposed = make_course("kursus", make_session("dag", start=AT), status=CourseStatus.PROPOSED, enrolment=Enrolment(capacity=40))
    (event,) = events(of(make_plan(proposed)), DIRECTORS).values()
    assert "40 pladser" in shown(event)[2]


def test_what_has_only_a_period_stands_on_its_first_day_and_moves_to_its_date_with_the_same_id():
    undated = make_course("kursus", make_session("dag", start=None, period="2024-H2"), title="Ledelse", status=CourseStatus.PROPOSED)
    found = events(of(make_plan(undated)))
    (event,) = found.values()
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 7, 1), date(2024, 7, 2))
    assert shown(event)[0] == "Dato mangler (2. halvår 2024): Ledelse (Foreslået)"
    assert shown(event)[2].startswith("Ligger i 2. halvår 2024. Datoen er ikke fastlagt endnu.\nHvad skal besluttes: Godkendes; Dato")
    dated = make_plan(make_course("kursus", make_session("dag", start=AT), title="Ledelse"))
    assert events(of(dated)).keys() == found.keys()
    public = Calendar.from_ical(calendar_feed(dated, now=NOW, host="h", language=Language.DA)).walk("VEVENT")
    assert [str(one["uid"]).removesuffix("@h").partition("/")[2] for one in public] == list(found)
    assert events(of(make_plan(replace(undated, status=CourseStatus.CANCELLED)))) == {}
    assert events(of(make_plan(make_course("kursus", make_session("dag", start=None))))) == {}


def test_days_are_days():
    (event,) = events(
        of(make_plan(make_course("kursus", make_session("dag", start=datetime(2024, 6, 3), hours=48, all_day=True))))
    ).values()
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 6, 3), date(2024, 6, 5))


def test_what_is_due_and_the_days_off_of_the_plan_stand_on_their_day():
    """A decision on the last day on which it is in time; holidays stand in every calendar already."""
    on = (Term(assumption="midler", outcome=True),)
    course = make_course("kursus", make_session("dag", start=AT), title="Ledelse", enrolment=Enrolment(deadline=datetime(2024, 5, 6, 12)))
    plan = replace(
        make_plan(replace(course, when=on)),
        assumptions=(Assumption(id="midler", question="Får området midler?", value=None),),
        holidays="DK",
        closing_days=(ClosingDay(month=5, day=10),),
    )
    found = events(of(plan))
    meeting = found.pop("kursus/main/dag")
    assert shown(meeting)[:2] == ("Ledelse (Godkendt)", "TENTATIVE")
    assert "Kun hvis beslutning 1 bliver ja.\nBeslutning 1: Får området midler?\n" in shown(meeting)[2]
    assert {name: (one["dtstart"].dt, str(one["summary"])) for name, one in found.items()} == {
        "-/answers/kursus": (date(2024, 5, 6), "Svarfrist: Ledelse"),
        "-/decision/midler": (date(2024, 6, 2), "Senest i dag: Får området midler?"),
        "-/closed/2024-05-10": (date(2024, 5, 10), "Lukkedag"),
    }


def test_of_one_audience_it_has_what_is_for_that_one_and_says_whose_it_is():
    rules = (AudienceRule(id="ledere", name="Alle ledere"), AudienceRule(id="sosu", name=""))
    courses = (
        make_course("alles", make_session("a", start=AT), make_session("b", start=AT, audience=("sosu",)), audience=("ledere",)),
        make_course("deres", make_session("c", start=AT), audience=("sosu",)),
    )
    plan = replace(make_plan(*courses), audiences=rules)
    for audience, expected in (("", ["a", "b", "c"]), ("ledere", ["a"]), ("sosu", ["b", "c"])):
        assert sorted(name.split("/")[2] for name in events(of(for_audience(plan, audience)))) == expected
    assert str(read(of(plan))["x-wr-calname"]) == f"{plan.organisation}: årshjul"
    assert str(read(of(plan), audience="Alle ledere")["x-wr-calname"]) == f"{plan.organisation}: årshjul for Alle ledere"


def test_an_empty_year_is_a_calendar_too():
    body = year_feed(of(replace(make_plan(), courses=())), reader=HR, host="h", language=Language.DA)
    assert (b"BEGIN:VEVENT" in body, b"BEGIN:VTIMEZONE" in body) == (False, True)


@pytest.mark.parametrize(("reader", "language"), list(product(FeedReader, Language)))
def test_nothing_that_people_wrote_breaks_out_of_its_line(reader, language):
    body = year_feed(of(evil_plan()), reader=reader, host="h", language=language).decode()
    assert Calendar.from_ical(body).errors == []
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    for event in Calendar.from_ical(body).walk("VEVENT"):
        assert "\n" not in str(event["summary"])
        assert event.errors == []


def test_the_directors_year_has_an_event_for_all_that_the_wheel_has():
    found = events(directors(), DIRECTORS)
    assert len({*found}) == len(read(directors(), DIRECTORS).walk("VEVENT"))
    titles = [str(one["summary"]) for one in found.values()]
    for told in (
        "Arbejdsmiljødagen (Til orientering)",
        "Dato mangler (2024): Mentorordning (Foreslået)",
        "Netværk for nye ledere (Aflyst)",
    ):
        assert told in titles


def test_each_kind_of_feed_is_renewed_alone():
    assert {"feed", "feed/hr", "feed/directors"} == FEED_OWNERS
    assert [feed_owner(one) for one in (None, *FeedReader)] == ["feed", "feed/hr", "feed/directors"]
