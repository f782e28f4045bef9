"""What people do in Outlook with our events, and what a lost database costs: nobody a mail."""

from __future__ import annotations

import pytest

from bot.desks.person.page import BookDesk
from bot.domain.links import Grant, Purpose
from bot.domain.pages import PersonPage
from bot.opening.stores import open_stores
from bot.plan import parse_plan
from bot.sandbox.event_input import read_event
from config.settings import Settings
from tests.e2e.as_it_was import played_once, synced
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
    invited(world)
    return world


@played_once
def invited(world: World) -> None:
    world.write(make_plan(make_course(venue={"name": "Kulturhuset"}), audiences=people(ANNA, BO)))
    world.sync()


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
    synced(world, make_plan(make_course(), audiences=people(ANNA, BO)))
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


# -- what stands in Outlook is what everybody is told

PRACTICAL = {
    "id": "praktisk",
    "before": "start",
    "days": 7,
    "at": "09:00",
    "to": "registered",
    "channels": ["mail"],
    "template": "practical",
}
ENDS_AT_TWO = {"end": {"dateTime": "2025-06-18T14:00:00", "timeZone": "Romance Standard Time"}, "subject": "Ledernes dag"}


def pages_of(world: World) -> tuple[str, str]:
    """Anna's page as data, and the feed."""
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    settings = Settings(database_url=f"sqlite:///{world.database_file}", now=world.now, graph={"base_url": world.base_url})
    with open_stores(settings) as stores:
        desk = BookDesk(settings, plan, stores)
        page = desk.page(Grant(purpose=Purpose.PERSON, plan="demo", person=ANNA, course="lederdag", made_at=world.now))
        feed = desk.feed(Grant(purpose=Purpose.FEED, plan="demo", made_at=world.now), host="kursus.example")
    assert isinstance(page, PersonPage)
    assert feed is not None
    return repr(page), feed.decode()


@pytest.mark.parametrize("seen_by", ["sync", "responses", "send"])
def test_an_edit_that_is_kept_is_the_truth_for_mails_pages_lists_and_reminders(world: World, seen_by: str) -> None:
    """15.30 became 14.00 in Outlook, and the title another: nobody is told the plan's, whoever saw it first."""
    course = make_course("lederdag", make_session(end="15:30"))
    synced(world, make_plan(course, audiences=people(ANNA, BO), reminders=[PRACTICAL], holidays="DK"))
    world.answer("lederdag/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-10T10:00:00+02:00")
    world.tenant.people.edit(world.event("lederdag/dag"), ENDS_AT_TWO)
    if seen_by != "send":
        world.run(seen_by, *(["--yes"] if seen_by == "sync" else []))
    world.move_clock("2025-06-11T10:00:00+02:00")
    sent = world.run("send")
    (mail,) = [one for one in world.tenant.messages.messages.values() if ANNA in one.everybody]
    assert (sent.code, mail.subject) == (0, "Praktisk om Ledernes dag")
    page, feed = pages_of(world)
    sheet = world.run("registrations", "--format", "html").out
    table = world.run("registrations").out
    assert "09.00–14.00" in mail.html
    assert "09.00–14.00" in sheet
    assert "datetime.datetime(2025, 6, 18, 14, 0)" in page
    assert "20250618T140000" in feed
    for told in (mail.html, page, feed, sheet, table):
        assert "Ledernes dag" in told
    for told in (mail.html, page, feed, sheet):
        assert "15.30" not in told
        assert "T1530" not in told
        assert "15, 30" not in told


def test_it_ends_when_plan_and_outlook_agree_again(world: World) -> None:
    synced(world, make_plan(make_course("lederdag", make_session(end="15:30")), audiences=people(ANNA, BO)))
    event = world.event("lederdag/dag")
    world.tenant.people.edit(event, ENDS_AT_TWO)
    assert world.sync().changes[0]["differences"] == [
        {"field": "subject", "outlook": "Ledernes dag", "plan": "Lederdag"},
        {"field": "end", "outlook": "2025-06-18T14:00:00+02:00", "plan": "2025-06-18T15:30:00+02:00"},
    ]
    world.write(make_plan(make_course("lederdag", make_session(end="14:00"), title="Ledernes dag"), audiences=people(ANNA, BO)))
    ran = world.sync()
    assert (ran.writes, world.sync().changes) == ((), [])
    world.write(make_plan(make_course("lederdag", make_session(end="13:00"), title="Ny titel"), audiences=people(ANNA, BO)))
    world.sync()
    assert world.event("lederdag/dag").subject == "Ny titel"
    assert "13, 0" in pages_of(world)[0]
    assert "Ny titel" in pages_of(world)[1]


def test_an_edit_that_is_taken_back_in_outlook_is_gone_with_the_next_look(world: World) -> None:
    synced(world, make_plan(make_course("lederdag", make_session(end="15:30")), audiences=people(ANNA, BO)))
    world.tenant.people.edit(world.event("lederdag/dag"), ENDS_AT_TWO)
    world.run("responses")
    assert "20250618T140000" in pages_of(world)[1]
    back = {"end": {"dateTime": "2025-06-18T15:30:00", "timeZone": "Romance Standard Time"}, "subject": "Lederdag"}
    world.tenant.people.edit(world.event("lederdag/dag"), back)
    world.run("responses")
    assert "20250618T153000" in pages_of(world)[1]
    assert "Ledernes" not in pages_of(world)[1]
    assert world.sync().changes == []


def test_a_reminder_falls_due_by_the_day_that_stands_in_outlook(world: World) -> None:
    """Moved by hand from Wednesday to the Wednesday after: reminded then, and not before."""
    synced(world, make_plan(make_course(), audiences=people(ANNA), reminders=[PRACTICAL], holidays="DK"))
    world.answer("lederdag/dag", ANNA, "accept")
    world.run("responses")
    moved = {
        name: {"dateTime": f"2025-06-25T{at}:00:00", "timeZone": "Romance Standard Time"} for name, at in (("start", "09"), ("end", "12"))
    }
    world.tenant.people.edit(world.event("lederdag/dag"), moved)
    world.run("responses")
    world.move_clock("2025-06-11T10:00:00+02:00")
    assert world.run("send", "--format", "json").json == []
    world.move_clock("2025-06-18T10:00:00+02:00")
    assert [one["state"] for one in world.run("send", "--format", "json").json] == ["sent"]
    (mail,) = [one for one in world.tenant.messages.messages.values() if ANNA in one.everybody]
    assert "onsdag den 25. juni 2025" in mail.html


def test_where_the_plan_is_restored_nobody_is_told_the_edit(world: World) -> None:
    synced(world, make_plan(make_course("lederdag", make_session(end="15:30")), audiences=people(ANNA)))
    world.tenant.people.edit(world.event("lederdag/dag"), ENDS_AT_TWO)
    world.run("responses", DRIFT="restore")
    assert "20250618T153000" in pages_of(world)[1]
