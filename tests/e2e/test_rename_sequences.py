"""Names that change again and again, played end to end: nobody is mailed for a name, and whatever else was written waits as it did."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.e2e.approval import SIX, approve, approve_all, run, waiting
from tests.e2e.as_it_was import played_once
from tests.e2e.chance import seeds
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.approval import JsonObject
    from tests.e2e.driver import World

pytestmark = pytest.mark.usefixtures("every_change_waits")
NAMES = ("a", "b", "c", "d")
ANNA, BO, CARL, *_ = SIX
THINGS = {"Ledelse": "2025-06-18", "Budget": "2025-06-19", "Trivsel": "2025-06-20"}


class Plan:
    """Courses by their titles, which stay; each with a name and the one it had before, and so its offering and its session."""

    def __init__(self) -> None:
        self.names = {"Ledelse": ("a", "hold", "dag"), "Budget": ("b", "hold", "dag")}
        self.was: dict[str, tuple[str, str, str]] = {}
        self.followed = {**self.names}
        self.starts: dict[str, str] = {}

    def rename(self, title: str, *names: str) -> None:
        self.was[title], (course, offering, session) = self.names[title], (*names, *self.names[title][len(names) :])
        self.names[title] = course, offering, session

    def document(self) -> JsonObject:
        return make_plan(*map(self.course, self.names), audiences=people(*SIX))

    def course(self, title: str) -> JsonObject:
        (name, offering, session), before = self.names[title], self.was.get(title, (None, None, None))
        old = [one if one != now else None for one, now in zip(before, self.names[title], strict=True)]
        dated = make_session(session, day=THINGS[title], start=self.starts.get(title, "09:00"), was=old[2])
        hold = {"id": offering, "sessions": [dated]} | ({"was": old[1]} if old[1] else {})
        return make_course(name, title=title, was=old[0], offerings=[hold])

    def key(self, title: str) -> str:
        return "/".join(self.names[title])


@pytest.fixture
def plan(world: World) -> Plan:
    """Approved, invited and answered: Anna comes to both, Bo to none of them."""
    answered(world)
    return Plan()


@played_once
def answered(world: World) -> None:
    plan = Plan()
    world.write(plan.document())
    approve_all(world)
    run(world, code=0)
    for title in plan.names:
        world.answer(plan.key(title), ANNA, "accept")
        world.answer(plan.key(title), BO, "decline")
    run(world, code=0)


def events(world: World) -> dict[str, set[str]]:
    return {event.immutable_id: {one.address.lower() for one in event.attendees} for found in world.events.values() for event in found}


def standings(world: World, names: dict[str, tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Where everybody stands, by title."""
    titles = {where[:2]: title for title, where in names.items()}
    rows = world.run("registrations", "--format", "json").json
    return {(titles[row["course"], row["offering"]], row["email"], row["status"]) for row in rows}


def follow(world: World, plan: Plan, *, code: int = 0) -> None:
    """A round with today's names, and nothing else of it."""
    before = events(world), standings(world, plan.followed)
    world.write(plan.document())
    assert run(world, code=code).mails == ()
    assert (events(world), standings(world, plan.names)) == before
    plan.followed = {**plan.names}
    assert world.events.keys() == {f"demo/{plan.key(title)}" for title in plan.names}


@pytest.mark.parametrize("seed", seeds(many=20))
def test_whatever_the_names_become_nobody_is_mailed_and_everybodys_word_stands(world: World, plan: Plan, seed: int) -> None:
    """Chains over rounds, names that others had before, and in the end something new under a name that is free."""
    chance = Random(seed)  # noqa: S311 - chance that can be repeated
    for _ in range(4):
        for title, other in (("Ledelse", "Budget"), ("Budget", "Ledelse")):
            plan.was.pop(title, None)
            taken = {plan.names[other][0], *plan.was.get(other, ())[:1]}
            if chance.random() < 0.8:
                plan.rename(title, chance.choice([one for one in NAMES if one not in taken]), *chance.sample(NAMES, 2))
            if plan.was.get(other, ("",))[0] == plan.names[title][0]:
                plan.was.pop(other)
        follow(world, plan)
    world.answer(plan.key("Ledelse"), CARL, "accept")
    run(world, code=0)
    assert {(title, who) for title, who, status in standings(world, plan.names) if status == "registered"} == {
        ("Ledelse", ANNA), ("Budget", ANNA), ("Ledelse", CARL),
    }  # fmt: skip
    used = {names[0] for names in plan.names.values()} | {names[0] for names in plan.was.values()}
    plan.names["Trivsel"] = next(one for one in NAMES if one not in used), "hold", "dag"
    world.write(plan.document())
    approve_all(world)
    assert run(world, code=0).people_mailed == {("invitation", one): 1 for one in SIX}
    assert {who for title, who, status in standings(world, plan.names) if title == "Trivsel" and status != "invited"} == set()


def test_two_swap_their_names_by_way_of_a_third(world: World, plan: Plan) -> None:
    """At once the format refuses it, and nothing is done."""
    plan.rename("Ledelse", "b")
    plan.rename("Budget", "a")
    world.write(plan.document())
    refused = world.run("run")
    assert (refused.code, refused.requests) == (2, ())
    plan.names, plan.was = {**plan.followed}, {}
    world.write(plan.document())
    for title, name in (("Ledelse", "c"), ("Budget", "a"), ("Ledelse", "b")):
        plan.was = {}
        plan.rename(title, name)
        follow(world, plan)


def test_a_name_that_no_round_ever_saw_is_a_changed_id_that_waits(world: World, plan: Plan) -> None:
    """What was `a` was called `c` in between, while the service was down: the plan has to say what the books know."""
    plan.rename("Ledelse", "c")
    plan.rename("Ledelse", "d")
    world.write(plan.document())
    assert run(world, code=3).mails == ()
    assert {reason for row in waiting(world) for reason in row["reasons"]} >= {"id"}
    plan.was["Ledelse"] = ("a", "hold", "dag")
    follow(world, plan)


@pytest.mark.parametrize("when", ["at once", "while it waits", "when it is approved", "when it is rejected"])
def test_a_new_name_and_a_new_time_are_two_things(world: World, plan: Plan, when: str) -> None:
    """The name is followed at once, and mails nobody; the time waits for a person, under the name of today."""
    stands = events(world)
    plan.starts["Ledelse"] = "10:00"
    if when != "at once":
        world.write(plan.document())
        run(world, code=3)
        (row,) = waiting(world)
        if when == "when it is approved":
            approve(world, row["checksum"])
        elif when == "when it is rejected":
            assert world.run("reject", row["checksum"]).code == 0
    plan.rename("Ledelse", "c", "hold-1", "dag-1")
    follow(world, plan, code=3)
    assert [row["course"] for row in waiting(world)] == ["c"]
    assert world.event(plan.key("Ledelse")).start.wall.hour == 9
    approve_all(world)
    assert run(world, code=0).people_mailed == {("update", one): 1 for one in SIX}
    assert world.event(plan.key("Ledelse")).start.wall.hour == 10
    assert events(world) == stands
