"""Teams meetings by their link, and the reports of who was in them (graph-facts section 10)."""

from __future__ import annotations

import pytest

ONLINE = {
    "subject": "Ledermøde",
    "start": {"dateTime": "2030-01-08T09:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2030-01-08T11:00:00", "timeZone": "UTC"},
    "isOnlineMeeting": True,
    "onlineMeetingProvider": "teamsForBusiness",
}
HELD = {"start": "2030-01-08T08:55:00+00:00", "end": "2030-01-08T11:05:00+00:00"}


@pytest.fixture
def meetings(talk, tenant, ids):
    """Where Anna's meetings are, and hers by its link."""
    event = talk.ask("POST", f"/users/{ids['anna']}/events", ONLINE).json()
    tenant.clock.set(tenant.clock.now().replace(year=2030, month=1, day=8, hour=11, minute=10))
    return f"/users/{ids['anna']}/onlineMeetings", event


def by_link(event):
    return f"?$filter=JoinWebUrl eq '{event['onlineMeeting']['joinUrl']}'"


def hold(talk, event, *people, **times):
    return talk.control("POST", "meetings", {"event": event["id"], **HELD, **times, "people": [*people]})["report"]


def test_a_meeting_is_found_by_its_link_and_by_its_id(talk, meetings):
    at, event = meetings
    (found,) = talk.get(at + by_link(event))["value"]
    assert found["joinWebUrl"] == event["onlineMeeting"]["joinUrl"]
    assert talk.get(f"{at}/{found['id']}") == found
    assert talk.get(f"{at}?$filter=JoinWebUrl eq 'https://teams.example/other'")["value"] == []
    assert talk.refused("GET", at) == (400, "InvalidArgument")
    assert talk.refused("GET", f"{at}/other") == (404, "NotFound")


def test_each_time_it_was_held_has_a_report_and_its_records_when_asked(talk, meetings, ids):
    at, event = meetings
    (found,) = talk.get(at + by_link(event))["value"]
    reports = f"{at}/{found['id']}/attendanceReports"
    assert talk.get(reports)["value"] == []
    first = hold(talk, event, {"person": "carl@kommune.example"}, end="2030-01-08T09:20:00+00:00")
    twice = [["2030-01-08T09:30:00+00:00", "2030-01-08T10:00:00+00:00"], ["2030-01-08T10:30:00+00:00", "2030-01-08T11:00:00+00:00"]]
    second = hold(talk, event, {"name": "Gæst"}, {"person": "bo@kommune.example", "times": twice}, start="2030-01-08T09:25:00+00:00")
    assert [one["id"] for one in talk.get(reports)["value"]] == [second, first]
    assert "attendanceRecords" not in talk.get(f"{reports}/{first}")
    guest, bo = talk.get(f"{reports}/{second}?$expand=attendanceRecords")["attendanceRecords"]
    assert (guest["emailAddress"], guest["identity"]["id"], guest["identity"]["displayName"]) == (None, None, "Gæst")
    assert (bo["identity"]["id"], bo["totalAttendanceInSeconds"]) == (ids["bo"], 3600)
    assert [one["durationInSeconds"] for one in bo["attendanceIntervals"]] == [1800, 1800]
    assert talk.refused("GET", f"{reports}/{second}?$expand=other") == (400, "BadRequest")
    assert talk.refused("GET", f"{reports}/other") == (404, "NotFound")


def test_records_come_in_pages(talk, tenant, meetings):
    at, event = meetings
    tenant.settings.change({"attendance_records_at_once": 2})
    (found,) = talk.get(at + by_link(event))["value"]
    report = hold(talk, event, *({"name": f"Gæst {number}"} for number in range(5)))
    body = talk.get(f"{at}/{found['id']}/attendanceReports/{report}?$expand=attendanceRecords")
    rows, link = body["attendanceRecords"], body["attendanceRecords@odata.nextLink"]
    while link:
        page = talk.get(link.partition("/v1.0")[2])
        rows, link = rows + page["value"], page.get("@odata.nextLink")
    assert [one["identity"]["displayName"] for one in rows] == [f"Gæst {number}" for number in range(5)]


def test_without_right_or_policy_and_before_it_is_there(talk, tenant, meetings):
    at, event = meetings
    (found,) = talk.get(at + by_link(event))["value"]
    reports = f"{at}/{found['id']}/attendanceReports"
    tenant.settings.change({"attendance_report_seconds": 600, "no_report_is_404": True})
    hold(talk, event, {"name": "Gæst"})
    assert talk.refused("GET", reports) == (404, "NotFound")
    tenant.clock.set(tenant.clock.now().replace(minute=16))
    assert len(talk.get(reports)["value"]) == 1
    tenant.settings.change({"meeting_policy": False})
    assert talk.refused("GET", reports) == (403, "Forbidden")
    assert talk.refused("GET", at + by_link(event)) == (403, "Forbidden")
    tenant.settings.change({"meeting_policy": True, "roles": ["OnlineMeetings.Read.All"]})
    assert len(talk.get(at + by_link(event))["value"]) == 1
    assert talk.refused("GET", reports) == (403, "Forbidden")
    assert talk.refused("GET", "/users/anna@kommune.example/onlineMeetings" + by_link(event)) == (404, "NotFound")


@pytest.mark.parametrize("wrong", [{"people": [{"person": "nobody@kommune.example"}]}, {"start": "2030-01-08T09:00:00"}])
def test_what_cannot_have_been_held_is_refused(talk, meetings, wrong):
    _, event = meetings
    with pytest.raises(AssertionError):
        talk.control("POST", "meetings", {"event": event["id"], **HELD, **wrong})


def test_an_event_in_a_room_has_no_meeting(talk, ids):
    event = talk.ask("POST", f"/users/{ids['anna']}/events", ONLINE | {"isOnlineMeeting": False, "onlineMeetingProvider": "unknown"}).json()
    with pytest.raises(AssertionError):
        talk.control("POST", "meetings", {"event": event["id"], **HELD, "people": []})
