"""A power cut at any request, before its effect and after it: the next run leaves what an undisturbed one would have.

Each sync is killed as a process of its own, once for every request that it makes (`killing` says where not for every one). Then it is
run again, and everybody has got exactly the mails of the undisturbed sync: nobody two, nobody none, and one event a session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.as_it_was import AsItWas
from tests.e2e.cut_off import NOBODY_LISTENS, NOON, TO_ALL
from tests.e2e.driver import mail_of, new_world
from tests.e2e.killing import EACH, SWEPT, all_mails, killed_at, killed_at_each
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.rules import broken_rules

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.driver import World

ANNA, BO, CARL, DORTE = map(mail_of, ("anna", "bo", "carl", "dorte"))
STAFF = "ledere@norddjurs.example"
GRAPH_FAILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`before` is synced in peace and `then` happens, and the sync to `after` is killed; `placed` is never without a place."""

    before: dict[str, Any] | None
    after: dict[str, Any]
    live: dict[str, set[str]]
    mails: int
    then: Callable[[World], object] = lambda _world: None
    placed: str = ""


def a_seat_falls_free(world: World) -> None:
    """One seat: Anna has it, Bo waits and has been told, and then Anna declines."""
    for person, response in ((ANNA, "accept"), (BO, "accept"), (ANNA, "decline")):
        world.tenant.clock.advance(timedelta(minutes=1))
        world.now = world.tenant.clock.now()
        world.answer("kursus/a", person, response)
        if person == BO:
            world.run("responses")


def hr_moves_anna_while_outlook_is_away(world: World) -> None:
    """The books say so, and no calendar has heard of it yet."""
    world.answer("kursus/hold-1/a", ANNA, "accept")
    world.run("responses")
    assert world.run("move", "kursus", ANNA, "hold-2", GRAPH__BASE_URL=NOBODY_LISTENS, GRAPH__RETRY_BUDGET_SECONDS="0").code == GRAPH_FAILED


def group_plan(*courses: dict[str, Any], exclude: tuple[str, ...] = ()) -> dict[str, Any]:
    """The audience is a group, so that requests to the directory are among those to be killed at."""
    return make_plan(*courses, audiences={"ledere": {"groups": [STAFF], "exclude": list(exclude)}})


SESSIONS = [make_session("a"), make_session("b", "2025-06-19"), make_session("c", "2025-06-20")]
MOVED = [make_session("a", "2025-09-01"), make_session("b", "2025-06-19"), make_session("c", "2025-06-20")]
CHOICE = make_course(
    "kursus",
    offerings=[{"id": f"hold-{at}", "sessions": [session]} for at, session in enumerate(SESSIONS[:2], 1)],
    enrolment={"mode": "choose"},
)
SCENARIOS = {
    "first": Scenario(
        before=None,
        after=group_plan(make_course("kursus", *SESSIONS)),
        live={f"demo/kursus/main/{name}": {ANNA, BO, CARL, DORTE} for name in "abc"},
        mails=12,
    ),
    "online": Scenario(
        before=None,
        after=group_plan(make_course("kursus", SESSIONS[0], online=True)),
        live={"demo/kursus/main/a": {ANNA, BO, CARL, DORTE}},
        mails=4,
    ),
    "update": Scenario(
        before=group_plan(make_course("kursus", *SESSIONS), exclude=(DORTE,)),
        after=group_plan(make_course("kursus", *MOVED), exclude=(ANNA,)),
        live={f"demo/kursus/main/{name}": {BO, CARL, DORTE} for name in "abc"},
        mails=8,
    ),
    "cancel": Scenario(
        before=group_plan(make_course("kursus", *SESSIONS[:2]), make_course("andet", *SESSIONS[2:])),
        after=group_plan(make_course("kursus", *SESSIONS[:2], status="cancelled"), make_course("andet", *SESSIONS[2:])),
        live={"demo/andet/main/c": {ANNA, BO, CARL, DORTE}},
        mails=8,
    ),
    "promotion": Scenario(
        before=group_plan(make_course("kursus", SESSIONS[0], enrolment={"capacity": 1})),
        after=group_plan(make_course("kursus", SESSIONS[0], enrolment={"capacity": 1})),
        live={"demo/kursus/main/a": {ANNA, BO, CARL, DORTE}},
        mails=2,
        then=a_seat_falls_free,
    ),
    "swap": Scenario(
        before=group_plan(CHOICE),
        after=group_plan(CHOICE),
        live={"demo/kursus/hold-1/a": {BO, CARL, DORTE}, "demo/kursus/hold-2/b": {ANNA, BO, CARL, DORTE}},
        mails=3,
        then=hr_moves_anna_while_outlook_is_away,
        placed=ANNA,
    ),
}


def set_up(world: World, scenario: Scenario) -> None:
    """Up to where the scenario is about to happen."""
    world.tenant.directory.add_group("Ledere", STAFF)
    for address in (ANNA, BO, CARL, DORTE):
        world.tenant.directory.add_person(f"{address.split('@')[0].title()} Prøve", address, STAFF)
    if scenario.before is not None:
        world.write(scenario.before)
        world.sync()
    scenario.then(world)
    world.tenant.mail_log.clear()
    world.write(scenario.after)


def assert_as_undisturbed(world: World, scenario: Scenario, undisturbed: Counter[tuple[str, str, str]], where: str) -> None:
    got = all_mails(world)
    assert got == undisturbed, f"killed {where}: too many {got - undisturbed}, missing {undisturbed - got}"
    live = {stamp: [{one.address for one in event.attendees} for event in events] for stamp, events in world.events.items()}
    assert live == {stamp: [invited] for stamp, invited in scenario.live.items()}, f"killed {where}"
    assert world.preview().json["changes"] == [], f"killed {where}"
    assert broken_rules(world) == []


