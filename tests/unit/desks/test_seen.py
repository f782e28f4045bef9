"""Which plans somebody may see where the directory has to be asked: how often, and what silence means."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.desks.seen import SeenPlans
from bot.domain.errors import GraphError, GraphGone
from bot.domain.named import Named
from bot.domain.people import Person
from bot.domain.sign_in import Role, Visitor

HR, READER = frozenset({Role.HR}), frozenset({Role.READER})
ANNA = Visitor(subject="a-1", email="anna@by.example", name="Anna", roles=HR, proved_at=None)
TEAM = "hr@by.example"


@dataclass
class Directory:
    groups: dict[str, tuple] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    is_silent: bool = False
    asked: int = 0

    async def find_person(self, address):
        self._ask()
        return self.people.get(address)

    async def fetch_members(self, group):
        self._ask()
        if group not in self.groups:
            raise GraphGone("graph_group_unknown", group=group, detail="")
        return self.groups[group]

    def _ask(self):
        self.asked += 1
        if self.is_silent:
            raise GraphError("graph_unreachable", call="", detail="")


@dataclass
class World:
    directory: Directory = field(default_factory=Directory)
    plans: dict[str, Named] = field(default_factory=dict)
    at: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __post_init__(self):
        desks = {plan: SimpleNamespace(named=named) for plan, named in self.plans.items()}
        self.seen = SeenPlans(desks, self.reach, lambda: self.at)

    def reach(self, plan, ask):
        work = SimpleNamespace(tenant=SimpleNamespace(directory=self.directory), written=SimpleNamespace(id=plan))
        return asyncio.run(ask(work))


def named(*entries, readers=()):
    return Named(hr=frozenset(entries), readers=frozenset(readers))


def test_a_plan_without_names_is_seen_by_whoever_has_a_role_and_nobody_is_asked():
    """In the order of the plans."""
    world = World(plans={"b": Named(), "a": Named()})
    assert [*world.seen.of(ANNA).roles.items()] == [("b", HR), ("a", HR)]
    assert world.directory.asked == 0


def test_a_plan_of_others_is_not_there():
    """And it is no uncertainty either."""
    world = World(plans={"a": named(TEAM), "b": Named()})
    assert (dict(world.seen.of(ANNA).roles), world.seen.of(ANNA).is_unsure) == ({"b": HR}, False)


@pytest.mark.parametrize(
    "directory",
    [
        Directory(groups={TEAM: (Person(email="anna@by.example", directory_id="A-1"), "Uden Adresse")}),
        Directory(people={TEAM: Person(email=TEAM, directory_id="a-1")}),
    ],
)
def test_the_directory_says_who_is_behind_an_address(directory):
    """A person's, or a group's."""
    assert dict(World(directory=directory, plans={"a": named(TEAM)}).seen.of(ANNA).roles) == {"a": HR}


def test_who_is_in_readers_only_reads():
    """Also HR of another department."""
    world = World(
        directory=Directory(groups={TEAM: (Person(email="anna@by.example", directory_id="a-1"),)}),
        plans={"a": named("x@by.example", readers=[TEAM])},
    )
    assert dict(world.seen.of(ANNA).roles) == {"a": READER}


def test_the_directory_is_asked_once_in_ten_minutes_for_everybody_together():
    """A page is opened more often than a group changes."""
    world = World(plans={"a": named(TEAM)})
    for subject in ("a-1", "b-2", "a-1"):
        assert dict(world.seen.of(replace(ANNA, subject=subject)).roles) == {}
    asked = world.directory.asked
    world.at += timedelta(minutes=11)
    world.directory.groups[TEAM] = (Person(email="anna@by.example", directory_id="a-1"),)
    assert dict(world.seen.of(ANNA).roles) == {"a": HR}
    assert world.directory.asked == 2 * asked


def test_while_the_directory_is_silent_nobody_sees_the_plan_and_that_is_said():
    """Asked again after half a minute, and not with each page."""
    world = World(plans={"a": named(TEAM), "b": Named()})
    world.directory.is_silent = True
    for _ in range(3):
        seen = world.seen.of(ANNA)
        assert (dict(seen.roles), seen.is_unsure) == ({"b": HR}, True)
    assert world.directory.asked == 1
    world.directory.is_silent = False
    world.directory.groups[TEAM] = (Person(email="anna@by.example", directory_id="a-1"),)
    world.at += timedelta(seconds=31)
    assert dict(world.seen.of(ANNA).roles) == {"a": HR, "b": HR}


def test_no_answer_in_time_is_silence_too():
    """The page says so; the next one asks again."""
    world = World(plans={"a": named(TEAM)})

    def late(_plan, _ask):
        raise GraphError("graph_unreachable", call="", detail="timeout")

    world.seen.reach = late
    assert world.seen.of(ANNA).is_unsure


def test_what_is_named_now_counts_now():
    """The settings of a plan are read when they change."""
    world = World(plans={"a": named(TEAM)})
    world.seen.of(ANNA)
    world.seen.desks["a"].named = named("x@by.example")
    world.directory.people["x@by.example"] = Person(email="x@by.example", directory_id="a-1")
    assert dict(world.seen.of(ANNA).roles) == {"a": HR}


def test_who_has_no_role_gets_none_by_being_named():
    """And nobody is asked for them."""
    world = World(plans={"a": named(TEAM)})
    assert (dict(world.seen.of(replace(ANNA, roles=frozenset())).roles), world.directory.asked) == ({}, 0)


def test_a_plan_that_goes_meanwhile_is_left_out():
    """A file may be moved between the list and the look; without any plan nothing is narrowed."""

    class Going(dict):
        def get(self, _plan, default=None):
            return default

    world = World(plans={"a": Named()})
    world.seen.desks = Going(world.seen.desks)
    assert world.seen.of(ANNA).is_bare
