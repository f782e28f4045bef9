"""Graph's JSON and our data: what is written is exact, what is read is taken as it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    Attendee,
    AttendeeType,
    DesiredEvent,
    EventContent,
    EventField,
    Location,
    ObservedAttendee,
    ResponseStatus,
    SessionKey,
)
from bot.graph.wire import (
    attendees_body,
    content_body,
    event_body,
    is_whole,
    key_of,
    observed_attendee,
    observed_event,
    shows_attendees,
    shows_content,
    stamp_of,
)
from tests.unit.graph.talk import attendee_json, event_json

ZONE = "Europe/Copenhagen"
wall = datetime.fromisoformat
KEY = SessionKey(plan="norddjurs", course="lederdag", offering="main", session="dag")
CONTENT = EventContent(
    subject="Lederdag",
    body="<p>Velkommen</p>",
    start=wall("2025-06-18T09:00"),
    end=wall("2025-06-18T15:30"),
    timezone=ZONE,
    location=Location(name="Sal 1", room="sal-1@kommune.example"),
)
ANNA = Attendee(email="anna@kommune.example", name="Anna Prøve")


def changed(**changes: Any) -> EventContent:
    fields = {name: getattr(CONTENT, name) for name in EventContent.__dataclass_fields__}
    return EventContent(**{**fields, **changes})


def test_a_new_event_is_written_as_the_public_contract_says() -> None:
    """Stamp, transaction id, wall times, hidden attendees, no counter-proposals."""
    room = Attendee(email="sal-1@kommune.example", name="Sal 1", type=AttendeeType.RESOURCE)
    desired = DesiredEvent(key=KEY, course="lederdag", content=CONTENT, attendees=(ANNA, room))
    assert event_body(desired, desired.attendees, "a-uuid") == {
        "subject": "Lederdag",
        "body": {"contentType": "html", "content": "<p>Velkommen</p>"},
        "start": {"dateTime": "2025-06-18T09:00:00", "timeZone": "Europe/Copenhagen"},
        "end": {"dateTime": "2025-06-18T15:30:00", "timeZone": "Europe/Copenhagen"},
        "isAllDay": False,
        "location": {"displayName": "Sal 1", "locationEmailAddress": "sal-1@kommune.example"},
        "showAs": "busy",
        "responseRequested": True,
        "hideAttendees": True,
        "allowNewTimeProposals": False,
        "transactionId": "a-uuid",
        "singleValueExtendedProperties": [
            {
                "id": "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session",
                "value": "norddjurs/lederdag/main/dag",
            }
        ],
        "attendees": [
            {"emailAddress": {"address": "anna@kommune.example", "name": "Anna Prøve"}, "type": "required"},
            {"emailAddress": {"address": "sal-1@kommune.example", "name": "Sal 1"}, "type": "resource"},
        ],
    }


def test_a_teams_meeting_is_asked_for_only_when_wanted_and_no_place_when_there_is_none() -> None:
    """`isOnlineMeeting: false` could not be written later, so it is never written."""
    online = event_body(DesiredEvent(key=KEY, course="c", content=changed(online=True, location=None)), (), "u")
    assert (online["isOnlineMeeting"], online["onlineMeetingProvider"]) == (True, "teamsForBusiness")
    assert "location" not in online
    assert "isOnlineMeeting" not in event_body(DesiredEvent(key=KEY, course="c", content=CONTENT), (), "u")


def test_a_whole_day_rings_at_nine_the_day_before() -> None:
    """What has an hour rings as the mailbox does; a switch between the two says which, and whether it happened is told by the rest."""
    day = changed(start=datetime(2025, 6, 18), end=datetime(2025, 6, 19), all_day=True)
    assert event_body(DesiredEvent(key=KEY, course="c", content=day), (), "u")["reminderMinutesBeforeStart"] == 900
    assert "reminderMinutesBeforeStart" not in event_body(DesiredEvent(key=KEY, course="c", content=CONTENT), (), "u")
    switch = content_body(CONTENT, {EventField.START}, all_day=True)
    assert switch["reminderMinutesBeforeStart"] == 15
    assert "reminderMinutesBeforeStart" not in content_body(day, {EventField.START}, all_day=False)
    assert shows_content(event_json() | switch | {"reminderMinutesBeforeStart": 900}, switch, ZONE)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (EventField.SUBJECT, {"subject"}),
        (EventField.BODY, {"body"}),
        (EventField.START, {"start", "end"}),
        (EventField.END, {"start", "end"}),
        (EventField.LOCATION, {"location"}),
        (EventField.SHOW_AS, {"showAs"}),
        (EventField.RESPONSE_REQUESTED, {"responseRequested"}),
        (EventField.HIDE_ATTENDEES, {"hideAttendees"}),
        (EventField.ONLINE, {"isOnlineMeeting", "onlineMeetingProvider"}),
    ],
)
def test_a_change_carries_exactly_what_changed(field: EventField, names: set[str]) -> None:
    """Start and end go together; every other name would mail people for nothing."""
    assert set(content_body(changed(online=True), {field}, all_day=False)) == names


def test_taking_a_meeting_offline_or_a_place_away() -> None:
    """The first is impossible, the second is an empty name."""
    assert content_body(CONTENT, {EventField.ONLINE}, all_day=False) == {}
    assert content_body(changed(location=None), {EventField.LOCATION}, all_day=False) == {"location": {"displayName": ""}}


def test_an_attendee_change_carries_addresses_as_they_stand_and_never_an_answer() -> None:
    """Another spelling would lose the answer; a written answer has sent stray cancellations."""
    observed = ObservedAttendee(email="Anna@Kommune.example", name="Anna", response=ResponseStatus.ACCEPTED)
    assert attendees_body([observed, Attendee(email="bo@kommune.example")]) == {
        "attendees": [
            {"emailAddress": {"address": "Anna@Kommune.example", "name": "Anna"}, "type": "required"},
            {"emailAddress": {"address": "bo@kommune.example"}, "type": "required"},
        ]
    }


def test_an_event_is_read_whole() -> None:
    """As Graph answers it."""
    event = event_json(
        isOnlineMeeting=True,
        onlineMeeting={"joinUrl": "https://teams.microsoft.com/l/meetup-join/x"},
        attendees=[attendee_json("Anna@kommune.example", "Accepted", "2027-01-03T08:00:00Z", kind="Optional")],
        location={"displayName": "Sal 1", "locationEmailAddress": "Sal-1@kommune.example"},
    )
    observed = observed_event(event, KEY, ZONE)
    assert observed is not None
    assert observed.content.start == wall("2027-06-18T09:00")
    assert observed.content.end == wall("2027-06-18T15:30")
    assert observed.content.location == Location(name="Sal 1", room="sal-1@kommune.example")
    assert (observed.etag, observed.join_url) == ('W/"1"', "https://teams.microsoft.com/l/meetup-join/x")
    assert observed.created_at == datetime(2027, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
    anna = ObservedAttendee(
        email="Anna@kommune.example",
        name="Anna",
        type=AttendeeType.OPTIONAL,
        response=ResponseStatus.ACCEPTED,
        responded_at=datetime(2027, 1, 3, 8, tzinfo=UTC),
    )
    assert observed.attendees == (anna,)


@pytest.mark.parametrize("name", sorted(set(event_json()) - {"id", "start", "end"}))
@pytest.mark.parametrize("how", ["missing", "null"])
def test_an_event_can_lack_anything_but_its_id_and_times(name: str, how: str) -> None:
    """Old services, delta answers and future versions leave things out."""
    event = event_json()
    if how == "missing":
        del event[name]
    else:
        event[name] = None
    assert observed_event(event, KEY, ZONE) is not None


@pytest.mark.parametrize("name", ["id", "start", "end"])
@pytest.mark.parametrize("value", [None, "", {}, {"dateTime": "soon"}])
def test_an_event_without_id_or_times_is_not_whole(name: str, value: object) -> None:
    """It is left to be read again."""
    assert observed_event(event_json(**{name: value}), KEY, ZONE) is None


def test_no_answer_yet_has_year_one() -> None:
    """Graph's way to say never; an organiser and unknown words are no answer of an attendee either."""
    none = observed_attendee(attendee_json("anna@kommune.example"))
    assert none is not None
    assert (none.response, none.responded_at) == (ResponseStatus.NONE, None)
    unknown = observed_attendee(attendee_json("anna@kommune.example", "followsTheMeeting", "2027-01-01T00:00:00Z", kind="panelist"))
    assert unknown is not None
    assert (unknown.response, unknown.type) == (ResponseStatus.NONE, AttendeeType.REQUIRED)
    assert observed_attendee({"emailAddress": {"name": "Uden adresse"}}) is None
    assert observed_attendee({}) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("norddjurs/a/b/c", SessionKey(plan="norddjurs", course="a", offering="b", session="c")),
        ("Norddjurs/A/B/C#2", SessionKey(plan="norddjurs", course="a", offering="b", session="c", part=2)),
        ("norddjurs-2/a/b/c", None),
        ("other/a/b/c", None),
        ("norddjurs/a/b", None),
        ("norddjurs/a/b/c#x", None),
        ("", None),
    ],
)
def test_only_readable_stamps_of_the_plan_count(value: str, found: SessionKey | None) -> None:
    """Exchange compares values without case; what is not ours is invisible."""
    assert key_of(event_json(stamp=value), "norddjurs") == found