ALWAYS = {"first", "update"}
"""What is tried in every run of the tests; the others are long ones."""
PLAYED = [
    pytest.param(name, *each.values, id=f"{name}, {each.id}", marks=each.marks)
    for name in SCENARIOS
    for each in EACH
    if name in ALWAYS or each.marks
]


@pytest.mark.parametrize(("name", "each"), PLAYED)
def test_a_sync_that_is_killed_at_any_request_is_finished_by_the_next_one(tmp_path: Path, name: str, each: int) -> None:
    scenario = SCENARIOS[name]
    with new_world(tmp_path, leaders=0) as world:
        set_up(world, scenario)
        before = AsItWas(world)
        whole = world.sync()
        undisturbed = all_mails(world)
        assert sum(undisturbed.values()) == whole.json["mails"] == scenario.mails
        assert_as_undisturbed(world, scenario, undisturbed, "nowhere")
        for killed in killed_at_each(before, whole.requests, each):
            assert killed.method == whole.requests[killed.nth - 1].method
            placed = any(scenario.placed in {one.address for one in event.attendees} for (event,) in world.events.values())
            assert placed or not scenario.placed, f"{scenario.placed} is without a place, {killed}"
            world.sync()
            assert_as_undisturbed(world, scenario, undisturbed, str(killed))


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[World]:
    """One course of one session, about to be created for four people."""
    with new_world(tmp_path, leaders=0) as world:
        set_up(world, Scenario(before=None, after=group_plan(make_course("kursus", SESSIONS[0])), live={}, mails=4))
        yield world
        assert broken_rules(world) == []


def killed_at_first(world: World, method: str, when: str) -> None:
    for nth in range(1, 6):
        if killed_at(world, nth, when) == method:
            return
    pytest.fail(f"there was no {method}")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("then", ["cancelled", "moved", "database lost"])
def test_what_happens_between_a_kill_and_the_next_run_counts(begun: World, when: str, then: str) -> None:
    """HR changes its mind, or the database is lost as well, after a creation that did or did not happen."""
    killed_at_first(begun, "POST", when)
    match then:
        case "cancelled":
            begun.write(group_plan(make_course("kursus", SESSIONS[0], status="cancelled")))
        case "moved":
            begun.write(group_plan(make_course("kursus", make_session("a", "2025-09-01"))))
        case _:
            begun.lose_database()
    begun.sync()
    kinds = {
        ("cancelled", "before"): [],
        ("cancelled", "after"): ["invitation", "cancellation"],
        ("moved", "after"): ["invitation", "update"],
    }.get((then, when), ["invitation"])
    assert all_mails(begun) == {(kind, address, "demo/kursus/main/a"): 1 for kind in kinds for address in (ANNA, BO, CARL, DORTE)}
    assert len(begun.events) == (0 if then == "cancelled" else 1)
    assert begun.preview().json["changes"] == []


def test_a_creation_that_is_not_yet_shown_is_repeated_under_its_own_transaction_id(begun: World) -> None:
    """The event exists and no list shows it: Exchange knows the repeated one, because the id was in the books before."""
    begun.tenant.settings.replication_seconds = 3600
    killed_at_first(begun, "POST", "after")
    assert begun.sync().wire == [("POST", "events")]
    begun.event("kursus/a").visible_from = 0
    assert begun.sync().json["changes"] == []
    assert all_mails(begun) == {("invitation", address, "demo/kursus/main/a"): 1 for address in (ANNA, BO, CARL, DORTE)}


def test_a_joiner_who_leaves_again_between_a_kill_and_the_next_run_is_taken_off(begun: World) -> None:
    """The invitation went out and the books only say that it was about to: still ours to take back."""
    begun.write(group_plan(make_course("kursus", SESSIONS[0]), exclude=(DORTE,)))
    begun.sync()
    begun.write(group_plan(make_course("kursus", SESSIONS[0])))
    killed_at_first(begun, "PATCH", "after")
    assert DORTE in begun.invited("kursus/a")
    begun.tenant.directory.leave(STAFF, DORTE)
    assert begun.sync().people_mailed == {("cancellation", DORTE): 1}
    assert begun.sync().json["changes"] == []


REMINDED = make_plan(
    make_course("kursus", SESSIONS[0]),
    make_course("andet", SESSIONS[0]),
    audiences={"ledere": {"groups": [STAFF]}},
    reminders=[
        {"id": "i-morgen", "template": "tomorrow", **TO_ALL},
        {"id": "straks", "template": "practical", "urgent": True, **TO_ALL},
    ],
)


@SWEPT
def test_reminders_that_are_killed_at_any_request_are_sent_once(tmp_path: Path, each: int) -> None:
    """A digest and two urgent ones to each of four: whatever was begun is looked up, and what was not goes the next time."""
    with new_world(tmp_path, leaders=0) as world:
        set_up(world, Scenario(before=REMINDED, after=REMINDED, live={}, mails=0, then=lambda world: world.move_clock(NOON)))
        before = AsItWas(world)
        # Each of the first messages, step by step; the others go the same way.
        requests = world.run("send").requests[:6]
        undisturbed = all_mails(world)
        assert sum(undisturbed.values()) == 12
        for killed in killed_at_each(before, requests, each, "send"):
            world.run("send")
            world.run("send")
            assert all_mails(world) == undisturbed, killed
