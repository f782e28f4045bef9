"""Two people who decide at once, and one who decides while the service is at work: each word counts, in one order or the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.approval import SIX, approvals, approve, approve_all, run, waiting
from tests.e2e.driver import wait_until
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.service_driver import shared_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.approval import JsonObject
    from tests.e2e.driver import Ran, World

pytestmark = pytest.mark.usefixtures("every_change_waits")
# Longer than a forked process takes to get there, so that two of them meet where they read.
MEETING_MS = 600


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    """A world on each kind of database."""
    if request.param == "sqlite":
        yield world
        return
    with shared_database(world, request.getfixturevalue("server")):
        yield world


def at_once(world: World, *commands: tuple[str, ...]) -> list[Ran]:
    """Each a process of its own; all have read the books before any of them writes, where the machine lets them."""
    world.tenant.faults.add(method="GET", path="/events", delay_ms=MEETING_MS)
    ended = [world.finish(process) for process in [world.start(*command) for command in commands]]
    world.tenant.faults.clear()
    return ended


def waits(world: World) -> str:
    """A new course waits; its checksum."""
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    run(world, code=3)
    (row,) = waiting(world)
    return str(row["checksum"])


def said(world: World) -> list[tuple[str, str]]:
    """What was decided, newest first: (state, by)."""
    return [(row["state"], row["by"]) for row in approvals(world) if row["state"] != "waiting"]


def mailed(world: World) -> Counter[tuple[str, str]]:
    return Counter((mail.kind.value, mail.to) for mail in world.tenant.mail_log.to_people())


def test_two_approvals_of_the_same_at_once_are_one(shared: World) -> None:
    """Both have said yes, or one was told that it is said already; everybody is invited once."""
    checksum = waits(shared)
    ended = at_once(shared, ("approve", checksum, "--by", "Birthe"), ("approve", checksum, "--by", "Ole"))
    codes = [ran.code for ran in ended]
    assert sorted(codes) in ([0, 0], [0, 3])
    run(shared, code=0)
    run(shared, code=0)
    assert mailed(shared) == {("invitation", one): 1 for one in SIX}
    spoke = {name for name, code in zip(("Birthe", "Ole"), codes, strict=True) if code == 0}
    assert sorted(said(shared)) == sorted(("done", name) for name in spoke)
    assert waiting(shared) == []


def test_of_a_yes_and_a_no_at_once_the_one_that_was_written_down_last_counts(shared: World) -> None:
    checksum = waits(shared)
    ended = at_once(shared, ("approve", checksum, "--by", "Birthe"), ("reject", checksum, "--by", "Ole"))
    assert [ran.code for ran in ended] == [0, 0]
    (last, _), _ = words = said(shared)
    assert sorted(words) == [("approved", "Birthe"), ("rejected", "Ole")]
    for _ in range(2):
        run(shared, code=0)
        assert waiting(shared) == []
    assert mailed(shared) == ({("invitation", one): 1 for one in SIX} if last == "approved" else {})
    assert {state for state, _ in said(shared)} == {"rejected", "done" if last == "approved" else "approved"}


@pytest.mark.crossed
@pytest.mark.parametrize("other", ["Ole", "birthe"])
def test_two_approvers_at_once_are_two_people_or_one(shared: World, other: str) -> None:
    shared.settings["APPROVERS"] = "2"
    checksum = waits(shared)
    ended = at_once(shared, ("approve", checksum, "--by", "Birthe"), ("approve", checksum, "--by", other))
    assert [ran.code for ran in ended] == [0, 0]
    assert sorted(said(shared)) == sorted([("approved", "Birthe"), ("approved", other)])
    if other == "birthe":
        assert run(shared, code=3).mails == ()
        approve(shared, checksum, "--by", "Ole")
    run(shared, code=0)
    run(shared, code=0)
    assert mailed(shared) == {("invitation", one): 1 for one in SIX}
    assert {state for state, _ in said(shared)} == {"done"}


def test_an_approval_can_be_taken_back_until_it_is_carried_out(world: World) -> None:
    checksum = waits(world)
    approve(world, checksum)
    assert world.run("reject", checksum).code == 0
    assert run(world, code=0).mails == ()
    approve(world, checksum)
    assert run(world, code=0).people_mailed.total() == 6
    assert world.run("reject", checksum).code == 3


def while_it_runs(world: World, method: str, path: str, meanwhile: object) -> Ran:
    """A round of the service as a process; `meanwhile` happens while its first such request is on the way."""
    assert callable(meanwhile)
    held = world.tenant.faults.add(method=method, path=path, times=1, delay_ms=MEETING_MS)
    process = world.start("run")
    try:
        wait_until(lambda: held.acted)
        meanwhile()
    finally:
        ran = world.finish(process)
    return ran


def approve_meanwhile(world: World, checksum: str) -> None:
    """What the tenant sees meanwhile is the round's."""
    ran = world.run("approve", checksum)
    assert ran.code == 0, ran.out + ran.err


