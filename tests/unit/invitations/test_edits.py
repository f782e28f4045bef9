"""What a person's hand makes of an event, and the plan that people are told of then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.events import AttendeeType, EventField, LedgerState, Location, OutlookEdit, ResponseStatus, SessionKey
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.programme import Venue
from bot.invitations.as_it_stands import as_it_stands, edits_of
from bot.invitations.edits import with_edits
from tests.builders.samples import KEY, ROOM, make_attendee, make_desired, make_entry, make_observed, make_plan

HALL = Location(name="Sal 1")
AHEAD = make_desired("anna", location=HALL)
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)
TIMES = (EventField.START, EventField.END)
LATER = datetime(2025, 5, 5, 7, 12, tzinfo=UTC)


def noted(event, entry=ENTRY, **how):
    return with_edits({entry.key: entry}, [event], **how)[entry.key]


def edited(**changes):
    return make_observed(AHEAD, **changes)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ()),
        ({"subject": "Nyt navn"}, (EventField.SUBJECT,)),
        ({"end": AHEAD.content.end - timedelta(minutes=90)}, TIMES),
        ({"location": None}, (EventField.LOCATION,)),
        ({"location": Location(name="Kantinen")}, (EventField.LOCATION,)),
        ({"body": "<p>Andet</p>", "show_as": "free"}, ()),
    ],
    ids=str,
)
def test_an_edit_is_what_differs_from_what_we_last_saw_and_people_are_told_elsewhere(changes, fields):
    entry = noted(edited(**changes))
    assert (entry.edit.fields if entry.edit else ()) == fields
    assert noted(STANDING, entry) == ENTRY


def test_the_books_times_follow_the_event_and_the_edit_has_what_stands_there():
    end = AHEAD.content.end - timedelta(minutes=90)
    entry = noted(replace(edited(end=end, subject="Ny\x00 titel\n"), modified_at=LATER))
    assert entry.end == ENTRY.end - timedelta(minutes=90)
    assert entry.edit == OutlookEdit(
        fields=(EventField.SUBJECT, *TIMES), subject="Ny titel", start=AHEAD.content.start, end=end, all_day=False,
        location="Sal 1", modified_at=LATER,
    )  # fmt: skip


def test_an_answer_that_changes_the_event_later_does_not_change_when_it_was_edited():
    event = replace(edited(subject="Nyt"), modified_at=LATER)
    entry = noted(event)
    assert noted(replace(event, modified_at=LATER + timedelta(days=1)), entry) == entry


def test_an_entry_in_the_middle_of_a_write_another_event_and_one_without_a_past_say_nothing():
    event = edited(subject="Nyt")
    for entry in (replace(ENTRY, state=LedgerState.INTENDED), replace(ENTRY, event_id="en-anden"), replace(ENTRY, observed_fields={})):
        assert noted(event, entry).edit is None
    assert with_edits({}, [event]) == {}


def test_a_place_where_the_plan_names_none_is_a_person_s_own_but_not_that_of_a_teams_meeting():
    bare = make_desired("anna")
    entry = make_entry(bare, make_observed(bare))
    assert noted(make_observed(bare, location=HALL), entry).edit.location == "Sal 1"
    settled = make_entry(bare, make_observed(bare, location=HALL))
    assert noted(make_observed(bare, location=HALL), settled).edit.fields == (EventField.LOCATION,)
    assert noted(make_observed(bare, location=HALL, online=True), settled).edit is None


def test_where_the_plan_is_restored_no_edit_is_noted_but_a_room_s_no_is():
    room = make_attendee(ROOM, type=AttendeeType.RESOURCE, response=ResponseStatus.DECLINED)
    event = replace(edited(subject="Nyt"), attendees=(replace(room, email=ROOM.upper()),))
    assert noted(event, keep=False) == replace(ENTRY, rooms_declined=(ROOM,))
    assert noted(event).rooms_declined == (ROOM,)


# -- the plan


def plan_of(*sessions, status=CourseStatus.APPROVED, title="Lederdag", offering=""):
    offerings = (Offering(id=KEY.offering, title=offering, sessions=sessions),)
    course = Course(id=KEY.course, title=title, status=status, venue=Venue(name="Sal 1", address="Gade 1", room=ROOM), offerings=offerings)
    return make_plan(course, Course(id="andet", title="Andet", status=status, offerings=offerings))


def session_of(identity=KEY.session, title="", start=AHEAD.content.start):
    return CourseSession(id=identity, title=title, start=start, end=start + timedelta(hours=3) if start else None)


def edit(*fields, **changes):
    given = {"subject": "Lederdag", "start": AHEAD.content.start, "end": AHEAD.content.end, "all_day": False, "location": ""}
    return OutlookEdit(fields=fields, **(given | changes))


def stands(plan, one):
    after = as_it_stands(plan, {KEY: one})
    assert as_it_stands(after, {KEY: one}) == after
    assert after.courses[1:] == plan.courses[1:]
    return after.courses[0]


def test_time_and_place_are_those_of_outlook_and_the_booked_room_stays():
    moved = edit(*TIMES, EventField.LOCATION, start=datetime(2025, 7, 1), end=datetime(2025, 7, 2), all_day=True, location="Kantinen")
    course = stands(plan_of(session_of()), moved)
    (session,) = course.offerings[0].sessions
    assert (session.start, session.end, session.all_day) == (moved.start, moved.end, True)
    assert course.venue_of(course.offerings[0], session) == Venue(name="Kantinen", room=ROOM)
    emptied = stands(plan_of(session_of()), edit(EventField.LOCATION))
    assert emptied.place_of(emptied.offerings[0], emptied.offerings[0].sessions[0]) == ""
    placeless = replace(plan_of(session_of()), courses=(replace(plan_of(session_of()).courses[0], venue=None),))
    assert stands(placeless, edit(EventField.LOCATION, location="Kantinen")).offerings[0].sessions[0].venue == Venue(name="Kantinen")


@pytest.mark.parametrize(
    ("sessions", "offering", "subject", "titles"),
    [
        ((session_of(),), "", "Ledernes dag", ("Ledernes dag", "", "")),
        ((session_of(title="Dagen"),), "Hold 1", "Ledernes dag", ("Ledernes dag", "", "")),
        ((session_of(),), "", "Lederdag – om eftermiddagen", ("Lederdag", "", "om eftermiddagen")),
        ((session_of(title="Dagen"),), "Hold 1", "Lederdag – Hold 1 – Ny dag", ("Lederdag", "Hold 1", "Ny dag")),
        ((session_of(), session_of("to")), "", "Ledernes dag", ("Lederdag", "", "Ledernes dag")),
    ],
    ids=str,
)
def test_the_title_is_what_people_see(sessions, offering, subject, titles):
    course = stands(plan_of(*sessions, offering=offering), edit(EventField.SUBJECT, subject=subject))
    one = course.offerings[0]
    assert (course.title, one.title, one.sessions[0].title) == titles
    assert (one.sessions[0].start, one.sessions[1:]) == (AHEAD.content.start, sessions[1:])


def test_of_a_placeholder_the_words_before_its_title_are_not_part_of_it():
    plan = plan_of(session_of(), status=CourseStatus.SAVE_THE_DATE)
    assert stands(plan, edit(EventField.SUBJECT, subject="Reservér datoen: Ledernes dag")).title == "Ledernes dag"


def test_a_session_that_the_plan_takes_the_date_from_and_one_that_it_does_not_know_are_left_alone():
    plan = plan_of(session_of(start=None))
    assert as_it_stands(plan, {KEY: edit(*TIMES), SessionKey(plan="demo", course="væk", offering="main", session="dag"): edit()}) == plan
    assert as_it_stands(plan, {}) is plan


def test_the_edits_of_the_books_are_those_of_entries_with_one():
    assert edits_of({KEY: ENTRY}) == {}
    entry = noted(edited(subject="Nyt"))
    assert edits_of({KEY: entry}) == {KEY: entry.edit}


def test_a_move_by_a_hand_is_noted_once_with_the_instant_that_outlook_tells():
    moved = replace(edited(start=AHEAD.content.start + timedelta(hours=1)), modified_at=LATER)
    entry = noted(moved)
    assert (ENTRY.moved_at, entry.moved_at) == (None, LATER)
    assert noted(replace(moved, modified_at=LATER + timedelta(days=1)), entry).moved_at == LATER, "answers change the event too"
    assert noted(replace(edited(subject="Nyt"), modified_at=LATER)).moved_at is None
