"""A day of the service in which processes are killed by chance: afterwards everything happened, and happened once.

On PostgreSQL two `serve` and two `worker` share two plans. Who is killed comes back at a later hour, so that meanwhile the clocks of the
processes disagree by up to hours. On SQLite one `serve` does them, and somebody else keeps the database locked, now and then for longer
than it waits. With every run of the tests each process is killed once on PostgreSQL; in the long ones more are, on both, and many with
`HYPOTHESIS_PROFILE=nightly`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from jobs.registry import JOBS
from tests.bench.world import Sandbox
from tests.e2e.driver import NOW, wait_until
from tests.e2e.life import PLANS, TODAY_AT_WORK, Life
from tests.e2e.seats import WEB
from tests.e2e.service_driver import folder_of, shared_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

FEW = 4
MANY = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 12
LATENCY_MS = 25
PATIENCE_SECONDS = 240.0
"""Four processes with a short heartbeat on a busy machine: nothing here is measured, only waited for."""
OFTEN = {"sync_plan", "collect_responses", "send_reminders", "follow_decisions"}
QUICK = {job.upper(): "2s" if job in OFTEN else "3s" for job in JOBS}
"""Every job there is: the day ends when each of them went well twice, and would wait a minute for one that comes each minute."""
PROCESSES = {"postgresql": ("serve-1", "serve-2", "worker-1", "worker-2"), "sqlite": ("serve-1",)}
PLAYED = [("postgresql", FEW), *(pytest.param(kind, MANY, marks=pytest.mark.long) for kind in PROCESSES)]


@pytest.fixture
def town(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    world.plans = tuple(PLANS)
    world.settings |= WEB | {f"JOBS__{job}": cadence for job, cadence in QUICK.items()}
    world.settings |= {"PLAN": "", "PLANS": str(folder_of(world)), "WORKER__HEARTBEAT_SECONDS": "0.5"}
    # How much HR drops between two rounds is chance, and more the slower the machine is: no limit holds it here.
    world.settings |= {"SAFETY__MAX_CANCEL_SHARE": "1", "SAFETY__MAX_REMOVE_SHARE": "1", "SAFETY__MAX_CANCELLED_PEOPLE": "1000"}
    world.settings |= {"LOG__LEVEL": "info"}
    if request.param == "sqlite":
        world.settings["DATABASE_URL"] = f"sqlite:///{world.database_file}?timeout=0.3"
        yield world
        return
    with shared_database(world, request.getfixturevalue("server")):
        yield world


@pytest.mark.parametrize(("town", "kills"), PLAYED, indirect=["town"])
@pytest.mark.parametrize("seed", [int(os.environ.get("KILLS_SEED", "1"))])
def test_a_day_of_kills_and_everything_happened_once(town: World, seed: int, kills: int) -> None:
    names = PROCESSES["postgresql" if is_shared(town) else "sqlite"]
    with closing(Sandbox(town.base_url)) as tenant:
        life = Life(town, tenant, seed)
        live_through(life, names, kills)
    town.tenant.settings.latency_ms = 0
    assert [*not_as_planned(town, life)] == []
    assert [*mails_too_many(town)] == []
    assert [*left_undone(town)] == []


def live_through(life: Life, names: tuple[str, ...], kills: int) -> None:
    """The day, and then as long as it takes until every job of every plan went well, twice: what one round left, the next one does."""
    town = life.world
    town.tenant.settings.latency_ms = LATENCY_MS
    try:
        life.start(*names)
        # The day begins when today's invitations are out: what has begun before the first round could write is sent to nobody.
        wait_until(lambda: {f"{plan}/i-dag/main/dag" for plan in PLANS} <= town.events.keys(), seconds=PATIENCE_SECONDS)
        with nullcontext() if is_shared(town) else database_in_use(town):
            for number in range(1, kills + 1):
                life.start(*names)
                for act in life.chance.choices(life.acts, k=3):
                    act()
                time.sleep(life.chance.uniform(0.2, 3.2 / len(names) + 0.8))
                life.kill(names[number % len(names)])
                life.go_to(NOW + TODAY_AT_WORK * number / kills)
        life.start(*names)
        wait_until(life.is_up, seconds=PATIENCE_SECONDS)
        assert set(life.stop().values()) == {0}
        life.all_want_a_seat()
        life.start(*names)
        for _ in range(2):
            until_all_went_well(town)
    finally:
        codes = life.stop()
    assert codes == dict.fromkeys(names, 0)


def until_all_went_well(town: World) -> None:
    """Every job of every plan began after now, and went well; says how those that did not ended."""
    began, owed = datetime.now(UTC), {(plan, job) for plan in PLANS for job in JOBS}
    try:
        wait_until(lambda: ran_since(town, began) == owed, seconds=PATIENCE_SECONDS)
    except AssertionError:
        ended = asked(town, "SELECT plan, job, outcome, error, detail FROM job_runs ORDER BY started_at")
        late = owed - ran_since(town, began)
        raise AssertionError([*{(plan, job): row for plan, job, *row in ended if (plan, job) in late}.items()]) from None


@contextmanager
def database_in_use(world: World) -> Iterator[None]:
    """Somebody else writes most of the time, too long for who waits 0.3 seconds every other time."""
    over, chance = threading.Event(), Random(1)  # noqa: S311 - chance that can be repeated

    def write() -> None:
        with closing(sqlite3.connect(world.database_file, timeout=60, isolation_level=None)) as connection:
            while not over.wait(chance.uniform(0.05, 0.5)):
                connection.execute("BEGIN IMMEDIATE")
                over.wait(chance.uniform(0.1, 0.6))
                connection.execute("ROLLBACK")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def is_shared(world: World) -> bool:
    return world.settings["DATABASE_URL"].startswith("postgresql")


def ran_since(world: World, began: datetime) -> set[tuple[str, str]]:
    """The jobs that began, and went well, after that."""
    time.sleep(0.5)
    runs = asked(world, "SELECT plan, job, started_at FROM job_runs WHERE outcome = 'done'")
    return {(str(plan), str(job)) for plan, job, at in runs if datetime.fromisoformat(str(at)).replace(tzinfo=UTC) > began}


def not_as_planned(world: World, life: Life) -> Iterator[str]:
    """One event for each session that is approved, as the plan says it now, with everybody who is to be on it."""
    wanted = {f"{plan}/{course['id']}/main/dag": course for plan, courses in life.courses.items() for course in courses if is_on(course)}
    for key in wanted.keys() ^ world.events.keys():
        yield f"{key} {'is missing' if key in wanted else 'is not planned'}"
    for key, course in wanted.items():
        events = world.events.get(key, [])
        if len(events) != 1:
            yield f"{key} has {len(events)} events"
        for event in events:
            on_it = {one.address.lower() for one in event.attendees}
            if event.subject != course["title"]:
                yield f"{key} is called {event.subject}, not {course['title']}"
            # What has begun is left as it is.
            if "enrolment" not in course and event.start.utc > world.now and on_it != life.leaders:
                yield f"{key}: {sorted(on_it ^ life.leaders)}"


def is_on(course: dict[str, Any]) -> bool:
    return bool(course["status"] == "approved")


def mails_too_many(world: World) -> Iterator[str]:
    """Each mail about an event tells its reader something new, and the last one how it is now; each message comes once."""
    told: dict[tuple[str | None, str], str] = {}
    messages: Counter[tuple[str, str, str]] = Counter()
    for mail in world.tenant.mail_log.to_people():
        about = (mail.event, mail.to)
        match mail.kind.value, told.get(about):
            case "message", _:
                messages[mail.sender, mail.to, mail.subject] += 1
            case "cancellation", str():
                del told[about]
            case ("invitation", None) | ("update", str()) if told.get(about) != mail.subject:
                told[about] = mail.subject
            case kind, before:
                yield f"{kind} »{mail.subject}« to {mail.to}, who had been told of {before}"
    live = [event for events in world.events.values() for event in events]
    true = {(event.immutable_id, one.address): event.subject for event in live for one in event.attendees}
    yield from (f"{about} was told {told.get(about)}, and it is {true.get(about)}" for about, _ in told.items() ^ true.items())
    yield from (f"{count} × {message}" for message, count in messages.items() if count > 1)


def left_undone(world: World) -> Iterator[str]:
    """Nothing due waits, nothing failed; another round finds nothing to do; nobody has an order in hand."""
    # Time goes in leaps: what began today may have begun before anybody could be reminded of it.
    rows = asked(world, "SELECT kind, state FROM messages WHERE NOT (course = 'i-dag' AND error = 'too_late')")
    states = Counter((str(kind), str(state)) for kind, state in rows)
    yield from (f"{count} {kind} {state}" for (kind, state), count in states.items() if state not in {"sent", "skipped"})
    # The thanks come alone or in one mail with tomorrow's reminder, as the rounds happen to fall.
    if not any({reminder, "placed_in_line", "hr_report"} <= {kind for kind, _ in states} for reminder in ("digest", "follow_up")):
        yield f"a day without {states}"
    for plan in PLANS:
        for command in (("sync", "--yes"), ("responses",), ("send",)):
            ran = world.run("--plan", plan, *command)
            if ran.code or ran.writes or ran.mails:
                yield f"{command} of {plan}: {ran.code}, {len(ran.writes)} writes, {len(ran.mails)} mails, {ran.err[-500:]}"
    if is_shared(world):
        yield from (f"an order is {row}" for row in asked(world, "SELECT status::text FROM procrastinate_jobs WHERE status <> 'todo'"))


def asked(world: World, statement: str) -> list[tuple[object, ...]]:
    if is_shared(world):
        with psycopg.connect(world.settings["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload]  # a test's own statement
    with closing(sqlite3.connect(world.database_file, timeout=10)) as connection:
        return connection.execute(statement).fetchall()