def assert_all_is_done(world: World, expected: dict[tuple[str, str], int]) -> None:
    run(world, code=0)
    quiet = run(world, code=0)
    assert (quiet.writes, waiting(world)) == ((), [])
    assert mailed(world) == expected
    assert {state for state, _ in said(world)} == {"done"}


def test_an_approval_that_comes_while_a_round_reads_is_carried_out_by_that_or_the_next(shared: World) -> None:
    checksum = waits(shared)
    ran = while_it_runs(shared, "GET", "/events", lambda: approve_meanwhile(shared, checksum))
    assert ran.code in {0, 3}
    assert_all_is_done(shared, {("invitation", one): 1 for one in SIX})


def two_courses(**changes: JsonObject) -> JsonObject:
    """`et` and `andet`, as they were or changed."""
    days = {"et": "2025-06-18", "andet": "2025-06-19"}
    courses = (make_course(name, make_session(day=day), **changes.get(name, {})) for name, day in days.items())
    return make_plan(*courses, audiences=people(*SIX))


@pytest.mark.crossed
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_approval_that_comes_while_another_is_carried_out_is_not_taken_for_it(shared: World, method: str) -> None:
    """One course's change goes while another course is approved, between two reads or two writes."""
    shared.write(two_courses())
    approve_all(shared)
    run(shared, code=0)
    shared.tenant.mail_log.clear()
    shared.write(two_courses(et={"title": "Et nyt navn"}, andet={"title": "Et andet navn"}))
    run(shared, code=3)
    checksums = {row["course"]: row["checksum"] for row in waiting(shared)}
    approve(shared, checksums["et"])
    while_it_runs(shared, method, "/events", lambda: approve_meanwhile(shared, checksums["andet"]))
    assert_all_is_done(shared, {("update", one): 2 for one in SIX})


def test_what_is_written_and_approved_of_a_course_while_its_change_is_carried_out_is_another_change(shared: World) -> None:
    """Its approval is not used up by the round that was under way, and the next one carries it out."""
    shared.write(two_courses())
    approve_all(shared)
    run(shared, code=0)
    shared.tenant.mail_log.clear()
    shared.write(two_courses(et={"title": "Et nyt navn"}))
    approve_all(shared)

    def another_one() -> None:
        shared.write(two_courses(et={"title": "Endnu et navn"}))
        approve_meanwhile(shared, shared.preview().json["checksum"])

    assert while_it_runs(shared, "PATCH", "/events", another_one).code == 0
    assert mailed(shared) == {("update", one): 1 for one in SIX}
    assert said(shared)[0][0] == "approved"
    assert run(shared, code=0).people_mailed == {("update", one): 1 for one in SIX}
    assert shared.event("et/dag").subject == "Endnu et navn"
    assert_all_is_done(shared, {("update", one): 2 for one in SIX})


def test_what_was_shown_before_another_approved_change_of_the_course_went_is_shown_anew(world: World) -> None:
    """It was approved as a change of what stood then: that is not what would happen now. Nothing of it goes until HR has seen it."""
    world.write(two_courses())
    approve_all(world)
    run(world, code=0)
    world.write(two_courses(et={"title": "Et nyt navn"}))
    approve_all(world)

    def another_one() -> None:
        world.write(two_courses(et={"title": "Endnu et navn"}))
        approve_meanwhile(world, world.preview().json["checksum"])

    assert while_it_runs(world, "GET", "/events", another_one).code == 0
    assert run(world, code=3).mails == ()
    (row,) = waiting(world)
    assert row["course"] == "et"
    approve(world, row["checksum"])
    assert run(world, code=0).people_mailed == {("update", one): 1 for one in SIX}
    assert {state for state, _ in said(world)} == {"done"}
