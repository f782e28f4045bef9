"""The same under a new name: the event stays, everybody's answer follows, and nobody gets a mail."""

from __future__ import annotations

import shutil
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.as_it_was import played_once, synced
from tests.e2e.cut_off import NOBODY_LISTENS
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import RULES
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, subjects

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import Ran, World

JsonObject = dict[str, Any]
DEADLINE = {"deadline": "2025-06-04T12:00"}
NEW_MAILBOX = "skolekontoret@norddjurs.example"
TWO_DATES = [
    {"id": "hold-1", "sessions": [make_session("a"), make_session("b", day="2025-06-19")]},
    {"id": "hold-2", "sessions": [make_session("a", day="2025-09-18")]},
]


def with_rules(*courses: JsonObject, **changes: Any) -> JsonObject:
    return make_plan(*courses, audiences=people(*EVERYBODY), holidays="DK", reminders=RULES, **changes)


def before() -> JsonObject:
    return with_rules(
        make_course("kursus", enrolment=DEADLINE),
        make_course("valg", title="Valg", offerings=deepcopy(TWO_DATES), enrolment={"mode": "choose", **DEADLINE}),
    )


def course_renamed(plan: JsonObject) -> None:
    plan["courses"][0] |= {"id": "lederdag", "was": "kursus"}


def session_renamed(plan: JsonObject) -> None:
    plan["courses"][0]["sessions"][0] |= {"id": "dag-1", "was": "dag"}


def offering_renamed(plan: JsonObject) -> None:
    plan["courses"][1]["offerings"][0] |= {"id": "juni", "was": "hold-1"}


def list_becomes_offerings(plan: JsonObject) -> None:
    sessions = plan["courses"][0].pop("sessions")
    plan["courses"][0]["offerings"] = [{"id": "hold-1", "was": "main", "sessions": sessions}]


def plan_renamed(plan: JsonObject) -> None:
    plan |= {"id": "ledelse", "was": "demo"}


def everything_renamed(plan: JsonObject) -> None:
    plan_renamed(plan)
    course_renamed(plan)
    session_renamed(plan)
    plan["courses"][1] |= {"id": "valget", "was": "valg"}
    offering_renamed(plan)
    plan["courses"][1]["offerings"][0]["sessions"][1] |= {"id": "dag-2", "was": "b"}


RENAMES = [course_renamed, session_renamed, offering_renamed, list_becomes_offerings, plan_renamed, everything_renamed]
WHERE_IT_BROKE_OFF = [
    one if one in {list_becomes_offerings, everything_renamed} else pytest.param(one, marks=pytest.mark.long) for one in RENAMES
]
"""Every day those that between them rename all there is."""


@played_once
def answered(world: World) -> None:
    """Invited, answered, and reminded once by the rule about the deadline."""
    world.plans = ("demo", "ledelse")
    world.write(before())
    world.sync()
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "decline")
    answer(world, "valg/hold-1/a", CARL, "accept")
    world.run("responses")
    world.move_clock("2025-05-30T09:00:00+02:00")
    assert {who for who, _ in subjects(world.run("send"))} == {"anna", "bo", "carl", "dorte"}


def renamed(world: World, change: Callable[[JsonObject], None]) -> None:
    plan = before()
    change(plan)
    world.write(plan)


def events_by_id(world: World) -> dict[str, set[str]]:
    return {event.immutable_id: {one.address.lower() for one in event.attendees} for events in world.events.values() for event in events}


def standings(world: World) -> list[tuple[str, str]]:
    """Where everybody stands, whatever the course is called."""
    rows = world.run("registrations", "--format", "json").json
    return sorted((row["email"], row["status"]) for row in rows)


def stamps(plan: JsonObject) -> set[str]:
    return {
        f"{plan['id']}/{course['id']}/{offering['id']}/{session['id']}"
        for course in plan["courses"]
        for offering in course.get("offerings") or [{"id": "main", "sessions": course["sessions"]}]
        for session in offering["sessions"]
    }


def assert_nothing_but_the_name(world: World, ran: Ran, events: dict[str, set[str]], people_then: list[tuple[str, str]]) -> None:
    assert (ran.code, ran.people_mailed) == (0, {})
    assert events_by_id(world) == events
    assert standings(world) == people_then


@pytest.mark.parametrize("change", RENAMES)
def test_whatever_gets_a_new_name_stays_what_it_is(world: World, change: Callable[[JsonObject], None]) -> None:
    """One event each with its new stamp, the same people, no mail then and no reminder a second time."""
    answered(world)
    events, people_then = events_by_id(world), standings(world)
    renamed(world, change)
    shown = world.preview()
    assert (shown.writes, shown.json["mails"], shown.changes) == ((), 0, [])
    assert {one["session"] for one in shown.json["renamed"]} <= stamps(world_plan(change))
    assert "Skifter navn, ingen får mail" in world.run("preview").out
    assert_nothing_but_the_name(world, world.run("run"), events, people_then)
    assert set(world.events) == stamps(world_plan(change))
    again = world.run("run")
    assert (again.writes, world.preview().json["renamed"]) == ((), [])
    assert_nothing_but_the_name(world, again, events, people_then)
    for moment in ("2025-06-11T10:00:00+02:00", "2025-06-17T12:01:00+02:00"):
        world.move_clock(moment)
        assert {who for who, _ in subjects(world.run("send"))} == {"anna", "carl"}
        assert subjects(world.run("send")) == []


