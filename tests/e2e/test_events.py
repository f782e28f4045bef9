"""What stands on an event, and what a request carries: no more than what changed."""

from __future__ import annotations

import re
import uuid

from tests.e2e.as_it_was import synced
from tests.e2e.driver import STAMP, World, body_of
from tests.e2e.plans import make_course, make_plan, make_session, people

ANNA, BO, CARL = (f"{name}@norddjurs.example" for name in ("anna", "bo", "carl"))
VENUE = {"name": "Kulturhuset", "address": "Torvet 1, 8500 Grenaa", "room": "sal-1@norddjurs.example"}


def three_people(world: World, *courses: dict[str, object]) -> None:
    world.write(make_plan(*courses, audiences=people(ANNA, BO, CARL)))


def test_a_new_event_carries_what_the_contract_says(world: World) -> None:
    """Stamp, transaction id, hidden attendees, no proposals, an answer asked for, wall time and the plan's zone."""
    three_people(world, make_course(venue=VENUE, speakers=[{"name": "En taler", "email": "taler@firma.example"}]))
    ran = world.sync()
    assert ran.json["mails"] == len(ran.people_mailed) == 4  # the speaker counts, the room does not
    (entry,) = ran.writes
    body = body_of(entry)
    assert entry.path == f"{world.mailbox}/events"
    assert body["singleValueExtendedProperties"] == [{"id": STAMP, "value": "demo/lederdag/main/dag"}]
    assert uuid.UUID(body["transactionId"])
    assert (body["hideAttendees"], body["allowNewTimeProposals"], body["responseRequested"]) == (True, False, True)
    assert body["start"] == {"dateTime": "2025-06-18T09:00:00", "timeZone": body["start"]["timeZone"]}
    assert body["start"]["timeZone"] in {"Europe/Copenhagen", "Romance Standard Time"}
    assert body["end"] == body["start"] | {"dateTime": "2025-06-18T12:00:00"}
    assert (body["subject"], body["showAs"], body["isAllDay"]) == ("Lederdag", "busy", False)
    assert body["location"]["locationEmailAddress"] == "sal-1@norddjurs.example"
    kinds = {one["emailAddress"]["address"]: one["type"] for one in body["attendees"]}
    assert kinds == {
        ANNA: "required", BO: "required", CARL: "required", "taler@firma.example": "optional", "sal-1@norddjurs.example": "resource",
    }  # fmt: skip
    assert world.event("lederdag/dag").start.utc.isoformat() == "2025-06-18T07:00:00+00:00"


def test_the_body_does_not_repeat_what_outlook_shows(world: World) -> None:
    three_people(world, make_course(title="Fælles lederdag", venue=VENUE, theme="Aktørskab", description="Tag **madpakke** med."))
    (entry,) = world.sync().writes
    content = body_of(entry)["body"]["content"]
    assert "Aktørskab" in content
    assert "<strong>madpakke</strong>" in content
    assert "hr@norddjurs.example" in content
    for shown in ("Fælles lederdag", "18. juni", "09.00", "9:00", "Kulturhuset", "Grenaa", "2025-06-18"):
        assert shown not in content


def test_an_event_in_winter_and_one_in_summer_keep_their_wall_time(world: World) -> None:
    three_people(world, make_course("a", make_session("vinter", "2025-03-28"), make_session("sommer", "2025-03-31")))
    world.sync()
    assert [world.event(f"a/{name}").start.utc.hour for name in ("vinter", "sommer")] == [8, 7]


def test_a_day_without_hours_is_an_all_day_event(world: World) -> None:
    three_people(world, make_course("a", {"id": "dag", "start": "2025-06-18"}))
    (entry,) = world.sync().writes
    body = body_of(entry)
    assert body["isAllDay"] is True
    assert (body["start"]["dateTime"], body["end"]["dateTime"]) == ("2025-06-18T00:00:00", "2025-06-19T00:00:00")
    three_people(world, make_course("a"))
    (patch,) = world.sync().writes
    assert set(body_of(patch)) == {"start", "end", "isAllDay", "reminderMinutesBeforeStart"}


def test_a_reserved_day_rings_at_nine_the_day_before_and_its_invitation_a_quarter_of_an_hour(world: World) -> None:
    """Fifteen minutes before an all-day event is in the middle of the night; one mail for the switch, none for a reminder of one's own."""
    day = {"id": "dag", "start": "2025-06-18"}
    three_people(world, make_course("a", day, status="save_the_date"))
    world.sync()
    event = world.event("a/dag")
    assert event.plain["reminderMinutesBeforeStart"] == 15 * 60
    three_people(world, make_course("a"))
    assert sum(world.sync().people_mailed.values()) == 3
    assert event.plain["reminderMinutesBeforeStart"] == 15
    event.plain["reminderMinutesBeforeStart"] = 60
    three_people(world, make_course("a", make_session("dag", "2025-06-19")))
    world.sync()
    assert event.plain["reminderMinutesBeforeStart"] == 60
    assert world.sync().people_mailed == {}


