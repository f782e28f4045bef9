"""Exit code 3: past the limits nothing is changed, whoever says yes; only the checksum of what was seen passes them."""

from __future__ import annotations

import pytest

from tests.e2e.as_it_was import played_once
from tests.e2e.driver import World
from tests.e2e.plans import make_course, make_plan, make_session, people, some_courses

SIX = tuple(f"leder-{number}@norddjurs.example" for number in range(6))


@played_once
def synced(world: World, *courses: dict[str, object], to: tuple[str, ...]) -> None:
    world.write(make_plan(*courses, audiences=people(*to)))
    world.sync()


def refused(world: World, *arguments: str) -> str:
    """The command is refused and changes nothing; what it says, both streams."""
    ran = world.run(*arguments)
    assert ran.code == 3
    assert (ran.writes, ran.mails) == ((), ())
    return ran.out + ran.err


@pytest.mark.parametrize("command", [["sync", "--yes"], ["sync", "--yes", "--format", "json"], ["run"]])
def test_courses_gone_from_the_plan_are_not_cancelled_past_the_limit(world: World, command: list[str]) -> None:
    """Three of ten is more than 20 %, from three on; the numbers and the way past are named."""
    courses = some_courses(10)
    synced(world, *courses, to=SIX)
    world.write(make_plan(*courses[:7], audiences=people(*SIX)))
    said = refused(world, *command)
    assert "3 " in said
    assert "10" in said
    assert f"--approve {world.preview().json['checksum']}" in said
    done = world.approve()
    assert done.wire == [("POST", "cancel")] * 3


def test_a_course_or_two_may_go(world: World) -> None:
    courses = some_courses(4)
    synced(world, *courses, to=SIX)
    world.write(make_plan(*courses[:2], audiences=people(*SIX)))
    assert world.sync().wire == [("POST", "cancel")] * 2


def test_what_hr_cancels_in_words_does_not_count(world: World) -> None:
    courses = some_courses(4)
    synced(world, *courses, to=SIX)
    world.write(make_plan(*(course | {"status": "cancelled"} for course in courses), audiences=people(*SIX)))
    assert world.sync().wire == [("POST", "cancel")] * 4


@pytest.mark.parametrize("what_is_left", ["nothing", "draft", "another course"])
def test_a_plan_without_any_of_its_courses_is_never_carried_out(world: World, what_is_left: str) -> None:
    """Also of a single event, which the share does not protect; `draft` counts as gone."""
    course = make_course()
    synced(world, course, to=SIX)
    left = {"nothing": [], "draft": [course | {"status": "draft"}], "another course": [make_course("ny", make_session(day="2025-09-01"))]}
    world.write(make_plan(*left[what_is_left], audiences=people(*SIX)))
    for command in (["sync", "--yes"], ["run"]):
        refused(world, *command)
    assert world.event("lederdag/dag")
    assert ("POST", "cancel") in world.approve().wire


@pytest.mark.parametrize("left", [0, 7])
def test_the_limits_hold_after_a_lost_database_too(world: World, left: int) -> None:
    courses = some_courses(10)
    synced(world, *courses, to=SIX)
    world.lose_database()
    world.write(make_plan(*courses[:left], audiences=people(*SIX)))
    refused(world, "sync", "--yes")
    assert len(world.events) == 10


def test_past_courses_do_not_keep_a_plan_from_ending(world: World) -> None:
    synced(world, make_course(), to=SIX)
    world.move_clock("2025-07-01T09:00:00+02:00")
    world.write(make_plan(audiences=people(*SIX)))
    assert world.sync().writes == ()


def test_an_audience_that_shrinks_too_much_removes_nobody(world: World) -> None:
    """Twelve of fifty places is more than 20 %, from ten on."""
    fifty = tuple(f"leder-{number:02}@norddjurs.example" for number in range(50))
    synced(world, make_course(), to=fifty)
    world.write(make_plan(make_course(), audiences=people(*fifty[12:])))
    said = refused(world, "sync", "--yes")
    assert "12" in said
    assert "50" in said
    done = world.approve()
    assert done.people_mailed == {("cancellation", address): 1 for address in fifty[:12]}


def test_nine_people_may_leave_whatever_the_share(world: World) -> None:
    twelve = tuple(f"leder-{number:02}@norddjurs.example" for number in range(12))
    synced(world, make_course(), to=twelve)
    world.write(make_plan(make_course(), audiences=people(*twelve[9:])))
    assert len(world.sync().people_mailed) == 9


def test_more_mails_than_the_limit_are_not_sent(world: World) -> None:
    world.write(make_plan(*some_courses(3)))
    said = refused_with(world, "68")
    assert "69" in said
    assert world.sync(SAFETY__MAX_MAILS="69").json["mails"] == 69


def refused_with(world: World, most: str) -> str:
    ran = world.sync("--yes", code=3, SAFETY__MAX_MAILS=most)
    assert ran.writes == ()
    assert most in ran.err
    return ran.err


def test_limits_can_be_set(world: World) -> None:
    courses = some_courses(10)
    synced(world, *courses, to=SIX)
    world.write(make_plan(*courses[:7], audiences=people(*SIX)))
    assert world.sync(SAFETY__MAX_CANCEL_SHARE="0.3").wire == [("POST", "cancel")] * 3
    world.write(make_plan(*courses[:7], audiences=people(*SIX[:4])))
    assert world.sync("--yes", code=3, SAFETY__MAX_REMOVE_SHARE="0.3").writes == ()
    assert world.sync(SAFETY__MAX_REMOVE_SHARE="0.34").json["mails"] == 14


def test_run_holds_the_changes_and_does_the_rest_of_the_round(world: World) -> None:
    """The answers are collected, and the exit code is 3."""
    courses = some_courses(3)
    synced(world, *courses, to=SIX)
    world.answer("kursus-1/dag", SIX[0], "accept")
    world.write(make_plan(audiences=people(*SIX)))
    refused(world, "run")
    world.write(make_plan(*courses, audiences=people(*SIX)))
    assert world.registrations()["kursus-1", SIX[0]]["status"] == "registered"


def test_a_refused_sync_shows_what_it_would_have_done(world: World) -> None:
    courses = some_courses(3)
    synced(world, *courses, to=SIX)
    world.write(make_plan(audiences=people(*SIX)))
    page = world.sync(code=3).json
    assert [change["action"] for change in page["changes"]] == ["cancel"] * 3
    assert all((change["outcome"], change["approval"]) == ("held", "needed") for change in page["changes"])
