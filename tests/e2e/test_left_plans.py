"""Plans that there is no file for any more: listed, closed, erased, and their data goes in time."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import ORGANISER
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

TABLES = """SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%"plan" %'"""
ANNA, BO = "anna@norddjurs.example", "bo@norddjurs.example"


def begin(world: World, identity: str, *sessions: dict[str, object]) -> None:
    world.plans = (*world.plans, identity)
    world.write(make_plan(make_course("lederdag", *sessions), id=identity, audiences=people(ANNA, BO)))
    world.sync()


def rows(world: World, plan: str) -> int:
    with sqlite3.connect(world.database_file) as database:
        tables = [name for (name,) in database.execute(TABLES) if name != "actions"]  # who did what with it stays
        return sum(database.execute(f"SELECT count(*) FROM {name} WHERE plan = ?", (plan,)).fetchone()[0] for name in tables)  # noqa: S608


@pytest.fixture
def left(world: World) -> World:
    """A plan whose file is another one's by now."""
    begin(world, "gammel")
    begin(world, "ny", make_session("dag", day="2025-09-01"))
    return world


def test_the_plans_of_the_books_are_listed_with_those_that_nobody_serves(left: World) -> None:
    """And nothing else: an access request is written down for no plan."""
    assert left.run("person", "anna@partner.example").code == 0
    listed = left.run("plan", "ids", "--format", "json").json
    assert [(one["plan"], one["served"], one["mailboxes"], one["events"], one["people"]) for one in listed] == [
        ("gammel", False, [ORGANISER], 1, 2), ("ny", True, [ORGANISER], 1, 2),
    ]  # fmt: skip
    assert all(one["last_run"] for one in listed)
    shown = left.run("plan", "ids").out
    assert f"gammel: ikke i brug: ingen planfil har dette id. Kursuspostkasse: {ORGANISER}." in shown


def test_a_backup_that_is_tried_elsewhere_tells_its_plans_without_a_plan_file_or_a_tenant(left: World) -> None:
    """Whether anybody serves them cannot be told there, and so nothing of them can be closed or erased."""
    elsewhere = {"PLAN": "", "GRAPH__BASE_URL": "", "GRAPH__CREDENTIAL": "", "GRAPH__STATIC_TOKEN": "", "NOW": ""}
    listed = left.run("plan", "ids", "--format", "json", **elsewhere)
    assert [(one["plan"], one["served"], one["people"]) for one in listed.json] == [("gammel", None, 2), ("ny", None, 2)]
    assert "ikke i brug" not in left.run("plan", "ids", **elsewhere).out
    assert left.run("plan", "erase", "gammel", "--yes", **elsewhere).code == 2


def test_what_is_ahead_of_a_plan_that_is_left_is_shown_then_cancelled_then_all_of_it_erased(left: World) -> None:
    shown = left.run("plan", "close", "gammel")
    assert (shown.code, shown.writes) == (3, ())
    assert "2 personer får en aflysning" in shown.out
    assert left.run("plan", "erase", "gammel", "--yes").code == 2
    closed = left.run("plan", "close", "gammel", "--yes")
    assert closed.people_mailed == {("cancellation", ANNA): 1, ("cancellation", BO): 1}
    assert set(left.events) == {"ny/lederdag/main/dag"}
    assert left.run("plan", "close", "gammel", "--yes").writes == ()
    assert (left.run("plan", "erase", "gammel").code, rows(left, "gammel") > 0) == (3, True)
    others = rows(left, "ny")
    assert left.run("plan", "erase", "gammel", "--yes").code == 0
    assert (rows(left, "gammel"), rows(left, "ny")) == (0, others)


@pytest.mark.parametrize("command", ["close", "erase"])
def test_what_is_in_use_or_unknown_is_left_alone(left: World, command: str) -> None:
    assert left.run("plan", command, "ny", "--yes").code == 2
    unknown = left.run("plan", command, "hvad", "--yes")
    assert (unknown.code, "gammel, ny" in unknown.err) == (2, True)
    left.plan_file.write_text("version: 1\n", encoding="utf-8")
    assert left.run("plan", command, "gammel", "--yes").code == 2
    assert len(left.events) == 2


def test_the_data_of_a_plan_that_is_left_goes_when_its_time_is_over(left: World) -> None:
    """As if it were served: two years and more after its last event."""
    left.move_clock("2028-10-01T12:00:00+02:00")
    left.run("run")
    with sqlite3.connect(left.database_file) as database:
        found = database.execute("SELECT count(*) FROM people WHERE plan = 'gammel'").fetchone()[0]
        named = database.execute("SELECT desired_attendees FROM ledger WHERE plan = 'gammel'").fetchall()
    assert (found, ANNA in str(named)) == (0, False)
