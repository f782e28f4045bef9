"""Groups looked up for who writes a plan: how often the directory is asked, and what its silence means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.plans.group_look import KEPT, GroupFact, GroupLook
from bot.desks.seen import KEPT_UNKNOWN
from bot.domain.errors import GraphRefused, InputError
from tests.builders.directories import StandInDirectory, reach_to

SECOND = timedelta(seconds=1)


@dataclass
class World:
    directory: StandInDirectory = field(default_factory=StandInDirectory)
    at: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __post_init__(self):
        self.look = GroupLook(reach_to(self.directory), lambda: self.at)


@pytest.fixture
def world():
    return World(StandInDirectory(groups={"skoler@by.example": ("Skolerne", 42), "tom@by.example": ("Ingen endnu", 0)}))


def test_a_group_is_counted_once_in_a_few_minutes_and_one_that_is_missing_too(world):
    asked = ["skoler@by.example", "tom@by.example", "ukendt@by.example"]
    told = {"skoler@by.example": GroupFact(members=42), "tom@by.example": GroupFact(members=0), "ukendt@by.example": GroupFact()}
    assert world.look.facts("by", asked) == told
    assert world.directory.asked == 3
    world.at += KEPT - SECOND
    assert world.look.facts("by", asked) == told
    assert world.directory.asked == 3
    world.at += SECOND
    world.look.facts("by", asked)
    assert world.directory.asked == 6


def test_another_plan_may_have_another_directory(world):
    world.look.facts("by", ["skoler@by.example"])
    world.look.facts("andet", ["skoler@by.example"])
    assert world.directory.asked == 2


def test_a_silent_directory_is_asked_once_for_all_and_soon_again(world):
    world.directory.is_silent = True
    facts = world.look.facts("by", ["skoler@by.example", "tom@by.example"])
    assert [one.error.code for one in facts.values()] == ["graph_unreachable"] * 2
    assert world.directory.asked == 1
    world.directory.is_silent = False
    world.at += KEPT_UNKNOWN
    assert world.look.facts("by", ["skoler@by.example"])["skoler@by.example"].members == 42


def test_what_is_wrong_with_one_group_says_nothing_of_the_others(world):
    world.directory.refused = GraphRefused("graph_group_ambiguous", group="to@by.example", count=2)
    facts = world.look.facts("by", ["to@by.example", "skoler@by.example"])
    assert facts["to@by.example"].error is world.directory.refused
    assert facts["skoler@by.example"].members == 42


def test_what_words_find_is_remembered_and_that_nobody_could_be_asked_for_less_long(world):
    assert [one.name for one in world.look.find("by", "sko").groups] == ["Skolerne"]
    world.look.find("by", "SKO")
    assert world.directory.asked == 1
    world.directory.is_silent = True
    assert world.look.find("by", "tom").error.code == "graph_unreachable"
    world.at += KEPT_UNKNOWN
    world.directory.is_silent = False
    assert [one.word for one in world.look.find("by", "tom").groups] == ["tom@by.example"]


def test_a_plan_that_is_gone_is_an_answer_and_no_fault():
    def gone(_plan, _ask):
        raise InputError("plan_unknown", plan="by", known="–")

    look = GroupLook(gone, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    assert look.find("by", "sko").error.code == look.facts("by", ["a@by.example"])["a@by.example"].error.code == "plan_unknown"