def world_plan(change: Callable[[JsonObject], None]) -> JsonObject:
    plan = before()
    change(plan)
    return plan


@pytest.mark.parametrize("change", WHERE_IT_BROKE_OFF)
def test_a_run_that_died_between_books_and_stamps_is_finished_by_the_next_one(world: World, change: Callable[[JsonObject], None]) -> None:
    """The books have the new names and no stamp has."""
    answered(world)
    events, people_then = events_by_id(world), standings(world)
    renamed(world, change)
    world.run("responses", GRAPH__BASE_URL=NOBODY_LISTENS, GRAPH__RETRY_BUDGET_SECONDS="0")
    assert set(world.events) == stamps(before())
    assert_nothing_but_the_name(world, world.run("run"), events, people_then)
    assert set(world.events) == stamps(world_plan(change))


@pytest.mark.parametrize("change", WHERE_IT_BROKE_OFF)
def test_books_from_before_the_stamps_were_written_are_renamed_too(world: World, change: Callable[[JsonObject], None]) -> None:
    """As after a backup that was put back."""
    answered(world)
    events, people_then = events_by_id(world), standings(world)
    saved = world.folder / "saved.db"
    world.run("db", "backup", str(saved))
    renamed(world, change)
    assert world.run("run").code == 0
    world.lose_database()
    shutil.copy(saved, world.database_file)
    assert_nothing_but_the_name(world, world.run("run"), events, people_then)
    assert set(world.events) == stamps(world_plan(change))


@pytest.mark.parametrize("change", WHERE_IT_BROKE_OFF)
def test_events_are_taken_over_under_their_new_names_where_the_books_are_lost(world: World, change: Callable[[JsonObject], None]) -> None:
    """The stamp of before is all there is, and no event is made or cancelled."""
    answered(world)
    events = events_by_id(world)
    world.lose_database()
    renamed(world, change)
    assert world.run("sync", "--yes").code == 0
    assert events_by_id(world).keys() == events.keys()
    assert set(world.events) == stamps(world_plan(change))


def test_the_name_of_before_may_go_once_it_was_followed(world: World) -> None:
    """`was` is needed once."""
    answered(world)
    events, people_then = events_by_id(world), standings(world)
    renamed(world, everything_renamed)
    world.run("run")
    plan = world_plan(everything_renamed)
    for part in [plan, *plan["courses"], *plan["courses"][1]["offerings"], *plan["courses"][0]["sessions"]]:
        part.pop("was", None)
    plan["courses"][1]["offerings"][0]["sessions"][1].pop("was")
    world.write(plan)
    assert_nothing_but_the_name(world, world.run("run"), events, people_then)


def test_a_name_may_change_twice(world: World) -> None:
    """What was `a`, then `b`, is `c` in the end."""
    answered(world)
    events, people_then = events_by_id(world), standings(world)
    for old, new in (("kursus", "b"), ("b", "c"), ("c", "kursus")):
        plan = before()
        plan["courses"][0] |= {"id": new, "was": old}
        world.write(plan)
        assert_nothing_but_the_name(world, world.run("run"), events, people_then)


def test_answers_after_the_new_name_count_as_before(world: World) -> None:
    """Who had said yes and says no gives up the seat."""
    answered(world)
    renamed(world, course_renamed)
    world.run("run")
    world.tenant.people.answer(world.event("lederdag/dag"), ANNA, "decline")
    world.tenant.people.answer(world.event("lederdag/dag"), DORTE, "accept")
    world.run("responses")
    rows = world.registrations()
    assert (rows["lederdag", ANNA]["status"], rows["lederdag", DORTE]["status"]) == ("withdrawn", "registered")


def test_what_has_an_event_of_its_own_is_not_another_one(world: World) -> None:
    """The id was changed without a word and approved; `was` afterwards does not put two events under one name."""
    synced(world, with_rules(make_course("kursus")))
    world.write(with_rules(make_course("lederdag", title="Kursus"), make_course("kursus")))
    world.approve()
    world.write(with_rules(make_course("lederdag", title="Kursus", was="kursus")))
    shown = world.preview()
    assert [(one["action"], one["session"]) for one in shown.changes] == [("cancel", "demo/kursus/main/dag")]
    assert shown.json["renamed"] == []


# -- another mailbox


def test_events_in_another_mailbox_were_not_deleted_and_move_when_that_is_approved(world: World) -> None:
    """Off in the old one, everybody invited from the new one, and seats as they were."""
    synced(world, with_rules(make_course("kursus")))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    (before_it,) = events_by_id(world)
    world.write(with_rules(make_course("kursus"), organiser=NEW_MAILBOX))
    shown = world.preview()
    assert "slettet" not in world.run("preview").out.replace("Intet er slettet", "")
    assert [(one["action"], one["reason"]) for one in shown.changes] == [("create", "mailbox")]
    moved = world.approve()
    assert moved.people_mailed == {(kind, who): 1 for kind in ("cancellation", "invitation") for who in EVERYBODY}
    (after_it,) = events_by_id(world)
    assert after_it != before_it
    assert world.registrations()["kursus", ANNA]["status"] == "registered"
    assert world.sync().writes == ()
