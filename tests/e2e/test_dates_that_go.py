"""A date that leaves the plan, is lost, comes back or is moved, from end to end: what becomes of seats, and what people are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, HOLD, WEB, answer, begin, choosing, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

GONE = "Dit hold er udgået: Kursus"
WITHOUT_A_DATE = {"id": "hold-1", "title": "Hold 1", "sessions": [{"id": "dag", "period": "2025"}]}


def change(world: World, *offerings: object, **facts: object) -> Ran:
    course = {**choosing(**facts.pop("enrolment", {})), **facts}  # type: ignore[arg-type]
    world.write(make_plan(course | ({"offerings": [*offerings]} if offerings else {}), audiences=people(*EVERYBODY)))
    return world.approve()


def rows_of(world: World, person: str) -> dict[str, str]:
    name = person.partition("@")[0]
    return {key.partition("/")[2]: value for key, value in statuses(world).items() if key.startswith(f"{name}/")}


@pytest.mark.parametrize("offerings", [[HOLD[1]], [WITHOUT_A_DATE, HOLD[1]]], ids=["removed", "its date is lost"])
def test_who_had_chosen_a_date_that_goes_is_invited_to_the_others_again_and_told_once(world: World, offerings: list[object]) -> None:
    """Nobody stands as registered on what is not in the plan; who had said nothing gets nothing but Outlook's cancellation."""
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    assert world.invited("kursus/hold-2/dag") == {BO, CARL, DORTE}
    ran = change(world, *offerings)
    assert subjects(ran) == [("anna", GONE)]
    assert ran.people_mailed["invitation", ANNA] == 1
    assert ran.people_mailed["cancellation", ANNA] == 1
    assert world.invited("kursus/hold-2/dag") == set(EVERYBODY)
    assert rows_of(world, ANNA) == {"hold-2": "invited"}
    assert world.sync().people_mailed == {}
    answer(world, "kursus/hold-2/dag", ANNA, "accept")
    world.run("responses")
    assert rows_of(world, ANNA) == {"hold-2": "registered"}


def test_hr_sees_beforehand_who_is_left_without_a_place(world: World) -> None:
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(choosing() | {"offerings": [HOLD[1]]}, audiences=people(*EVERYBODY)))
    shown = world.run("preview").out
    assert "1 person mister sin plads dér og har ingen anden på kurset. 1 kan vælge et andet hold og får besked." in shown
    assert "Inviteres igen: anna@partner.example" in shown


def test_hr_sees_in_the_lists_who_is_left_without_a_place(world: World) -> None:
    """Until they have another; the seat that was is on no list."""
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    assert "Står uden plads" not in world.run("registrations").out
    change(world, HOLD[1])
    assert "    anna@partner.example <anna@partner.example>  Kursus (kursus)\n" in world.run("registrations", "kursus").out
    answer(world, "kursus/hold-2/dag", ANNA, "accept")
    world.run("responses")
    assert "Står uden plads" not in world.run("registrations").out


def test_a_date_that_comes_back_doubles_nothing(world: World) -> None:
    """What was said to the event that is gone counts no more; everybody is asked anew, once."""
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    change(world, HOLD[1])
    ran = change(world, *HOLD)
    assert {who: count for (kind, who), count in ran.people_mailed.items() if kind == "invitation"} == dict.fromkeys(EVERYBODY, 1)
    assert rows_of(world, ANNA) == {"hold-1": "invited", "hold-2": "invited"}
    answer(world, "kursus/hold-2/dag", ANNA, "accept")
    world.run("responses")
    assert rows_of(world, ANNA) == {"hold-2": "registered"}
    assert world.sync().people_mailed == {}


def test_by_link_who_had_chosen_is_asked_again_with_the_link_and_is_on_no_event(world: World) -> None:
    def sync(*offerings: object) -> Ran:
        course = choosing(via="link") | {"offerings": [*offerings]}
        world.write(make_plan(course, audiences=people(*EVERYBODY)))
        shown = world.run("preview", "--format", "json", **WEB).json
        return world.run("sync", "--approve", shown["checksum"], **WEB)

    assert ("anna", "Vælg et hold: Kursus") in subjects(sync(*HOLD))
    world.run("enrol", "kursus/hold-1", ANNA, **WEB)
    assert rows_of(world, ANNA) == {"hold-1": "registered"}
    others = [(one.partition("@")[0], "Ændret: Kursus") for one in (BO, CARL, DORTE)]
    assert subjects(sync(HOLD[1])) == [("anna", GONE), *others], "who was asked and has not chosen hears that the choice is another one"
    (body,) = [one.html for one in world.tenant.messages.messages.values() if one.subject == GONE]
    assert f"{WEB['WEB__BASE_URL']}/p/" in body
    assert rows_of(world, ANNA) == {}
    assert world.invited("kursus/hold-2/dag") == set()
    assert subjects(sync(HOLD[1])) == []


def test_a_course_that_is_cancelled_and_approved_again_on_another_date_begins_anew(world: World) -> None:
    """The yes was to the old date, and a no to the new one is no seat given up."""
    course = make_course("kursus")
    begin(world, course)
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "decline")
    world.run("responses")
    world.write(make_plan(course | {"status": "cancelled"}, audiences=people(*EVERYBODY)))
    world.approve()
    assert "registered" not in statuses(world).values()
    again = make_course("kursus", make_session(day="2025-08-20"))
    world.write(make_plan(again, audiences=people(*EVERYBODY)))
    world.approve()
    assert set(statuses(world).values()) == {"invited"}
    answer(world, "kursus/dag", ANNA, "decline")
    world.run("responses")
    assert statuses(world)["anna/main"] == "declined"
    assert world.sync().people_mailed == {}


@pytest.mark.parametrize("name", ["dag", "anden-dag"], ids=["the same session", "another session in its place"])
def test_a_moved_date_keeps_the_seat_and_asks_who_has_not_confirmed(world: World, name: str) -> None:
    """Accepting again in Outlook confirms; the rule's mail says that it was moved. What HR calls the session is nothing to people."""
    ask = {
        "id": "bekraeft",
        "before": "start",
        "days": 3,
        "at": "09:00",
        "to": "unconfirmed",
        "channels": ["mail"],
        "template": "please_answer",
    }
    course = make_course("kursus") | {"reminders": [ask]}
    begin(world, course)
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    assert world.run("reminders", "--due-before", "2025-07-30T00:00:00+02:00", "--format", "json").json == []
    world.tenant.clock.advance(timedelta(hours=1))
    world.now = world.tenant.clock.now()
    moved = course | {"sessions": [make_session(name, day="2025-06-19")]}
    world.write(make_plan(moved, audiences=people(*EVERYBODY)))
    world.approve()
    rows = {row["email"]: row for row in world.run("registrations", "--format", "json").json}
    assert {(rows[who]["status"], rows[who]["unconfirmed"]) for who in (ANNA, BO)} == {("registered", True)}
    assert rows[ANNA]["sessions"] == {}
    answer(world, f"kursus/{name}", ANNA, "accept")
    world.run("responses")
    listed = world.run("reminders", "--due-before", "2025-07-30T00:00:00+02:00", "--format", "json").json
    assert [one["email"] for one in listed if one["rule"] == "bekraeft"] == [BO]
