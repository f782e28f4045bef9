"""While an edit waits every list says what people were told, and what was approved is carried out to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.approval import MANY, SIX, approve, approve_all, run, states, waiting
from tests.e2e.as_it_was import synced
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

JsonObject = dict[str, Any]
pytestmark = pytest.mark.usefixtures("every_change_waits")


@pytest.mark.parametrize("edit", ["removed", "draft", "moved", "renamed offering"])
def test_lists_reminders_and_the_seat_log_say_what_people_were_told_while_an_edit_waits(world: World, edit: str) -> None:
    """The calendar stands as it was approved, and so does every list; the moment that HR saves the workbook is none of theirs."""
    rule = {"id": "p", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"}
    course, other = make_course("kursus", enrolment={"capacity": 4}), make_course("andet", make_session(day="2025-05-01"))
    synced(world, make_plan(course, other, audiences=people(*SIX), reminders=[rule]))
    world.answer("kursus/dag", SIX[0], "accept")
    world.run("responses")
    hold = [{"id": "andet-hold", "sessions": [make_session()]}]
    edited = {
        "removed": [],
        "draft": [course | {"status": "draft"}],
        "moved": [make_course("kursus", make_session(day="2025-08-18"), enrolment={"capacity": 1})],
        "renamed offering": [make_course("kursus", offerings=hold, enrolment={"capacity": 4})],
    }[edit]
    commands = [("registrations", "--format", form) for form in ("table", "json", "csv", "html")]
    commands += [("registrations", "kursus"), ("seats", "kursus"), ("reminders", "--due-before", "2025-12-01")]

    def said() -> list[object]:
        """Each list; a course that has left the plan comes last in them."""
        listed = [world.run(*command).out for command in commands]
        rows = json.loads(listed.pop(1))
        pages = listed.pop(2).split("<section>")
        return [sorted(rows, key=str), sorted(pages), *(sorted(filter(None, one.lstrip("\ufeff").splitlines())) for one in listed)]

    before = said()
    assert all(before)
    world.write(make_plan(*edited, other, audiences=people(*SIX), reminders=[rule]))
    run(world, code=3)
    assert said() == before


@pytest.mark.crossed
@pytest.mark.parametrize("gone", ["course", "offering"])
@pytest.mark.parametrize("door", ["approve", "sync"])
def test_the_rest_of_an_approved_removal_goes_though_two_were_approved_in_one_instant(world: World, gone: str, door: str) -> None:
    """The course was approved, carried out, and its removal approved, all by one clock; then half of it failed."""
    holds = [{"id": f"hold-{at}", "sessions": [make_session(day=f"2025-06-1{at}")]} for at in range(1, 4)]
    course = make_course("kursus", offerings=holds, enrolment={"mode": "choose"})
    other = make_course("andet", make_session(day="2025-05-01"))
    left = [] if gone == "course" else [course | {"offerings": holds[:1]}]
    world.write(make_plan(course, other, audiences=people(*SIX)))
    run(world, code=3)
    approve_all(world)
    run(world, code=0)
    world.write(make_plan(*left, other, audiences=people(*SIX)))
    run(world, code=3)
    world.tenant.faults.add(method="POST", path="/cancel$", nth=2, times=1, status=400)
    checksum = world.preview().json["checksum"]
    if door == "approve":
        approve(world, checksum)
        first = world.run("run")
    else:
        first = world.run("sync", "--approve", checksum)
    assert first.code == 6
    world.tenant.faults.clear()
    assert waiting(world) == []
    rest = run(world, code=0)
    cancelled = first.people_mailed + rest.people_mailed
    assert {one: count for (kind, one), count in cancelled.items() if kind == "cancellation"} == dict.fromkeys(SIX, 3 - len(left))
    assert states(world) == {"done"}


def at_hour(hour: int) -> JsonObject:
    return make_plan(make_course("dag", make_session(start=f"{hour:02}:00", end=f"{hour + 2:02}:00")), audiences=people(*SIX))


def test_an_approval_is_used_up_when_it_was_carried_out(world: World) -> None:
    """An older file that is saved once more says what was approved once, and waits as any edit does."""
    world.write(at_hour(9))
    approve_all(world)
    run(world, code=0)
    for hour in (13, 9):
        world.write(at_hour(hour))
        approve_all(world)
        assert run(world, code=0).people_mailed == {("update", one): 1 for one in SIX}
    world.write(at_hour(13))
    assert run(world, code=3).mails == ()
    assert len(waiting(world)) == 1
    approve_all(world)
    assert run(world, code=0).people_mailed == {("update", one): 1 for one in SIX}


@pytest.mark.parametrize(
    ("edit", "fails"), [("gone", "/cancel$"), ("another mailbox", "/events$"), ("cancelled", "/cancel$"), ("moved", "/events/[^/]+$")]
)
def test_the_rest_of_what_was_approved_is_asked_about_no_more(world: World, edit: str, fails: str) -> None:
    """However many people it reaches, and wherever their events are still."""
    two = [make_session("a"), make_session("b", day="2025-07-18")]
    other = make_course("andet", make_session(day="2025-05-01"))
    world.write(make_plan(make_course("kursus", *two), other, audiences=people(*MANY)))
    approve_all(world)
    run(world, code=0)
    later = [one | {"end": one["end"].replace("12:00", "13:00")} for one in two]
    plans = {
        "gone": make_plan(other, audiences=people(*MANY)),
        "another mailbox": make_plan(make_course("kursus", *two), other, audiences=people(*MANY), organiser=mail_of("hr")),
        "cancelled": make_plan(make_course("kursus", *two, status="cancelled"), other, audiences=people(*MANY)),
        "moved": make_plan(make_course("kursus", *later), other, audiences=people(*MANY)),
    }
    world.write(plans[edit])
    approve_all(world)
    world.tenant.faults.add(method="PATCH" if edit == "moved" else "POST", path=fails, nth=1, status=400)
    first = world.run("run")
    assert (first.code, waiting(world)) == (6, [])
    world.tenant.faults.clear()
    rest = run(world, code=0)
    assert (len(rest.people_mailed) > 0, states(world)) == (True, {"done"})
    mailed = first.people_mailed + rest.people_mailed
    assert {*mailed.values()} == ({3} if edit == "another mailbox" else {2})
    assert run(world, code=0).writes == ()
