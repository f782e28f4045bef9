"""Many processes on one PostgreSQL database: a killed one's work is taken over, a restarted server is survived, everything happens once."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import Counter
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.domain.errors import DatabaseFailed
from jobs.queue import Order
from jobs.registry import JOBS
from tests.databases import new_postgres_database, restart_server, server_or_skip
from tests.e2e.driver import wait_until
from tests.e2e.plans import make_course, make_plan, people, some_courses
from tests.e2e.program import start_program
from tests.e2e.seats import EVERYBODY, WEB
from tests.e2e.service_driver import at_work, clock_of_service, folder_of, order, outcomes, settings_for, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.mail_log import Mail
    from jobs.on_postgresql import SharedQueue
    from jobs.service import Service
    from tests.e2e.driver import World
    from tests.e2e.program import Program

HOLDER = """
SELECT activity.application_name FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
WHERE locks.locktype = 'advisory' AND locks.granted AND activity.datname = current_database()
"""

STARTING_SECONDS = 300.0
"""Four processes begin on a machine that may be busy; nobody waits so long where it works."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Of this file alone, because it is restarted."""
    yield from server_or_skip()


@pytest.fixture
def town(world: World, server: str) -> Iterator[World]:
    with new_postgres_database(server) as address:
        world.settings |= {"DATABASE_URL": address, "WEB__PORT": "0", "WORKER__HEARTBEAT_SECONDS": "3"}
        assert world.run("db", "upgrade").code == 0
        yield world


def asked(world: World, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(world.settings["DATABASE_URL"], autocommit=True) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload]  # a test's own statement


def told(world: World) -> list[Mail]:
    return [mail for mail in world.tenant.mail_log.to_people() if mail.kind.value == "message"]


def started(world: World, name: str, command: str) -> Program:
    """A process that the server knows by name."""
    environment = world.environment() | {"PGAPPNAME": name}
    with (world.folder / f"{name}.log").open("wb") as log:
        return start_program([command], environment=environment, folder=world.folder, out=log, err=log)


def test_two_serves_and_two_workers_of_which_one_is_killed_do_everything_once(town: World) -> None:
    """Whoever is at work is killed in the middle of a sync; the others finish it."""
    quick = {"JOBS__SYNC_PLAN": "2s", "JOBS__FOLLOW_DECISIONS": "1s", "JOBS__COLLECT_RESPONSES": "1s", "JOBS__HR_REPORT": "off"}
    town.settings |= WEB | quick
    signup = make_course("tilmelding", enrolment={"mode": "signup", "capacity": 2, "deadline": "2025-06-01T12:00"}, audience="partnere")
    plan = make_plan(*some_courses(6), signup)
    plan["audiences"] |= {"partnere": people(*EVERYBODY)["ledere"]}
    town.write(plan)
    town.tenant.settings.latency_ms = 40
    processes = {name: started(town, name, name.partition("-")[0]) for name in ("serve-1", "serve-2", "worker-1", "worker-2")}
    try:
        wait_until(lambda: sum(entry.method == "POST" for entry in town.tenant.journal.entries) >= 2, seconds=STARTING_SECONDS)
        (victim,) = {str(row[0]) for row in asked(town, HOLDER)}
        os.kill(processes[victim].pid, signal.SIGKILL)
        processes.pop(victim).wait()
        town.tenant.settings.latency_ms = 0
        done = "SELECT count(*) FROM job_runs WHERE outcome = 'done' AND job IN ('sync_plan', 'follow_decisions')"
        wait_until(
            lambda: len(town.events) == 7 and len(told(town)) == len(EVERYBODY) and int(str(asked(town, done)[0][0])) >= 6,
            seconds=STARTING_SECONDS,
        )
    finally:
        for process in processes.values():
            process.terminate()
        codes = {name: process.wait(STARTING_SECONDS) for name, process in processes.items()}
    assert codes == dict.fromkeys(processes, 0)
    assert [len(found) for found in town.events.values()] == [1] * 7
    mails = Counter((mail.kind.value, mail.to, mail.subject) for mail in town.tenant.mail_log.to_people())
    assert set(mails.values()) == {1}
    assert Counter(kind for kind, _, _ in mails) == {"invitation": 6 * 23, "message": len(EVERYBODY)}
    assert asked(town, "SELECT * FROM procrastinate_jobs WHERE status NOT IN ('todo')") == []
    assert town.sync().json["changes"] == []


