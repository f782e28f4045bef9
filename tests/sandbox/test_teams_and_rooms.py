"""Online meetings and rooms (graph-facts sections 1 and 9)."""

from __future__ import annotations

from tests.builders.graph_talk import EVENTS, IMMUTABLE, ORGANISER, course, person, statuses, when

ONLINE = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


def test_an_online_meeting_has_a_join_address_and_its_block_in_the_body(talk):
    event = talk.create("anna", **ONLINE)
    assert event["isOnlineMeeting"] is True
    assert event["onlineMeetingUrl"] is None
    assert event["onlineMeeting"]["joinUrl"] in event["body"]["content"]


def test_a_body_without_the_join_block_drops_the_meeting(talk):
    event = talk.create("anna", **ONLINE)
    after = talk.patch(event, body={"contentType": "html", "content": "<p>Nyt</p>"})
    assert after["onlineMeeting"] is None
    assert after["isOnlineMeeting"] is False


def test_a_body_with_the_join_block_keeps_the_meeting(talk):
    event = talk.create("anna", **ONLINE)
    content = event["body"]["content"].replace("Velkommen", "Vel mødt")
    after = talk.patch(event, body={"contentType": "html", "content": content})
    assert after["onlineMeeting"] == event["onlineMeeting"]
    assert "Vel mødt" in after["body"]["content"]


def test_an_online_meeting_cannot_be_turned_off(talk):
    event = talk.create("anna", **ONLINE)
    assert talk.patch(event, isOnlineMeeting=False)["onlineMeeting"] == event["onlineMeeting"]


def test_a_meeting_can_be_added_later(talk):
    event = talk.create("anna")
    assert talk.patch(event, **ONLINE)["onlineMeeting"]["joinUrl"]


def test_a_create_can_come_back_without_its_meeting(talk, tenant):
    """Seen with many attendees: 201, isOnlineMeeting false, provider unknown; a PATCH then helps."""
    tenant.faults.add(method="POST", path="/events$", without_teams=True)
    event = talk.create("anna", **ONLINE)
    assert (event["isOnlineMeeting"], event["onlineMeetingProvider"]) == (False, "unknown")
    assert talk.patch(event, **ONLINE)["isOnlineMeeting"] is True


def test_the_link_of_a_meeting_can_come_later_than_the_meeting(talk, tenant):
    """201 with `onlineMeeting` null; it is a meeting all the same, and another PATCH asks Teams once more."""
    tenant.settings.teams_link_seconds = 3600
    event = talk.create("anna", **ONLINE)
    assert (event["isOnlineMeeting"], event["onlineMeeting"]) == (True, None)
    assert talk.read(event)["onlineMeeting"] is None
    tenant.settings.teams_link_seconds = 0
    after = talk.patch(event, **ONLINE)
    assert after["body"]["content"].count(after["onlineMeeting"]["joinUrl"]) == 1


def test_a_mailbox_without_teams_says_so_on_its_calendar(talk, tenant):
    assert talk.get(f"/users/{ORGANISER}/calendar")["allowedOnlineMeetingProviders"] == ["teamsForBusiness"]
    tenant.settings.teams_available = False
    assert talk.get(f"/users/{ORGANISER}/calendar")["defaultOnlineMeetingProvider"] == "unknown"
    assert talk.create("anna", **ONLINE)["isOnlineMeeting"] is False


def test_a_free_room_accepts_after_the_answer_to_the_create(talk):
    event = talk.create("anna", attendees=[person("anna"), person("salen", "resource")])
    assert statuses(event)["salen"] == "none"
    assert statuses(talk.read(event)) == {"anna": "none", "salen": "accepted"}
    assert talk.mails()["response"] == ["kurser"]


def test_a_taken_room_declines(talk):
    talk.create(attendees=[person("salen", "resource")])
    second = talk.create(attendees=[person("salen", "resource")], start=when("2025-06-18T15:00:00"), end=when("2025-06-18T17:00:00"))
    third = talk.create(attendees=[person("salen", "resource")], start=when("2025-06-18T15:30:00"), end=when("2025-06-18T17:00:00"))
    assert statuses(talk.read(second)) == {"salen": "declined"}
    assert statuses(talk.read(third)) == {"salen": "accepted"}


def test_a_moved_event_asks_its_room_again(talk):
    event = talk.create(attendees=[person("salen", "resource")])
    taken = talk.create(attendees=[person("salen", "resource")], start=when("2025-06-19T09:00:00"), end=when("2025-06-19T10:00:00"))
    assert statuses(talk.read(taken)) == {"salen": "accepted"}
    moved = talk.patch(event, start=when("2025-06-19T08:00:00"), end=when("2025-06-19T12:00:00"))
    assert statuses(moved) == {"salen": "none"}
    assert statuses(talk.read(event)) == {"salen": "declined"}


def test_a_cancelled_event_frees_its_room(talk):
    event = talk.create(attendees=[person("salen", "resource")])
    talk.read(event)
    talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {}, **IMMUTABLE)
    assert statuses(talk.read(talk.create(attendees=[person("salen", "resource")]))) == {"salen": "accepted"}


def test_a_room_can_take_its_time(talk, tenant):
    tenant.settings.room_answer_seconds = 60
    event = talk.create(attendees=[person("salen", "resource")])
    assert statuses(talk.read(event)) == {"salen": "none"}
    talk.control("POST", "clock", {"advance_seconds": 61})
    assert statuses(talk.read(event)) == {"salen": "accepted"}


def test_an_invited_person_sees_a_copy_and_cannot_change_the_meeting(talk):
    event = talk.create("anna", "bo", hideAttendees=True)
    copy = talk.get("/users/anna@kommune.example/events")["value"][0]
    path = f"/users/anna@kommune.example/events/{copy['id']}"
    assert copy["isOrganizer"] is False
    assert statuses(copy) == {"anna": "none"}
    assert copy["iCalUId"] == event["iCalUId"]
    assert talk.refused("PATCH", path, {"subject": "x"})[0] == 403
    assert talk.refused("POST", f"{path}/cancel", {})[0] == 400
    assert talk.ask("DELETE", path).status_code == 204
    assert talk.get("/users/anna@kommune.example/events")["value"] == []


def test_another_mailboxs_event_is_not_found_here(talk):
    event = talk.create("anna")
    assert talk.refused("GET", f"/users/bo@kommune.example/events/{event['id']}") == (404, "ErrorItemNotFound")
    assert course()["subject"] == event["subject"]


def test_a_room_that_is_removed_and_asked_again_answers_once(talk, tenant):
    tenant.settings.room_answer_seconds = 60
    event = talk.create(attendees=[person("salen", "resource")])
    talk.patch(event, attendees=[])
    talk.patch(event, attendees=[person("salen", "resource")])
    talk.mails()
    talk.control("POST", "clock", {"advance_seconds": 61})
    assert statuses(talk.read(event)) == {"salen": "accepted"}
    assert talk.mails() == {"response": ["kurser"]}