def test_another_choice_in_the_plan_shows_the_attendees(world: World) -> None:
    three_people(world, make_course(hide_attendees=False))
    (entry,) = world.sync().writes
    assert body_of(entry)["hideAttendees"] is False


def test_a_moved_session_changes_start_and_end_and_nothing_else(world: World) -> None:
    three_people(world, make_course())
    world.sync()
    for session, fields in ((make_session(start="10:00"), ["start"]), (make_session(day="2025-06-19"), ["start", "end"])):
        three_people(world, make_course("lederdag", session))
        ran = world.sync()
        assert [(change["action"], change["fields"], change["mails"], change["reason"]) for change in ran.changes] == [
            ("update", fields, 3, "plan"),
        ]  # fmt: skip
        (entry,) = ran.writes
        assert set(body_of(entry)) == {"start", "end"}
        assert ran.people_mailed == {("update", address): 1 for address in (ANNA, BO, CARL)}


def test_each_kind_of_edit_sends_only_its_own_field(world: World) -> None:
    course = make_course(venue={"name": "Kulturhuset"})
    edits = [
        ({"title": "Ny titel"}, {"subject"}),
        ({"description": "Nyt program"}, {"body"}),
        ({"venue": {"name": "Rådhuset"}}, {"location"}),
        ({"hide_attendees": False}, {"hideAttendees"}),
        ({"status": "save_the_date"}, {"subject", "body", "showAs", "responseRequested"}),
    ]
    three_people(world, course)
    world.sync()
    for change, names in edits:
        three_people(world, course | change)
        ran = world.sync()
        assert [set(body_of(entry)) for entry in ran.writes] == [names]
        assert sum(ran.people_mailed.values()) == 3 == ran.json["mails"]
        three_people(world, course)
        world.sync()


def test_people_and_content_change_in_requests_of_their_own(world: World) -> None:
    """Who leaves gets the cancellation only, who stays one update, who comes one invitation with the new text."""
    synced(world, make_plan(make_course(), audiences=people(ANNA, BO)))
    world.write(make_plan(make_course(title="Ny titel"), audiences=people(BO, CARL)))
    ran = world.sync()
    assert [set(body_of(entry)) for entry in ran.writes] == [{"attendees"}, {"subject"}, {"attendees"}]
    assert ran.people_mailed == {("cancellation", ANNA): 1, ("update", BO): 1, ("invitation", CARL): 1}
    assert {mail.subject for mail in ran.mails if mail.to == CARL} == {"Ny titel"}
    assert ran.json["mails"] == 3


def test_what_the_plan_says_in_other_words_is_no_change(world: World) -> None:
    """Another order, other white space, an explicit default: no request, no mail."""
    courses = [make_course("a"), make_course("b", make_session(day="2025-06-19"))]
    three_people(world, *courses)
    world.sync()
    world.write(make_plan(*reversed(courses), audiences=people(CARL, BO, ANNA)))
    assert world.sync().writes == ()
    three_people(world, courses[0] | {"online": False, "hide_attendees": True, "enrolment": {"mode": "invite"}}, courses[1])
    assert world.sync().writes == ()


def test_a_second_sync_reads_one_page_of_events_for_each_hundred(world: World) -> None:
    sessions = [make_session(f"s-{number}", f"2025-{4 + number // 28:02}-{1 + number % 28:02}") for number in range(110)]
    three_people(world, make_course("serie", *sessions))
    assert len(world.sync().writes) == 110
    second = world.sync()
    assert second.writes == ()
    assert len([entry for entry in second.requests if "/events" in entry.path]) == 2


def test_a_cancellation_says_why_and_whom_to_ask(world: World) -> None:
    three_people(world, make_course())
    world.sync()
    three_people(world, make_course(status="cancelled"))
    ran = world.sync()
    (entry,) = ran.writes
    comment = body_of(entry)["Comment"]
    assert "hr@norddjurs.example" in comment
    assert {mail.comment for mail in ran.mails} == {comment}
    assert not re.search(r"[{}<>]", comment)


def test_retries_of_one_creation_share_their_transaction_id(world: World) -> None:
    three_people(world, make_course())
    world.tenant.faults.add(method="POST", path="/events$", status=503, retry_after="0")
    ran = world.sync()
    first, second = (body_of(entry)["transactionId"] for entry in ran.writes)
    assert first == second
    assert len(world.events["demo/lederdag/main/dag"]) == 1


def test_two_plans_of_one_mailbox_leave_each_other_alone(world: World) -> None:
    """Also where one's id begins like the other's."""
    three_people(world, make_course())
    world.sync()
    world.write(make_plan(make_course(), id="demo-2", audiences=people(ANNA)))
    world.sync(DATABASE_URL="sqlite:///other.db")
    three_people(world, make_course())
    assert world.sync().json["changes"] == []
    assert set(world.events) == {"demo/lederdag/main/dag", "demo-2/lederdag/main/dag"}
