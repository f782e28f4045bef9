"""While an edit waits every list says what people were told, and what was approved is carried out to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.approval import SIX, approve, approve_all, run, states, waiting
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

pytestmark = pytest.mark.usefixtures("every_change_waits")


@pytest.mark.parametrize("edit", ["removed", "draft", "moved", "renamed offering"])
def test_lists_reminders_and_the_seat_log_say_what_people_were_told_while_an_edit_waits(world: World, edit: str) -> None:
    """The calendar stands as it was approved, and so does every list; the moment that HR saves the workbook is none of theirs."""
    rule = {"id": "p", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"}
    course, other = make_course("kursus", enrolment={"capacity": 4}), make_course("andet", make_session(day="2025-05-01"))
    world.write(make_plan(course, other, audiences=people(*SIX), reminders=[rule]))
    world.sync()
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
