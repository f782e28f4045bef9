"""Free/busy and places (graph-facts section 9, graph-facts-checked section 21)."""

from __future__ import annotations

from typing import Any

from tests.builders.graph_talk import Talk, pages, person, when
from tests.sandbox.schedules import PATH, ask


def fill(talk: Talk, name: str, *items: dict[str, Any], **more: Any) -> None:
    talk.control("POST", "schedules", {"person": f"{name}@kommune.example", "items": list(items), **more})


def times(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["status"], item["start"]["dateTime"][:16], item["end"]["dateTime"][:16]) for item in row["scheduleItems"]]


def test_free_busy_shows_invitations_answers_and_rooms(talk, tenant):
    event = talk.create("anna", "bo", "salen")
    talk.read(event)
    tenant.people.answer(tenant.calendars.find(event["id"]), "bo@kommune.example", "accept")
    got = ask(talk, "anna", "bo", "salen")
    assert [row["availabilityView"] for row in got] == ["011111110", "022222220", "022222220"]


def test_nothing_but_time_and_status_is_told_of_others(talk):
    talk.create("anna")
    (anna, kurser) = ask(talk, "anna", "kurser")
    assert [set(item) for item in anna["scheduleItems"]] == [{"status", "start", "end"}]
    assert kurser["scheduleItems"][0]["subject"] == "Lederdag"


def test_times_are_utc_whatever_is_preferred(talk):
    talk.create("anna")
    body = {"schedules": ["anna@kommune.example"], "startTime": when("2025-06-18T00:00:00"), "endTime": when("2025-06-19T00:00:00")}
    answer = talk.ask("POST", PATH, body, prefer='outlook.timezone="Europe/Copenhagen"').json()
    assert answer["value"][0]["scheduleItems"][0]["start"] == {"dateTime": "2025-06-18T07:00:00.0000000", "timeZone": "UTC"}


def test_whole_days_are_midnights_of_the_zone_that_was_asked_in(talk):
    fill(talk, "anna", {"day": "2025-06-18", "status": "oof"})
    assert times(ask(talk, "anna")[0]) == [("oof", "2025-06-17T22:00", "2025-06-18T22:00")]
    (row,) = ask(talk, "anna", startTime=when("2025-06-18T08:00:00", "UTC"), endTime=when("2025-06-18T17:00:00", "UTC"))
    assert times(row) == [("oof", "2025-06-18T00:00", "2025-06-19T00:00")]


def test_items_that_are_free_are_told_too(talk):
    fill(talk, "anna", {"start": "2025-06-18T09:00:00+02:00", "end": "2025-06-18T10:00:00+02:00", "status": "free"})
    (row,) = ask(talk, "anna")
    assert times(row) == [("free", "2025-06-18T07:00", "2025-06-18T08:00")]
    assert row["availabilityView"] == "0" * 9


def test_who_is_unknown_or_has_no_mailbox_has_a_numbered_error_and_null_items(talk, tenant):
    tenant.directory.add_user("Gæst", "gaest@kommune.example", has_mailbox=False)
    fill(talk, "bo", error="5009")
    got = ask(talk, "ingen", "gaest", "bo", "anna")
    assert [(row["error"]["responseCode"], row["scheduleItems"]) for row in got[:3]] == [("5016", None), ("5016", None), ("5009", None)]
    assert "error" not in got[3]


def test_a_row_can_be_missing_or_without_items(talk):
    fill(talk, "anna", left_out=True)
    fill(talk, "bo", null_items=True)
    assert [(row["scheduleId"], row["scheduleItems"]) for row in ask(talk, "anna", "bo")] == [("bo@kommune.example", None)]
    talk.control("DELETE", "schedules")
    assert [row["scheduleItems"] for row in ask(talk, "anna", "bo")] == [[], []]


def test_free_busy_has_limits(talk):
    body = {"startTime": when("2025-06-01T00:00:00"), "endTime": when("2025-06-02T00:00:00")}
    assert talk.refused("POST", PATH, body | {"schedules": ["a@b.example"] * 101}) == (400, "ErrorMailboxDataArrayTooBig")
    later = body | {"schedules": ["a@b.example"], "endTime": when("2025-08-04T00:00:00")}
    assert talk.refused("POST", PATH, later) == (400, "ErrorTimeIntervalTooBig")


def test_sixty_two_days_with_an_hour_won_in_autumn_are_too_long(talk):
    body = {"schedules": ["anna@kommune.example"], "startTime": when("2025-09-01T00:00:00"), "endTime": when("2025-11-02T00:00:00")}
    assert talk.refused("POST", PATH, body) == (400, "ErrorTimeIntervalTooBig")


def test_the_places_of_the_tenant_are_its_rooms(talk):
    talk.control(
        "POST",
        "rooms",
        {"display_name": "Loftet", "mail": "loftet@kommune.example", "capacity": 12, "building": "Huset", "tags": ["tavle"],
         "street": "Gaden 1", "city": "Byen", "video_device": "kamera", "booking": "reserved"},
    )  # fmt: skip
    rooms = talk.get("/places/microsoft.graph.room")["value"]
    assert [(r["emailAddress"], r["capacity"], r["tags"]) for r in rooms] == [
        ("salen@kommune.example", 40, []),
        ("loftet@kommune.example", 12, ["tavle"]),
    ]
    assert (rooms[1]["address"], rooms[1]["videoDeviceName"], rooms[1]["bookingType"]) == (
        {"street": "Gaden 1", "city": "Byen"},
        "kamera",
        "reserved",
    )
    assert talk.get("/places/salen@kommune.example/microsoft.graph.room")["displayName"] == "Salen"
    assert [len(page["value"]) for page in pages(talk, "/places/microsoft.graph.room?$top=1")] == [1, 1]


def test_a_room_that_was_booked_is_busy(talk):
    event = talk.create(attendees=[person("salen", "resource")])
    talk.read(event)
    assert times(ask(talk, "salen")[0]) == [("busy", "2025-06-18T07:00", "2025-06-18T13:30")]