def test_a_worker_whose_port_is_taken_names_its_own_setting(town: World) -> None:
    """It has no pages, so another port of theirs would mend nothing."""
    town.write(make_plan(make_course()))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = town.run("worker", WORKER__METRICS_PORT=str(taken.getsockname()[1]))
    assert ran.code == 2
    assert "KURSUSBOT_WORKER__METRICS_PORT" in ran.err
    assert "KURSUSBOT_WEB__PORT" not in ran.err


def test_what_nobody_has_in_hand_is_taken_over_and_what_nobody_serves_is_dropped(town: World) -> None:
    """A worker that vanished, an end that could not be noted, and an order that waited for an hour."""
    town.write(make_plan(make_course()))

    async def scene() -> None:
        async with at_work(settings_for(town, worker={"heartbeat_seconds": 60})) as service:
            queue: SharedQueue = service.queue  # type: ignore[assignment]  # the database decides
            await queue.put(order("sync_plan", plan="by-uden-service"))
            await queue.put(order("send_reminders", plan="by-uden-service"))
            orders = "UPDATE procrastinate_jobs SET"
            asked_and_done(town, f"{orders} status = 'doing' WHERE queueing_lock = 'by-uden-service/sync_plan'")
            assert await queue.take_over() == 1
            assert await queue.take_over() == 0
            # Its like waits already.
            asked_and_done(town, f"{orders} status = 'doing' WHERE queueing_lock = 'by-uden-service/sync_plan'")
            await queue.put(order("sync_plan", plan="by-uden-service"))
            assert await queue.take_over() == 1
            assert await queue.clear() == 0
            old = "jsonb_set(args, '{put_at}', '\"2020-01-01T00:00:00+00:00\"')"
            asked_and_done(town, f"{orders} args = {old} WHERE queueing_lock = 'by-uden-service/send_reminders'")
            assert await queue.clear() == 1
            assert asked(town, "SELECT queueing_lock, status::text FROM procrastinate_jobs") == [("by-uden-service/sync_plan", "todo")]

    asyncio.run(scene())


