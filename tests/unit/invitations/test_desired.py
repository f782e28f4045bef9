"""What the plan wants in the calendar: by status and date, for whom, where, and in how many parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.changes import Reason
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.events import AttendeeType, Location, SessionKey
from bot.domain.people import Audience, PeopleIndex, UnknownGroup, UnknownReason
from bot.domain.plan import CourseStatus, Offering
from bot.domain.programme import Speaker, Venue
from bot.domain.times import instant
from bot.invitations.desired import JOIN_URL_PLACEHOLDER, wanted_events, with_link, without_link
from tests.builders.samples import KEY, NOBODY, ORGANISER, ROOM, START, address, make_course, make_person, make_plan, make_session

LEADERS = Audience(id="ledere", people=(make_person("anna"), make_person("bo")))
TR = Audience(id="tr", people=(make_person("bo"), make_person("cilla")))
UNKNOWN = Audience(id="tr", unknown=(UnknownGroup(group="tr@demo.example", reason=UnknownReason.EMPTIED),))
MANY = Audience(id="ledere", people=tuple(make_person(f"p{number:04}") for number in range(1100)))
LINK = "https://teams.example/meet/1?a=1&b=2"


def wanted(*courses, audiences=(LEADERS, TR), seated=None, people=NOBODY, **changes):
    return wanted_events(make_plan(*courses, **changes), {one.id: one for one in audiences}, seated or {}, people)


def event_of(course, **changes):
    (event,) = wanted(course, **changes).events.values()
    return event


def kinds(event):
    return {one.email.partition("@")[0]: one.type.value for one in event.attendees}


# -- by status and date


@pytest.mark.parametrize(
    ("status", "dated", "reason"),
    [
        (CourseStatus.DRAFT, True, Reason.GONE_FROM_PLAN),
        (CourseStatus.DRAFT, False, Reason.GONE_FROM_PLAN),
        (CourseStatus.PROPOSED, True, Reason.NOT_APPROVED),
        (CourseStatus.PROPOSED, False, Reason.NOT_APPROVED),
        (CourseStatus.SAVE_THE_DATE, True, None),
        (CourseStatus.SAVE_THE_DATE, False, Reason.UNDATED),
        (CourseStatus.APPROVED, True, None),
        (CourseStatus.APPROVED, False, Reason.UNDATED),
        (CourseStatus.CANCELLED, True, Reason.STATUS_CANCELLED),
        (CourseStatus.CANCELLED, False, Reason.STATUS_CANCELLED),
    ],
)
def test_each_row_of_the_table(status, dated, reason):
    found = wanted(make_course("kursus", make_session(start=START if dated else None), status=status))
    assert (set(found.events), dict(found.absent)) == (({KEY}, {}) if reason is None else (set(), {KEY: reason}))


def test_a_session_with_only_a_start_is_undated():
    assert dict(wanted(make_course("kursus", make_session(end=None))).absent) == {KEY: Reason.UNDATED}


def test_a_placeholder_is_tentative_and_asks_for_no_answer():
    placeholder = event_of(make_course(status=CourseStatus.SAVE_THE_DATE)).content
    invitation = event_of(make_course()).content
    assert (placeholder.show_as, placeholder.response_requested, placeholder.subject) == ("tentative", False, "Reservér datoen: Kursus")
    assert (invitation.show_as, invitation.response_requested, invitation.subject) == ("busy", True, "Kursus")
    assert placeholder.body != invitation.body


def test_a_living_course_is_any_that_stands_in_the_plan_but_a_draft():
    courses = [make_course(status.value, status=status) for status in CourseStatus]
    assert wanted(*courses).living_courses == {status.value for status in CourseStatus} - {"draft"}


def test_every_session_of_every_offering_has_its_own_event():
    days = tuple(make_session(f"s{number}", start=START + timedelta(days=number)) for number in (1, 2))
    course = make_course(offerings=(Offering(id="hold-1", sessions=days), Offering(id="hold-2", sessions=days[:1])))
    keys = [str(key) for key in wanted(course).events]
    assert keys == ["demo/kursus/hold-1/s1", "demo/kursus/hold-1/s2", "demo/kursus/hold-2/s1"]
    assert [session.id for _, _, session in make_plan(course).sessions()] == ["s1", "s2", "s1"]


# -- whom


def test_somebody_wanted_in_two_ways_is_required():
    assert kinds(event_of(make_course(audience=("ledere",), optional_audience=("tr",)))) == {
        "anna": "required",
        "bo": "required",
        "cilla": "optional",
    }


def test_a_session_may_have_an_audience_of_its_own():
    """Also an empty one."""
    own = make_session(audience=("tr",), optional_audience=("ledere",))
    assert kinds(event_of(make_course("kursus", own))) == {"anna": "optional", "bo": "required", "cilla": "required"}
    assert kinds(event_of(make_course("kursus", make_session(audience=())))) == {}


@pytest.mark.parametrize(
    ("enrolment", "invited"),
    [
        (Enrolment(), True),
        (Enrolment(mode=EnrolmentMode.CHOOSE), True),
        (Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK), False),
        (Enrolment(mode=EnrolmentMode.SIGNUP), False),
    ],
    ids=["invite", "choose in Outlook", "choose by link", "sign up"],
)
def test_the_audience_is_invited_at_once_where_the_answer_is_the_enrolment(enrolment, invited):
    assert kinds(event_of(make_course(enrolment=enrolment))) == ({"anna": "required", "bo": "required"} if invited else {})


def test_speakers_with_an_address_are_optional_and_those_without_are_only_named():
    speakers = (Speaker(name="Ude", email="ude@firma.example"), Speaker(name="Uden"), Speaker(name="Kurser", email=ORGANISER))
    event = event_of(make_course(speakers=speakers))
    assert kinds(event) == {"anna": "required", "bo": "required", "ude": "optional"}
    assert [one.name for one in event.attendees if one.type is AttendeeType.OPTIONAL] == ["Ude"]


def test_a_speaker_of_the_audience_is_invited_once_also_by_an_alias():
    people = PeopleIndex([make_person("bo", aliases=["b.hansen"]), make_person("tidligere", aliases=["t"])])
    speakers = (Speaker(name="Bo", email=address("b.hansen")), Speaker(name="T", email=address("t")))
    assert kinds(event_of(make_course(speakers=speakers), people=people)) == {"anna": "required", "bo": "required", "tidligere": "optional"}


def test_speakers_come_to_sign_up_courses_too():
    course = make_course(enrolment=Enrolment(mode=EnrolmentMode.SIGNUP), speakers=(Speaker(name="Ude", email="ude@firma.example"),))
    assert kinds(event_of(course)) == {"ude": "optional"}


def test_an_unknown_audience_holds_the_sessions_that_need_it_and_no_others():
    course = make_course(
        "kursus", make_session("a"), make_session("b", audience=("ledere", "tr")), make_session("c", optional_audience=("tr",))
    )
    signup = make_course("andet", audience=("tr",), enrolment=Enrolment(mode=EnrolmentMode.SIGNUP))
    held = wanted(course, signup, audiences=(LEADERS, UNKNOWN)).held
    # Sign-up too: who may choose, and which sessions are for whom, is not known either.
    assert {str(key) for key in held} == {"demo/kursus/main/b", "demo/kursus/main/c", "demo/andet/main/dag"}


def test_a_course_that_invites_nobody_needs_no_audience():
    """The groups of a cancelled course are not even read."""
    assert wanted(make_course(status=CourseStatus.CANCELLED), audiences=()).held == frozenset()


# -- where


@pytest.mark.parametrize(
    ("venue", "location"),
    [
        (None, None),
        (Venue(), None),
        (Venue(name="Kulturhuset"), Location(name="Kulturhuset")),
        (Venue(name="Kulturhuset", address="Torvet 1"), Location(name="Kulturhuset, Torvet 1")),
        (Venue(address="Torvet 1"), Location(name="Torvet 1")),
        (Venue(name="Sal 1", room=ROOM), Location(name="Sal 1", room=ROOM)),
        (Venue(room=ROOM), Location(name=ROOM, room=ROOM)),
    ],
)
def test_a_venue_is_shown_by_name_and_address_and_a_room_is_booked(venue, location):
    event = event_of(make_course(venue=venue))
    assert event.content.location == location
    assert [one.email for one in event.attendees if one.type is AttendeeType.RESOURCE] == ([ROOM] if venue and venue.room else [])


def test_the_nearest_word_on_place_and_meeting_holds():
    """Session before offering before course; an offering may say no."""
    course, offering, session = (Venue(name=name) for name in ("Kursus", "Hold", "Session"))
    own = make_session("a", venue=session, online=True)
    bare = make_session("b")
    plan = make_course(
        venue=course,
        online=True,
        offerings=(Offering(id="1", venue=offering, online=False, sessions=(own, bare)), Offering(id="2", sessions=(bare,))),
    )
    found = [(event.content.location.name, event.content.online) for event in wanted(plan).events.values()]
    assert found == [("Session", True), ("Hold", False), ("Kursus", True)]


def test_times_zone_and_privacy_are_the_plans():
    midnight = START.replace(hour=0)
    day = make_session(start=midnight, end=midnight + timedelta(days=1), all_day=True)
    content = event_of(make_course("kursus", day, hide_attendees=False), timezone="Europe/London").content
    assert (content.start, content.end, content.all_day) == (midnight, midnight + timedelta(days=1), True)
    assert (content.timezone, content.hide_attendees) == ("Europe/London", False)


# -- in parts


def test_more_people_than_an_event_holds_are_split_and_the_room_is_with_the_first_part():
    course = make_course(venue=Venue(name="Sal 1", room=ROOM), online=True)
    found = wanted(course, audiences=(MANY,))
    first, second, third = found.events.values()
    assert [len(event.attendees) for event in found.events.values()] == [500, 500, 101]
    assert [str(key) for key in found.events] == ["demo/kursus/main/dag", "demo/kursus/main/dag#2", "demo/kursus/main/dag#3"]
    assert [ROOM in {one.email for one in event.attendees} for event in (first, second, third)] == [True, False, False]
    assert (first.content.online, second.content.online) == (True, False)
    assert JOIN_URL_PLACEHOLDER in second.content.body
    assert JOIN_URL_PLACEHOLDER not in first.content.body
    assert (second.content.subject, second.content.start, second.content.location) == (
        first.content.subject,
        first.content.start,
        first.content.location,
    )


def test_without_a_meeting_the_parts_have_no_link():
    second = list(wanted(make_course(), audiences=(MANY,)).events.values())[1]
    assert JOIN_URL_PLACEHOLDER not in second.content.body


def test_who_sits_in_a_part_stays_there():
    seated = {replace(KEY, part=2): frozenset({address("p0000")})}
    first, second, _ = wanted(make_course(), audiences=(MANY,), seated=seated).events.values()
    assert address("p0000") in {one.email for one in second.attendees}
    assert address("p0000") not in {one.email for one in first.attendees}


def test_the_link_of_the_first_part_goes_into_the_others_and_out_again():
    second = list(wanted(make_course(online=True), audiences=(MANY,)).events.values())[1].content
    sent = with_link(second, LINK)
    assert JOIN_URL_PLACEHOLDER not in sent.body
    assert 'href="https://teams.example/meet/1?a=1&amp;b=2"' in sent.body
    assert without_link(sent, LINK) == second
    assert without_link(replace(sent, body=sent.body.replace("&amp;", "&")), LINK) == second


# -- moments


def test_a_wall_time_is_its_moment_in_the_plans_zone():
    assert instant(START, "Europe/Copenhagen").isoformat() == "2025-06-18T07:00:00+00:00"
    assert instant(datetime(2025, 1, 18, 9, 0), "Europe/Copenhagen").isoformat() == "2025-01-18T08:00:00+00:00"


def test_of_a_wall_time_that_occurs_twice_the_first_is_meant():
    assert instant(datetime(2025, 10, 26, 2, 30), "Europe/Copenhagen").isoformat() == "2025-10-26T00:30:00+00:00"


def test_a_key_is_its_stamp_and_back():
    assert SessionKey.parse("demo/kursus/main/dag#3") == replace(KEY, part=3)
    assert str(SessionKey.parse("demo/kursus/main/dag")) == "demo/kursus/main/dag"


@pytest.mark.parametrize(
    "stamp", ["", "demo", "demo/kursus/main", "demo/kursus/main/dag/mere", "demo//main/dag", "demo/kursus/main/dag#to"]
)
def test_a_stamp_that_is_not_ours_is_no_key(stamp):
    with pytest.raises(ValueError, match=f"^{stamp}$"):
        SessionKey.parse(stamp)
