"""What people do in Outlook with our events, and what a lost database costs: nobody a mail."""

from __future__ import annotations

import pytest

from bot.sandbox.event_input import read_event
from tests.e2e.driver import STAMP, World
from tests.e2e.plans import make_course, make_plan, make_session, people

ANNA, BO, CARL = (f"{name}@norddjurs.example" for name in ("anna", "bo", "carl"))
EDITS = {
    "subject": {"subject": "Rettet i hånden"},
    "location": {"location": {"displayName": "Kantinen"}},
    "start": {"start": {"dateTime": "2025-06-18T08:30:00", "timeZone": "Romance Standard Time"}},
    "show_as": {"showAs": "free"},
    "body": {"body": {"contentType": "html", "content": "<p>Husk kaffe</p>"}},
    "hide_attendees": {"hideAttendees": False},
}


@pytest.fixture
def sent(world: World) -> World:
    world.write(make_plan(make_course(venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO)))
    world.sync()
    return world


@pytest.mark.parametrize("field", EDITS)
def test_a_person_s_edit_is_kept_and_reported(sent: World, field: str) -> None:
    """Exit 0: a conflict is HR's to look at; it is told each time until it is solved."""
    sent.tenant.people.edit(sent.event("lederdag/dag"), EDITS[field])
    for _ in range(2):
        ran = sent.sync()
        assert ran.writes == ()
        assert [(change["action"], change["reason"]) for change in ran.changes] == [("conflict", "drift")]
        assert field in ran.changes[0]["fields"]
    assert sent.run("sync").code == 0


@pytest.mark.parametrize("field", EDITS)
def test_restore_writes_back_that_field_and_no_other(sent: World, field: str) -> None:
    sent.tenant.people.edit(sent.event("lederdag/dag"), EDITS[field])
    ran = sent.sync(DRIFT="restore")
    assert [(change["action"], change["reason"]) for change in ran.changes] == [("update", "restored")]
    assert len(ran.writes) == 1
    assert ran.json["mails"] == sum(ran.people_mailed.values()) == 2
    event = sent.event("lederdag/dag")
    assert (event.subject, event.location["displayName"], event.start.utc.hour) == ("Lederdag", "Kulturhuset", 7)
    assert sent.sync().json["changes"] == []


def test_an_edit_in_outlook_and_another_in_the_plan_are_both_kept(sent: World) -> None:
    """Field by field: HR's new title goes out, the place that a person set stays."""
    sent.tenant.people.edit(sent.event("lederdag/dag"), EDITS["location"])
    sent.write(make_plan(make_course(title="Ny titel", venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO)))
    ran = sent.sync()
    assert sorted((change["action"], change["reason"]) for change in ran.changes) == [("conflict", "drift"), ("update", "plan")]
    event = sent.event("lederdag/dag")
    assert (event.subject, event.location["displayName"]) == ("Ny titel", "Kantinen")


def test_the_same_field_changed_on_both_sides_is_a_conflict(sent: World) -> None:
    sent.tenant.people.edit(sent.event("lederdag/dag"), EDITS["subject"])
    sent.write(make_plan(make_course(title="Ny titel", venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO)))
    ran = sent.sync()
    assert ([(change["action"], change["reason"]) for change in ran.changes], ran.writes) == ([("conflict", "both")], ())
    sent.write(make_plan(make_course(title="Rettet i hånden", venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO)))
    assert sent.sync().writes == ()
    assert sent.sync().json["changes"] == []


def test_a_place_that_the_plan_does_not_state_is_a_person_s_own(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(ANNA, BO)))
    world.sync()
    world.tenant.people.edit(world.event("lederdag/dag"), EDITS["location"])
    assert world.sync(DRIFT="restore").json["changes"] == []
    world.write(make_plan(make_course(title="Ny titel"), audiences=people(ANNA, BO)))
    world.sync(DRIFT="restore")
    assert world.event("lederdag/dag").location["displayName"] == "Kantinen"


def test_categories_and_other_unmanaged_things_are_nobody_s_business(sent: World) -> None:
    sent.tenant.people.edit(sent.event("lederdag/dag"), {"categories": ["Rød"], "importance": "high"})
    assert sent.sync().json["changes"] == []


def test_a_deleted_event_stays_deleted_and_is_reported(sent: World) -> None:
    sent.tenant.people.delete(sent.event("lederdag/dag"))
    for _ in range(2):
        ran = sent.sync()
        assert ([(change["action"], change["reason"]) for change in ran.changes], ran.mails) == ([("conflict", "vanished")], ())
    assert sent.events == {}


def test_restore_creates_a_deleted_event_anew_for_everybody(sent: World) -> None:
    sent.tenant.people.delete(sent.event("lederdag/dag"))
    ran = sent.sync(DRIFT="restore")
    assert ran.people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}
    assert ran.json["mails"] == 2
    assert sent.sync(DRIFT="restore").json["changes"] == []