def test_another_extended_property_is_no_stamp() -> None:
    """The id decides, without regard to case."""
    assert stamp_of({"singleValueExtendedProperties": [{"id": "String {x} Name other", "value": "norddjurs/a/b/c"}]}) is None
    assert stamp_of(event_json()) is None
    upper = event_json(stamp="norddjurs/a/b/c")
    upper["singleValueExtendedProperties"][0]["id"] = upper["singleValueExtendedProperties"][0]["id"].upper()
    assert stamp_of(upper) == "norddjurs/a/b/c"


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(bool)
walls = st.datetimes(wall("2020-01-01T00:00"), wall("2040-01-01T00:00")).map(lambda moment: moment.replace(microsecond=0))
contents = st.builds(
    lambda subject, start, minutes, location, room, show_as, flags: EventContent(
        subject=subject,
        body="<p>Velkommen</p>",
        start=start,
        end=start + timedelta(minutes=minutes),
        timezone=ZONE,
        location=Location(name=location, room=room) if location else None,
        show_as=show_as,
        response_requested=flags[0],
        hide_attendees=flags[1],
        online=flags[2],
    ),
    names,
    walls,
    st.integers(1, 10_000),
    st.none() | names,
    st.none() | st.just("sal-1@kommune.example"),
    st.sampled_from(["free", "tentative", "busy", "oof", "workingElsewhere"]),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
guests = st.lists(
    st.builds(
        Attendee, email=st.from_regex(r"[a-z]{1,8}@kommune\.example", fullmatch=True), name=names, type=st.sampled_from(AttendeeType)
    ),
    max_size=5,
    unique_by=lambda one: one.email,
).map(tuple)


@given(contents, guests)
def test_what_is_written_is_what_is_read_back(content: EventContent, attendees: tuple[Attendee, ...]) -> None:
    """A round trip through Graph's JSON loses nothing that is managed."""
    desired = DesiredEvent(key=KEY, course="c", content=content, attendees=attendees)
    event = event_body(desired, attendees, "u") | {"id": "id-1"}
    assert key_of(event, KEY.plan) == KEY
    observed = observed_event(event, KEY, ZONE)
    assert observed is not None
    assert observed.content == content
    assert [(one.email, one.name, one.type) for one in observed.attendees] == [(one.email, one.name, one.type) for one in attendees]
    assert shows_attendees(event, attendees)


@given(contents, contents, st.sets(st.sampled_from(EventField), min_size=1))
def test_a_change_shows_exactly_when_it_was_made(before: EventContent, after: EventContent, fields: set[EventField]) -> None:
    """So an unclear PATCH is repeated only when it did not happen."""
    event = event_body(DesiredEvent(key=KEY, course="c", content=before), (), "u") | {"id": "id-1"}
    patch = content_body(after, fields, all_day=False)
    assert shows_content(event | patch, patch, ZONE)
    beside_the_meeting = set(patch) - {"isOnlineMeeting", "onlineMeetingProvider"}
    told = beside_the_meeting - {"location"} or {"isOnlineMeeting"} & set(patch)
    if any(event.get(name) != patch[name] for name in told):
        assert not shows_content(event, patch, ZONE)


def test_a_meeting_that_teams_did_not_make_does_not_hide_the_rest_of_a_change() -> None:
    """Else the PATCH would be repeated, and everybody told twice; the provider is not even read."""
    patch = {"subject": "Lederdag", "isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    assert shows_content(event_json(subject="Lederdag", isOnlineMeeting=False), patch, ZONE)
    assert not shows_content(event_json(subject="Et andet", isOnlineMeeting=True), patch, ZONE)
    del patch["subject"]
    assert shows_content(event_json(isOnlineMeeting=True), patch, ZONE)
    assert not shows_content(event_json(isOnlineMeeting=False), patch, ZONE)


def test_a_body_shows_by_its_words_and_links_not_by_its_html() -> None:
    """Exchange rewrites the HTML around them."""
    event = event_json(
        body={
            "contentType": "html",
            "content": '<html><head><style>p{}</style></head><body><p class="x">Velkommen  <a href="https://x.example/">her</a></p></body></html>',
        }
    )
    assert shows_content(event, {"body": {"content": '<p>Velkommen <a href="https://x.example/">her</a></p>'}}, ZONE)
    assert not shows_content(event, {"body": {"content": '<p>Velkommen <a href="https://y.example/">her</a></p>'}}, ZONE)
    assert not shows_content(event, {"body": {"content": "<p>Velkommen</p>"}}, ZONE)


def test_attendees_show_only_when_they_are_exactly_those_wanted() -> None:
    """Each in its type, addresses without regard to case."""
    event = event_json(attendees=[attendee_json("Anna@kommune.example")])
    assert shows_attendees(event, [ANNA])
    assert not shows_attendees(event, [ANNA, Attendee(email="bo@kommune.example")])
    assert not shows_attendees(event, [])
    assert not shows_attendees(event, [Attendee(email=ANNA.email, type=AttendeeType.OPTIONAL)])


def test_a_delta_item_is_whole_when_it_has_what_is_read() -> None:
    """Otherwise the event is read."""
    assert is_whole(event_json())
    assert not is_whole({"id": "id-1", "start": {}, "end": {}, "subject": "x", "body": {}})