def test_a_process_that_a_round_kept_busy_does_not_strike_off_itself(town: World) -> None:
    """Its heartbeat waited for the same loop; others are struck off as before."""
    town.write(make_plan(make_course()))

    async def scene() -> None:
        async with at_work(settings_for(town, worker={"heartbeat_seconds": 60})) as service:
            queue: SharedQueue = service.queue  # type: ignore[assignment]  # the database decides
            await until(lambda: queue.worker_id is not None)
            asked_and_done(town, "INSERT INTO procrastinate_workers DEFAULT VALUES")
            asked_and_done(town, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            await queue.take_over()
            assert asked(town, "SELECT id FROM procrastinate_workers") == [(queue.worker_id,)]
            await queue.put(order("sync_plan"))
            await until(lambda: outcomes(service).get(("demo", "sync_plan")) == "done")

    asyncio.run(scene())


def test_a_process_that_others_took_for_dead_begins_anew(town: World, capfd: pytest.CaptureFixture[str]) -> None:
    town.write(make_plan(make_course()))

    async def scene() -> None:
        async with at_work(settings_for(town, worker={"heartbeat_seconds": 60})) as service:
            queue: SharedQueue = service.queue  # type: ignore[assignment]  # the database decides
            await until(lambda: queue.worker_id is not None)
            before = queue.worker_id
            asked_and_done(town, "DELETE FROM procrastinate_workers")
            await queue.put(order("sync_plan"))
            await until(lambda: outcomes(service).get(("demo", "sync_plan")) == "done")
            assert queue.worker_id != before

    asyncio.run(scene())
    assert "queue.struck_off" in "".join(capfd.readouterr())


def asked_and_done(world: World, statement: str) -> None:
    with psycopg.connect(world.settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # a test's own statement


def test_an_end_that_could_not_be_noted_is_noticed_by_its_own_process(town: World) -> None:
    """Otherwise the mailbox would be taken for as long as the process lives."""
    town.write(make_plan(make_course()))

    async def scene() -> None:
        async with at_work(settings_for(town)) as service:
            queue: SharedQueue = service.queue  # type: ignore[assignment]  # the database decides
            await until(lambda: queue.worker_id is not None)
            astray = order("sync_plan", plan="anden-by")
            await queue.put(astray)
            asked_and_done(town, f"UPDATE procrastinate_jobs SET status = 'doing', worker_id = {queue.worker_id}")  # noqa: S608 - a number
            waiting = "SELECT 1 FROM procrastinate_jobs WHERE status = 'todo'"
            await until(lambda: asked(town, waiting), seconds=10)

    asyncio.run(scene())


def test_a_plan_whose_file_has_a_long_name_is_told_of_as_any_other(town: World) -> None:
    """PostgreSQL's names are short, and a file's need not be, nor plain."""
    name = "Lederudvikling for alle ledere på ældreområdet i hele kommunen, 2025 og 2026.yaml"
    (folder_of(town) / name).write_text("version: 1\n", "utf-8")

    async def scene() -> None:
        async with at_work(settings_for(town, plans=str(folder_of(town)))) as service:
            await service.queue.put(order("sync_plan", plan=name))
            await until(lambda: outcomes(service).get((name, "sync_plan")) == "failed", seconds=20)

    asyncio.run(scene())


def test_one_works_in_a_mailbox_whatever_the_plan(town: World) -> None:
    """Two plans of one organiser, two hands: the second waits for the first."""
    town.write(make_plan(make_course()))
    slow = town.tenant.faults.add(method="GET", path="/events", delay_ms=700)

    async def scene() -> None:
        async with at_work(settings_for(town)) as service:
            await service.queue.put(order("sync_plan", mailbox="hr"))
            await until(lambda: slow.acted)
            await service.queue.put(Order(plan="demo", job="collect_responses", mailbox="hr"))
            await until(lambda: outcomes(service).keys() == {("demo", "sync_plan"), ("demo", "collect_responses")})
            first, second = (service.stores.job_runs.load_latest(1)["demo", job][0] for job in ("sync_plan", "collect_responses"))
            assert second.started_at >= first.finished_at

    asyncio.run(scene())


def test_a_restart_of_the_server_is_survived(town: World) -> None:
    """Connections end in the middle of the work; the service goes on by itself when the server is back."""
    town.write(make_plan(*some_courses(2)))

    async def scene() -> None:
        async with at_work(settings_for(town)) as service:
            clock = clock_of_service(service)
            await clock.look()
            await until(lambda: len(outcomes(service)) == len(JOBS))
            slow = town.tenant.faults.add(method="GET", path="/events", delay_ms=300)
            await service.queue.put(order("sync_plan"))
            await until(lambda: slow.acted)
            await asyncio.to_thread(restart_server, town.settings["DATABASE_URL"])
            town.write(make_plan(*some_courses(3)))
            await put_when_it_is_back(service)
            await until(lambda: len(town.events) == 3, seconds=20)

    asyncio.run(scene())
    assert [len(found) for found in town.events.values()] == [1] * 3


async def put_when_it_is_back(service: Service) -> None:
    while True:
        try:
            await service.queue.put(order("sync_plan"))
        except DatabaseFailed:
            await asyncio.sleep(0.05)
        else:
            return
