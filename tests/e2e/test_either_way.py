"""The weightiest stories where Microsoft 365 is as documented, and where everything that sources disagree on is the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.readings import READINGS, as_counted, read_as

if TYPE_CHECKING:
    from tests.e2e.driver import World

ANNA, BO, EVA = (mail_of(name) for name in ("anna", "bo", "eva"))


@pytest.fixture(params=READINGS)
def world(world: World, request: pytest.FixtureRequest) -> World:
    return read_as(world, request.param)


def plan(world: World, *who: str, **course: object) -> None:
    world.write(make_plan(make_course(**course), audiences=people(*who)))


def test_people_are_invited_join_leave_and_are_told_of_a_new_time_and_a_cancellation(world: World) -> None:
    plan(world, ANNA, BO)
    assert as_counted(world).people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}
    plan(world, ANNA, BO, EVA)
    assert ("invitation", EVA) in as_counted(world).people_mailed
    plan(world, ANNA, EVA, sessions=[make_session(day="2025-06-19")])
    moved = as_counted(world).people_mailed
    assert {("update", ANNA), ("update", EVA), ("cancellation", BO)} <= moved.keys()
    assert world.preview().json["changes"] == []
    plan(world, ANNA, EVA, status="cancelled")
    assert as_counted(world).people_mailed == {("cancellation", ANNA): 1, ("cancellation", EVA): 1}
    plan(world, ANNA, EVA)
    assert as_counted(world).people_mailed == {("invitation", ANNA): 1, ("invitation", EVA): 1}


def test_answers_are_kept_although_outlook_may_forget_them(world: World) -> None:
    plan(world, ANNA, BO)
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    world.answer("lederdag/dag", BO, "decline")
    assert world.run("responses").code == 0
    plan(world, ANNA, BO, EVA)
    as_counted(world)
    assert world.run("responses").code == 0
    rows = {email: row["status"] for (_, email), row in world.registrations().items()}
    assert rows == {ANNA: "registered", BO: "declined", EVA: "invited"}


def test_an_online_meeting_is_never_an_invitation_without_its_link(world: World) -> None:
    plan(world, ANNA, BO, online=True)
    codes = [world.run("sync", "--yes").code for _ in range(2)]
    assert codes[-1] == 0
    assert sum(mail.kind.value == "invitation" for mail in world.tenant.mail_log.to_people()) == 2
    assert world.event("lederdag/dag").join_url is not None
    assert as_counted(world).people_mailed == {}


@pytest.mark.crossed
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_lost_answer_mails_nobody_twice(world: World, method: str) -> None:
    """The request was done, and its answer came to nothing."""
    if method == "PATCH":
        plan(world, ANNA)
        world.sync()
    world.tenant.faults.add(method=method, path="/events", status=503, when="after")
    plan(world, ANNA, BO)
    ran = world.run("sync", "--yes")
    again = world.run("sync", "--yes")
    assert again.code == 0
    invitations = [mail.to for mail in (*ran.mails, *again.mails) if mail.kind.value == "invitation"]
    assert invitations == ([ANNA, BO] if method == "POST" else [BO])
    assert len(world.events) == 1
