"""What HR and the DPO ask for by hand, and what goes by itself when its time is over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.books import stored
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

FORMER, STAYS = f"fratraadt.eksempel@{DOMAIN}", f"bliver.eksempel@{DOMAIN}"


def a_course_with_an_answer(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(FORMER, STAYS)))
    world.sync()
    world.answer("lederdag/dag", FORMER, "accept")
    assert world.run("responses").code == 0


def test_who_left_is_gone_a_year_after_the_course_and_the_counts_stand(world: World) -> None:
    """`run` lets go by itself; the second one finds nothing."""
    a_course_with_an_answer(world)
    world.move_clock("2025-06-19T08:00:00+02:00")
    world.write(make_plan(make_course(), audiences=people(STAYS)))
    assert world.run("run").code == 0
    world.move_clock("2026-06-17T09:00:00+02:00")
    assert world.run("run").code == 3, "a year without a round: is the clock right?"
    assert world.run("expire", "--yes", "--by", "Bente").code == 0
    assert FORMER.encode() in stored(world), "a year is not over"
    world.move_clock("2026-06-19T09:00:00+02:00")
    ran = world.run("run")
    assert ran.code == 0
    assert "Gamle oplysninger er ryddet op: 2 pladser" in ran.out
    assert FORMER.encode() not in stored(world)
    assert "ryddet op" not in world.run("run").out
    rows = json.loads(world.run("registrations", "--format", "json").out)
    assert [row["status"] for row in rows] == ["invited", "registered"] or [row["status"] for row in rows] == ["registered", "invited"]


def test_somebody_gets_all_that_is_held_about_them_and_nothing_about_others(world: World) -> None:
    """As text to read and as JSON to hand over."""
    a_course_with_an_answer(world)
    found = world.run("person", FORMER.upper(), "--format", "json")
    assert (found.code, found.writes, found.requests) == (0, (), ())
    assert found.json["addresses"] == [FORMER]
    assert found.json["tables"].keys() >= {"people", "audience_members", "ledger", "answers", "registrations"}
    assert STAYS not in found.out
    shown = world.run("person", FORMER).out
    assert "Svar på invitationer (1)" in shown
    assert "Svarede »Ja« (Outlook)" in shown
    for inside in ("accepted", "desired_fields", "responded_at", "{", "T12:00"):
        assert inside not in shown
    nobody = world.run("person", f"ukendt@{DOMAIN}")
    assert (nobody.code, nobody.out) == (0, "Databasen ved intet om den adresse.\n")
