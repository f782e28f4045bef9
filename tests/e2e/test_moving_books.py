"""`db move`: a municipality that began on SQLite goes on with PostgreSQL, and nobody in it notices."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.databases import new_postgres_database
from tests.e2e.driver import wait_until
from tests.e2e.plans import make_course, make_plan, some_courses
from tests.e2e.program import start_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World


@pytest.fixture
def elsewhere(server: str) -> Iterator[str]:
    with new_postgres_database(server) as address:
        yield address


def lived_in(world: World) -> World:
    """Invitations, an answer, a seat that HR gave, and something that waits for approval."""
    world.write(make_plan(make_course("lederdag", enrolment={"capacity": 3}), *some_courses(2)))
    world.sync()
    person = min(world.invited("lederdag/main/dag"))
    world.answer("lederdag/main/dag", person, "accept")
    assert world.run("run").code == 0
    return world


def test_after_the_move_nothing_is_sent_and_everybody_sits_where_they_sat(world: World, elsewhere: str) -> None:
    """And back again."""
    lived_in(world)
    before = world.registrations()
    moved = world.run("--lang", "en", "db", "move", elsewhere)
    assert (moved.code, "they are the same" in moved.out, moved.wire) == (0, True, [])
    world.settings["DATABASE_URL"] = elsewhere
    assert world.preview().changes == []
    after = world.sync()
    assert (after.changes, after.mails, after.writes) == ([], (), ())
    assert world.run("run").mails == ()
    assert world.registrations() == before
    back = f"sqlite:///{world.folder / 'back.db'}"
    assert world.run("db", "move", back).code == 0
    world.settings["DATABASE_URL"] = back
    assert (world.sync().mails, world.registrations()) == ((), before)


def test_the_address_may_come_where_nobody_sees_it(world: World, elsewhere: str) -> None:
    """With its password in it; what is told has none."""
    lived_in(world)
    address = f"{elsewhere.replace('postgres:@', 'postgres:hemmeligt@')}\n"
    with tempfile.TemporaryFile() as typed:
        typed.write(address.encode())
        typed.seek(0)
        moved = world.finish(start_program(("db", "move", "-"), environment=world.environment(), folder=world.folder, given=typed))
    assert (moved.code, "hemmeligt" in address, "hemmeligt" in moved.out + moved.err) == (0, True, False)
    assert world.run("db", "move", "-").code == 2, "nothing was typed"


def test_while_the_service_runs_nothing_is_moved(world: World, elsewhere: str) -> None:
    """It may rest between two rounds; it would go on in the old books."""
    lived_in(world)
    service = world.start("serve", WEB__PORT="0")
    try:
        wait_until(world.database_file.with_name("kursusbot.db-shm").exists)
        refused = world.run("--lang", "en", "db", "move", elsewhere)
        assert (refused.code, "Stop the service" in refused.err) == (5, True)
    finally:
        service.terminate()
        world.finish(service)
    assert world.run("db", "move", elsewhere).code == 0
    again = world.run("--lang", "en", "db", "move", elsewhere)
    assert (again.code, "is not empty" in again.err) == (2, True)
