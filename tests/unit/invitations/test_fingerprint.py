"""Fingerprints are taken of what a person sees; the same sight is the same fingerprint, another sight another one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.events import EventField, Location
from bot.invitations.fingerprint import UNMANAGED, desired_fingerprints, observed_fingerprints, same_value, visible_value
from tests.builders.samples import END, ROOM, START, make_content

DAY = timedelta(days=1)
MIDNIGHT = START.replace(hour=0)
HOUR = timedelta(hours=1)


def moved(fingerprints, before, after):
    then, now = fingerprints(before), fingerprints(after)
    return {name for name in then if then[name] != now[name]}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        (EventField.SUBJECT, {"subject": "Andet"}),
        (EventField.BODY, {"body": "<p>Andet</p>"}),
        (EventField.BODY, {"body": '<p><a href="https://andet.example">Velkommen</a></p>'}),
        (EventField.START, {"start": START - HOUR}),
        (EventField.END, {"end": END + HOUR}),
        (EventField.LOCATION, {"location": Location(name="Sal 2")}),
        (EventField.SHOW_AS, {"show_as": "free"}),
        (EventField.RESPONSE_REQUESTED, {"response_requested": False}),
        (EventField.HIDE_ATTENDEES, {"hide_attendees": False}),
        (EventField.ONLINE, {"online": True}),
    ],
)
def test_a_change_that_a_person_sees_moves_its_field_alone(field, changes):
    before, after = make_content(location=Location(name="Sal 1")), make_content(**({"location": Location(name="Sal 1")} | changes))
    assert moved(observed_fingerprints, before, after) == {field}
    assert moved(desired_fingerprints, before, after) == {field}
    assert same_value(after, before, field) is (field is EventField.ONLINE and not after.online)


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "  Kursus \t"},
        {"body": "<html><head><style>p {}</style></head><body>\r\n<p class='x'>Velkommen&nbsp;</p></body></html>"},
        {"start": START - HOUR, "end": END - HOUR, "timezone": "Europe/London"},
        {"location": Location(name=" Sal  1 ", room=ROOM)},
    ],
    ids=["spaces", "markup", "another zone", "spaces and the room's mailbox"],
)
def test_what_a_person_cannot_see_moves_nothing(changes):
    before, after = make_content(location=Location(name="Sal 1")), make_content(**({"location": Location(name="Sal 1")} | changes))
    assert moved(observed_fingerprints, before, after) == set()


def test_all_day_is_its_dates_in_any_zone_and_not_the_night_between_two_times():
    day = {"start": MIDNIGHT, "end": MIDNIGHT + DAY}
    all_day = make_content(**day, all_day=True)
    assert visible_value(all_day, EventField.START) == "2025-06-18"
    assert same_value(all_day, make_content(**day, all_day=True, timezone="UTC"), EventField.START)
    assert not same_value(all_day, make_content(**day), EventField.START)


def test_of_a_time_that_occurs_twice_the_first_is_meant():
    """On 26 October 2025 at 02:30 the clock has been turned back or not."""
    night = make_content(start=MIDNIGHT.replace(month=10, day=26, hour=2, minute=30))
    assert visible_value(night, EventField.START) == "2025-10-26T00:30:00+00:00"


def test_a_place_or_a_meeting_that_the_plan_does_not_name_is_not_managed():
    plan = desired_fingerprints(make_content())
    assert {name for name, value in plan.items() if value == UNMANAGED} == {"location", "online"}
    assert UNMANAGED not in observed_fingerprints(make_content()).values()


def test_where_the_plan_wants_nothing_outlook_says_it_already():
    content = make_content(location=Location(name="Kantinen"), online=True)
    assert same_value(make_content(), content, EventField.LOCATION)
    assert same_value(make_content(), content, EventField.ONLINE)
    assert not same_value(content, make_content(), EventField.LOCATION)
    assert not same_value(content, make_content(), EventField.ONLINE)


def test_every_field_has_a_fingerprint_on_both_sides():
    names = {field.value for field in EventField}
    assert set(desired_fingerprints(make_content())) == set(observed_fingerprints(make_content())) == names
