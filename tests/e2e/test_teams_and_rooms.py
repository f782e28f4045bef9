"""Online meetings and rooms: what Microsoft does on its own beside what was asked for."""

from __future__ import annotations

import pytest

import bot.graph.calendar
from tests.e2e.driver import World, body_of
from tests.e2e.plans import make_course, make_plan, make_session, people

TWO = people("anna@norddjurs.example", "bo@norddjurs.example")
ROOM = "sal-1@norddjurs.example"


@pytest.fixture(autouse=True)
def soon_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that does not come is looked for as often as ever, and the looks follow each other at once; otherwise a second and more."""
    monkeypatch.setattr(bot.graph.calendar, "SETTLE_SECONDS", 0.01)


def plan(world: World, *courses: dict[str, object]) -> None:
    world.write(make_plan(*courses, audiences=TWO))


def test_an_online_session_has_a_teams_meeting(world: World) -> None:
    plan(world, make_course(online=True))
    created, invited = map(body_of, world.sync().writes)
    assert (created["isOnlineMeeting"], created["onlineMeetingProvider"], created["attendees"]) == (True, "teamsForBusiness", [])
    assert (set(invited), len(invited["attendees"])) == ({"attendees"}, 2)
    assert world.event("lederdag/dag").join_url
    assert world.sync().json["changes"] == []


def test_a_new_text_keeps_the_block_that_teams_put_in(world: World) -> None:
    plan(world, make_course(online=True))
    world.sync()
    before = world.event("lederdag/dag").join_url
    for text in ("Nyt program", "Endnu et program", None):
        plan(world, make_course(online=True, description=text))
        ran = world.sync()
        assert ran.wire == [("PATCH", "events")]
        assert sum(ran.people_mailed.values()) == 2
        event = world.event("lederdag/dag")
        assert event.join_url == before
        assert event.html.count(event.join_url.replace("&", "&amp;")) >= 1
        assert world.sync().json["changes"] == []


def test_a_creation_that_comes_back_without_its_meeting_is_put_right(world: World) -> None:
    """201 with `isOnlineMeeting` false: looked at again and switched on once, and only then is anybody invited."""
    world.tenant.faults.add(method="POST", path="/events$", without_teams=True)
    plan(world, make_course(online=True))
    ran = world.sync()
    assert ran.wire == [("POST", "events"), ("PATCH", "events"), ("PATCH", "events")]
    assert [set(body_of(entry)) for entry in ran.writes[1:]] == [{"isOnlineMeeting", "onlineMeetingProvider"}, {"attendees"}]
    assert world.event("lederdag/dag").join_url
    assert {kind for kind, _ in ran.people_mailed} == {"invitation"}
    assert sum(ran.people_mailed.values()) == ran.json["mails"] == 2
    assert world.sync().json["changes"] == []


def test_a_mailbox_without_teams_is_told_and_nobody_is_invited_without_a_link(world: World) -> None:
    """Exit 6 in each run, and no mail; with Teams, or without `online`, the next run invites to the same event."""
    world.tenant.settings.teams_available = False
    plan(world, make_course(online=True), make_course("andet"))
    first = world.sync(code=6)
    assert {(change["course"], change["outcome"]) for change in first.changes} == {("lederdag", "failed"), ("andet", "applied")}
    (told,) = (change["error"] for change in first.changes if change["outcome"] == "failed")
    assert "Teams" in told
    again = world.sync(code=6)
    assert (again.mails, world.invited("lederdag/dag")) == ((), set())
    assert world.preview().json["mails"] == 2
    world.tenant.settings.teams_available = True
    assert world.sync().people_mailed == {("invitation", "anna@norddjurs.example"): 1, ("invitation", "bo@norddjurs.example"): 1}
    assert world.sync().json["changes"] == []


@pytest.mark.parametrize("then", ["the link comes", "asked for anew", "not online after all", "cancelled", "moved"])
def test_a_link_that_is_late_holds_the_invitations_of_its_session_alone(world: World, then: str) -> None:
    """201 with `onlineMeeting` null. A room is not booked meanwhile either; whatever becomes of it, nobody gets two mails."""
    venue = {"name": "Sal 1", "room": ROOM}
    world.tenant.settings.teams_link_seconds = 3600
    plan(world, make_course(online=True, venue=venue))
    held = world.sync(code=6)
    assert (held.mails, held.wire) == ((), [("POST", "events")])
    world.tenant.settings.teams_link_seconds = 0
    changes = {"online": True, "venue": venue}
    match then:
        case "the link comes":
            world.event("lederdag/dag").link_from = 0
        case "not online after all":
            changes["online"] = False
        case "cancelled":
            changes["status"] = "cancelled"
        case "moved":
            changes["sessions"] = [make_session(day="2025-06-19")]
        case _:
            pass
    plan(world, make_course(**changes))
    ran = world.sync()
    if then == "cancelled":
        assert (ran.mails, world.events) == ((), {})
    else:
        assert set(ran.people_mailed.values()) == {1}
        assert {kind for kind, _ in ran.people_mailed} == {"invitation"}
        assert world.invited("lederdag/dag") == {"anna@norddjurs.example", "bo@norddjurs.example", ROOM}
        assert len(world.events) == 1
    world.tenant.clock.run_due()
    stays = ["online_stays"] if then == "not online after all" else []
    assert [change["reason"] for change in world.sync().changes] == stays


def test_a_new_text_of_a_meeting_that_teams_dropped_is_told_and_asked_for_once(world: World) -> None:
    """People are on it and have their invitation: asking again in every run would be a mail to everybody each time."""
    plan(world, make_course())
    world.sync()
    world.tenant.settings.teams_available = False
    plan(world, make_course(online=True))
    assert [(change["outcome"], "Teams" in change["error"]) for change in world.sync(code=6).changes] == [("failed", True)]
    again = world.sync()
    assert ([(change["action"], change["reason"]) for change in again.changes], again.writes) == ([("conflict", "online_missing")], ())
    world.tenant.settings.teams_available = True
    world.tenant.people.edit(world.event("lederdag/dag"), {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"})
    assert world.sync().writes == ()
    assert world.sync().json["changes"] == []


def test_an_event_becomes_online_and_never_offline_again(world: World) -> None:
    """Graph cannot switch a meeting off: the text changes, the meeting is reported and not tried for ever."""
    plan(world, make_course())
    world.sync()
    plan(world, make_course(online=True))
    (entry,) = world.sync().writes
    assert set(body_of(entry)) == {"body", "isOnlineMeeting", "onlineMeetingProvider"}
    assert world.event("lederdag/dag").join_url
    plan(world, make_course())
    assert [set(body_of(entry)) for entry in world.sync().writes] == [{"body"}]
    assert world.event("lederdag/dag").join_url
    ran = world.sync()
    assert ([(change["action"], change["reason"]) for change in ran.changes], ran.writes) == ([("conflict", "online_stays")], ())


def test_going_online_with_the_answer_lost_mails_everybody_once(world: World) -> None:
    plan(world, make_course())
    world.sync()
    plan(world, make_course("lederdag", make_session(day="2025-06-19"), online=True))
    world.tenant.faults.add(method="PATCH", status=504, when="after")
    ran = world.sync()
    assert len(ran.writes) == 1
    assert set(ran.people_mailed.values()) == {1}


def test_a_room_is_booked_as_a_resource_and_gets_no_registration(world: World) -> None:
    plan(world, make_course(venue={"name": "Sal 1", "room": ROOM}))
    ran = world.sync()
    assert ran.json["mails"] == 2
    assert {one.address: one.type for one in world.event("lederdag/dag").attendees}[ROOM] == "resource"
    world.tenant.clock.run_due()
    world.run("responses")
    assert ROOM not in {email for _, email in world.registrations()}
    assert world.sync().json["changes"] == []


def test_a_room_that_says_no_is_reported_and_another_one_solves_it(world: World) -> None:
    plan(world, make_course("a", venue={"name": "Sal 1", "room": ROOM}), make_course("b", venue={"name": "Sal 1", "room": ROOM}))
    world.sync()
    world.tenant.clock.run_due()
    ran = world.sync()
    (conflict,) = ran.changes
    assert (conflict["action"], conflict["reason"], conflict["missing"], ran.writes) == ("conflict", "room_declined", [ROOM], ())
    course = conflict["course"]
    assert ROOM in world.run("preview").out
    other = {"name": "Sal 2", "room": "sal-2@norddjurs.example"}
    plan(world, *(make_course(name, venue=other if name == course else {"name": "Sal 1", "room": ROOM}) for name in ("a", "b")))
    world.sync()
    world.tenant.clock.run_due()
    assert world.sync().json["changes"] == []
    assert world.event(f"{course}/dag").attendee("sal-2@norddjurs.example").response == "accepted"


@pytest.mark.parametrize("change", [{"venue": {"name": "Sal 2", "room": "sal-2@norddjurs.example"}}, {"venue": None}])
def test_another_room_or_none_releases_the_first(world: World, change: dict[str, object]) -> None:
    plan(world, make_course(venue={"name": "Sal 1", "room": ROOM}))
    world.sync()
    plan(world, make_course(**change))
    ran = world.sync()
    assert ROOM not in world.invited("lederdag/dag")
    assert set(ran.people_mailed.values()) == {1}
    assert ran.json["mails"] == 2
    assert world.event("lederdag/dag").location["displayName"] == ("Sal 2" if change["venue"] else "")
    assert world.sync().json["changes"] == []


def test_the_room_moves_with_the_session(world: World) -> None:
    plan(world, make_course(venue={"name": "Sal 1", "room": ROOM}))
    world.sync()
    world.tenant.clock.run_due()
    plan(world, make_course("lederdag", make_session(day="2025-06-19"), venue={"name": "Sal 1", "room": ROOM}))
    world.sync()
    world.tenant.clock.run_due()
    assert world.event("lederdag/dag").attendee(ROOM).response == "accepted"
    assert world.sync().json["changes"] == []
