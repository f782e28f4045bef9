"""What an event is, how it is written, read, changed, found and removed (graph-facts sections 1 and 2)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import EVENTS, IMMUTABLE, ORGANISER, STAMP, course, found, pages, person, stamped, when

REFUSED = {
    "an unknown property": ({"titel": "x"}, "RequestBodyRead"),
    "a read-only property": ({"isCancelled": True}, "ErrorInvalidPropertySet"),
    "beta's uid": ({"uid": "x"}, "RequestBodyRead"),
    "an end before the start": ({"end": when("2025-06-18T08:00:00")}, "ErrorCalendarEndDateIsEarlierThanStartDate"),
    "a bad address": ({"attendees": [person("anna"), {"emailAddress": {"address": "børge@kommune.example"}}]}, "ErrorInvalidRecipients"),
    "501 attendees": ({"attendees": [person(f"p{n}") for n in range(501)]}, "ErrorInvalidRequest"),
    "an unknown zone": ({"start": when("2025-06-18T09:00:00", "Europe/Grenaa")}, "TimeZoneNotSupportedException"),
    "a time with an offset": ({"start": when("2025-06-18T09:00:00+02:00")}, "ErrorInvalidRequest"),
    "an all-day event by daylight": ({"isAllDay": True}, "ErrorPropertyValidationFailure"),
    "an all-day event without length": (
        {"isAllDay": True, "start": when("2025-06-18T00:00:00"), "end": when("2025-06-18T00:00:00")},
        "ErrorPropertyValidationFailure",
    ),
    "a wrong enum": ({"showAs": "maybe"}, "RequestBodyRead"),
    "a wrong type": ({"subject": 7}, "RequestBodyRead"),
    "a stamp that is no property id": (
        {"singleValueExtendedProperties": [{"id": "kursusbot.session", "value": "x"}]},
        "ErrorInvalidProperty",
    ),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_create_with_a_mistake_is_400_and_makes_nothing(talk, tenant, changes, code):
    assert talk.refused("POST", EVENTS, course("anna") | changes) == (400, code)
    assert tenant.calendars.events == {}
    assert talk.mails() == {}


def test_a_create_without_an_end_is_refused(talk):
    body = course("anna")
    del body["end"]
    assert talk.refused("POST", EVENTS, body) == (400, "ErrorPropertyValidationFailure")


def test_500_attendees_are_allowed(talk):
    assert len(talk.create(*(f"p{n}" for n in range(500)))["attendees"]) == 500


def test_the_body_never_comes_back_as_it_was_sent(talk):
    event = talk.create("anna")
    content = event["body"]["content"]
    assert content != course()["body"]["content"]
    assert content.startswith("<html>")
    assert '<p style="color:red">Velkommen<br></p>' in content


def test_sending_back_the_body_that_was_read_changes_nothing_in_it(talk):
    event = talk.create("anna", isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
    assert talk.patch(event, body=event["body"])["body"] == event["body"]


def test_a_body_can_be_read_as_text(talk):
    event = talk.create("anna")
    got = talk.get(f"{EVENTS}/{event['id']}?$select=body", prefer='IdType="ImmutableId", outlook.body-content-type="text"')
    assert got["body"] == {"contentType": "text", "content": "Velkommen"}


def test_times_come_in_utc_or_in_the_preferred_zone_with_seven_digits(talk):
    event = talk.create("anna")
    assert event["start"] == {"dateTime": "2025-06-18T07:00:00.0000000", "timeZone": "UTC"}
    for zone in ("Europe/Copenhagen", "Romance Standard Time"):
        got = talk.get(f"{EVENTS}/{event['id']}", prefer=f'IdType="ImmutableId", outlook.timezone="{zone}"')
        assert got["start"] == {"dateTime": "2025-06-18T09:00:00.0000000", "timeZone": zone}
    assert event["originalStartTimeZone"] == "Europe/Copenhagen"


def test_windows_names_of_zones_are_understood(talk):
    assert talk.create(start=when("2025-01-15T09:00:00", "Romance Standard Time"))["start"]["dateTime"].startswith("2025-01-15T08")


def test_an_all_day_event_keeps_its_midnights_in_every_zone(talk):
    event = talk.create("anna", isAllDay=True, start=when("2025-06-18T00:00:00"), end=when("2025-06-19T00:00:00"))
    assert event["start"]["dateTime"] == "2025-06-18T00:00:00.0000000"


def test_a_location_replaces_all_locations_and_the_other_way_round(talk):
    event = talk.create("anna", locations=[{"displayName": "A"}, {"displayName": "B"}])
    assert event["location"]["displayName"] == "A; B"
    after = talk.patch(event, location={"displayName": "C"})
    assert [p["displayName"] for p in after["locations"]] == ["C"]
    assert talk.patch(event, location={"displayName": ""})["locations"] == []


def test_the_same_transaction_id_makes_no_second_event(talk, tenant):
    first = talk.create("anna", transactionId="3c1f")
    second = talk.create("anna", transactionId="3C1F")
    assert second["id"] == first["id"]
    assert talk.mails() == {"invitation": ["anna"]}
    tenant.settings.duplicate_transaction = "conflict"
    assert talk.refused("POST", EVENTS, course("anna", transactionId="3c1f"))[0] == 409


def test_a_transaction_id_cannot_be_changed(talk):
    event = talk.create("anna")
    assert talk.ask("PATCH", f"{EVENTS}/{event['id']}", {"transactionId": "x"}, **IMMUTABLE).status_code == 400


def test_extended_properties_are_not_echoed_but_found_and_expanded(talk):
    event = talk.create("anna", singleValueExtendedProperties=stamped("plan/kursus/main/dag"))
    talk.create("anna", subject="Fremmed")
    assert "singleValueExtendedProperties" not in event
    where = f"$filter=singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq 'plan/kursus/main/dag')"
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{STAMP}')"
    got = talk.get(f"{EVENTS}?{where}&{expand}&$select=subject", **IMMUTABLE)
    assert [i["id"] for i in got["value"]] == [event["id"]]
    assert got["value"][0]["singleValueExtendedProperties"] == stamped("plan/kursus/main/dag")


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("ep/value eq 'PLAN/a'", 1),
        ("ep/value ne ''", 2),
        ("startswith(ep/value,'plan/')", 2),
        ("contains(ep/value,'/B')", 1),
        ("ep/value eq 'plan'", 0),
    ],
)
def test_stamps_are_compared_by_these_operators_without_regard_to_case(talk, test, count):
    for value in ("plan/a", "plan/b"):
        talk.create(singleValueExtendedProperties=stamped(value))
    talk.create()
    got = talk.get(f"{EVENTS}?$filter=singleValueExtendedProperties/any(ep:ep/id eq '{STAMP}' and {test})")
    assert len(got["value"]) == count


def test_the_name_of_a_stamp_is_case_sensitive(talk):
    talk.create(singleValueExtendedProperties=stamped("a"))
    other = STAMP.replace("kursusbot", "Kursusbot")
    assert talk.get(f"{EVENTS}?$filter=singleValueExtendedProperties/any(ep:ep/id eq '{other}' and ep/value ne '')")["value"] == []


def test_a_list_is_filtered_sorted_and_paged_by_the_link_that_came_with_it(talk):
    for day in range(1, 26):
        talk.create(subject=f"Dag {day:02}", start=when(f"2025-06-{day:02}T09:00:00"), end=when(f"2025-06-{day:02}T10:00:00"))
    assert [len(p["value"]) for p in pages(talk, EVENTS)] == [10, 10, 5]
    got = pages(
        talk, f"{EVENTS}?$filter=start/dateTime ge '2025-06-20T00:00:00' and subject ne 'Dag 22'&$orderby=start/dateTime desc&$top=3"
    )
    assert [s for p in got for s in found(p)] == ["Dag 25", "Dag 24", "Dag 23", "Dag 21", "Dag 20"]


def test_an_event_is_found_by_its_ical_uid(talk):
    event = talk.create()
    talk.create()
    assert [e["iCalUId"] for e in talk.get(f"{EVENTS}?$filter=iCalUId eq '{event['iCalUId']}'")["value"]] == [event["iCalUId"]]


@pytest.mark.parametrize(
    "query", ["$filter=titel eq 'x'", "$filter=subject eq", "$select=titel", "$orderby=titel", "$top=1001", "$expand=attendees"]
)
def test_a_query_that_graph_does_not_know_is_400(talk, query):
    assert talk.ask("GET", f"{EVENTS}?{query}").status_code == 400


def test_a_selection_gives_these_properties_and_the_id(talk):
    event = talk.create("anna")
    got = talk.get(f"{EVENTS}/{event['id']}?$select=subject", **IMMUTABLE)
    assert set(got) == {"@odata.context", "@odata.etag", "id", "subject"}


def test_a_view_has_what_takes_place_in_the_window(talk):
    talk.create(subject="Før", start=when("2025-06-01T09:00:00"), end=when("2025-06-01T10:00:00"))
    talk.create(subject="I")
    view = f"/users/{ORGANISER}/calendarView?startDateTime=2025-06-10T00:00:00Z&endDateTime=2025-07-01T00:00:00Z"
    assert found(talk.get(view)) == ["I"]
    assert talk.refused("GET", f"/users/{ORGANISER}/calendarView")[0] == 400


def test_an_etag_of_yesterday_is_412(talk):
    event = talk.create("anna")
    after = talk.patch(event, subject="Nyt")
    path = f"{EVENTS}/{event['id']}"
    assert talk.refused("PATCH", path, {"subject": "x"}, if_match=event["@odata.etag"], **IMMUTABLE) == (412, "ErrorIrresolvableConflict")
    assert talk.ask("PATCH", path, {"subject": "x"}, if_match=after["@odata.etag"], **IMMUTABLE).status_code == 200


def test_an_ordinary_id_dies_with_the_move_and_the_immutable_one_does_not(talk):
    event = talk.create("anna")
    ordinary = talk.get(f"{EVENTS}/{event['id']}")["id"]
    assert ordinary != event["id"]
    assert talk.get(f"{EVENTS}/{ordinary}", **IMMUTABLE)["id"] == event["id"]
    talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {})
    assert talk.refused("GET", f"{EVENTS}/{ordinary}") == (404, "ErrorItemNotFound")
    assert talk.read(event)["isCancelled"] is True
    assert talk.get(EVENTS)["value"] == []


def test_where_deleted_items_are_out_of_reach_a_cancelled_event_is_404(talk, tenant):
    tenant.settings.deleted_items_readable = False
    event = talk.create("anna")
    talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {})
    assert talk.refused("GET", f"{EVENTS}/{event['id']}") == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(("method", "rest", "body"), [("POST", "/cancel", {}), ("DELETE", "", None), ("PATCH", "", {"subject": "x"})])
def test_what_is_cancelled_cannot_be_cancelled_deleted_or_changed_again(talk, method, rest, body):
    event = talk.create("anna")
    talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {})
    talk.mails()
    assert talk.refused(method, f"{EVENTS}/{event['id']}{rest}", body) == (404, "ErrorItemNotFound")
    assert talk.mails() == {}


def test_a_deleted_event_is_gone_under_every_id(talk):
    event = talk.create("anna")
    talk.ask("DELETE", f"{EVENTS}/{event['id']}")
    assert talk.refused("GET", f"{EVENTS}/{event['id']}", **IMMUTABLE) == (404, "ErrorItemNotFound")


def test_something_that_is_no_id_is_malformed(talk):
    assert talk.refused("GET", f"{EVENTS}/123") == (400, "ErrorInvalidIdMalformed")


def test_an_appointment_without_attendees_is_deleted_not_cancelled(talk):
    event = talk.create()
    assert talk.refused("POST", f"{EVENTS}/{event['id']}/cancel", {}, **IMMUTABLE)[0] == 400
    assert talk.ask("DELETE", f"{EVENTS}/{event['id']}", **IMMUTABLE).status_code == 204


def test_a_new_event_may_not_be_found_at_once_but_its_transaction_id_is_known(talk, tenant):
    tenant.settings.replication_seconds = 60
    event = talk.create("anna", transactionId="t1")
    assert talk.get(EVENTS)["value"] == []
    assert talk.refused("GET", f"{EVENTS}/{event['id']}", **IMMUTABLE) == (404, "ErrorItemNotFound")
    assert talk.create("anna", transactionId="t1")["id"] == event["id"]
    next(iter(tenant.calendars.events.values())).visible_from = 0
    assert talk.read(event)["id"] == event["id"]


def test_a_service_may_refuse_to_mix_stamps_with_other_properties_in_a_filter(talk, tenant):
    stamp = f"singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value ne '')"
    both = f"{EVENTS}?$filter={stamp} and end/dateTime ge '2025-06-01T00:00:00Z'"
    assert talk.ask("GET", both).status_code == 200
    tenant.settings.stamp_filter_stands_alone = True
    assert talk.refused("GET", both) == (400, "ErrorInvalidRestriction")
    assert talk.ask("GET", f"{EVENTS}?$filter={stamp}").status_code == 200