def test_a_person_taken_off_by_hand_stays_off_or_is_restored(sent: World) -> None:
    event = sent.event("lederdag/dag")
    only_bo = {"attendees": [{"emailAddress": {"address": BO}, "type": "required"}]}
    sent.tenant.people.edit(event, only_bo)
    kept = sent.sync()
    assert ([(change["action"], change["missing"]) for change in kept.changes], kept.mails) == ([("conflict", [ANNA])], ())
    restored = sent.sync(DRIFT="restore")
    assert restored.people_mailed == {("invitation", ANNA): 1}


def test_after_a_lost_database_everything_is_recognised_and_nobody_gets_a_mail(sent: World) -> None:
    sent.answer("lederdag/dag", ANNA, "accept")
    sent.lose_database()
    preview = sent.preview()
    assert ([(change["action"], change["mails"]) for change in preview.changes], preview.json["mails"]) == ([("adopt", 0)], 0)
    ran = sent.sync()
    assert (ran.writes, ran.mails) == ((), ())
    assert [change["outcome"] for change in ran.changes] == ["applied"]
    assert sent.sync().json["changes"] == []
    sent.run("responses")
    assert sent.registrations()["lederdag", ANNA]["status"] == "registered"


def test_what_changed_while_the_database_was_lost_is_changed_then(sent: World) -> None:
    """Only the field that differs, and only those who come or go; nobody is taken off who may have been forwarded to."""
    sent.lose_database()
    sent.write(make_plan(make_course(title="Ny titel", venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO, CARL)))
    ran = sent.sync()
    assert ran.people_mailed == {("update", ANNA): 1, ("update", BO): 1, ("invitation", CARL): 1}
    assert ran.json["mails"] == 3
    assert sent.sync().json["changes"] == []


def test_a_lost_database_does_not_send_a_cancelled_course_again(sent: World) -> None:
    plan = make_plan(make_course(status="cancelled"), audiences=people(ANNA, BO))
    sent.write(plan)
    sent.sync()
    sent.lose_database()
    assert sent.sync().json["changes"] == []


def test_what_is_not_ours_is_never_seen_nor_touched(world: World) -> None:
    """Events of people, of another plan and with half a stamp, at the very time and with the very title of ours."""
    organiser = world.tenant.directory.find_user("lederudvikling@norddjurs.example")
    assert organiser is not None
    world.write(make_plan(make_course(), audiences=people(ANNA)))
    world.sync()
    ours = world.event("lederdag/dag")
    stamps = [None, "other/lederdag/main/dag", "demo2/lederdag/main/dag", "demo", "demo/lederdag/main", "demolederdag"]
    for number, stamp in enumerate(stamps):
        copy = {
            "subject": "Lederdag",
            "start": {"dateTime": "2025-06-18T09:00:00", "timeZone": "Romance Standard Time"},
            "end": {"dateTime": "2025-06-18T12:00:00", "timeZone": "Romance Standard Time"},
            "attendees": [{"emailAddress": {"address": BO}, "type": "required"}],
            "transactionId": f"foreign-{number}",
        }
        if stamp is not None:
            copy["singleValueExtendedProperties"] = [{"id": STAMP, "value": stamp}]
        world.tenant.calendars.create(organiser, read_event(copy, creating=True))
    foreign = [event for event in world.tenant.calendars.events.values() if event is not ours]
    before = [(event.version, event.in_calendar) for event in foreign]
    assert len(foreign) == len(stamps)
    for change in ({"title": "Ny titel"}, {"status": "cancelled"}):
        world.write(make_plan(make_course(**change), audiences=people(ANNA)))
        world.sync(DRIFT="restore")
    world.lose_database()
    world.write(make_plan(audiences=people(ANNA)))
    world.sync(DRIFT="restore")
    assert [(event.version, event.in_calendar) for event in foreign] == before


def test_a_copy_made_in_outlook_is_reported_and_the_original_goes_on(sent: World) -> None:
    original = sent.event("lederdag/dag")
    organiser = sent.tenant.directory.users[original.mailbox_id]
    twin = {
        "subject": "Lederdag",
        "start": {"dateTime": "2025-06-25T09:00:00", "timeZone": "Romance Standard Time"},
        "end": {"dateTime": "2025-06-25T12:00:00", "timeZone": "Romance Standard Time"},
        "attendees": [],
        "singleValueExtendedProperties": [{"id": STAMP, "value": "demo/lederdag/main/dag"}],
    }
    copy, _ = sent.tenant.calendars.create(organiser, read_event(twin, creating=True))
    ran = sent.sync()
    assert ([(change["action"], change["reason"]) for change in ran.changes], ran.writes) == ([("conflict", "duplicate")], ())
    sent.write(
        make_plan(make_course("lederdag", make_session(day="2025-06-19"), venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO))
    )
    assert sent.sync().people_mailed == {("update", ANNA): 1, ("update", BO): 1}
    assert (original.start.utc.day, copy.start.utc.day) == (19, 25)
