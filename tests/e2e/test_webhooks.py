"""Other programs are told what changed: signed, at least once, in order, and never a name."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import re
import sqlite3
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.web.server import served
from jobs.registry import JOBS
from tests.builders.signing_in import free_port
from tests.e2e.as_it_was import synced
from tests.e2e.desk_driver import HR, at_the_desk, write_plan
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import ANNA, BO
from tests.e2e.service_driver import at_work, run_job, settings_for, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
JOB = JOBS["send_webhooks"]


@dataclass
class Reader:
    """Another program; `answers` are its next statuses, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    slow: float = 0.0

    async def listen(self, request: Any) -> Response:
        body = await request.body()
        event, moment = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        expected = hmac.new(key, f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
        assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
        assert abs(time.time() - int(moment)) < 60
        assert b"@" not in body
        self.heard.append((event, json.loads(body)))
        await asyncio.sleep(self.slow)
        status = self.answers.pop(0) if self.answers else 204
        return Response(status_code=status, headers={"Location": "http://127.0.0.1:9/"} if status == 302 else None)

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(said["type"], said["data"]["course"]) for _, said in self.heard]


@contextlib.contextmanager
def reading() -> Iterator[Reader]:
    reader, port = Reader(), free_port()
    reader.url = f"http://127.0.0.1:{port}/hook"
    with served(Starlette(routes=[Route("/hook", reader.listen, methods=["POST"])]), port=port):
        yield reader


def play(world: World, reader: Reader, story: Any, **changes: Any) -> None:
    targets = [{"url": reader.url, "secret": SECRET}]

    async def scene() -> None:
        async with at_work(settings_for(world, webhooks={"targets": targets}, **changes)) as service:
            await story(service)

    asyncio.run(scene())


async def do(service: Any, *jobs: str) -> list[Any]:
    return [await run_job(service, job) for job in jobs]


def hurry(world: World) -> None:
    """Every pause is over."""
    with contextlib.closing(sqlite3.connect(world.database_file)) as books:
        books.execute("UPDATE webhook_calls SET next_at = '2020-01-01 00:00:00.000000'")
        books.commit()


def rows(world: World) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(world.database_file)) as books:
        return books.execute("SELECT kind, tries, ended_at FROM webhook_calls ORDER BY number").fetchall()


def test_what_changes_is_told_once_with_counts_and_where_to_ask(world: World) -> None:
    """What waits, what came into force, and who comes."""
    write_plan(world)
    with reading() as reader:

        async def story(service: Any) -> None:
            await do(service, "sync_plan", "send_webhooks", "send_webhooks")
            assert reader.told == [("approval.needed", "lederdag")]
            assert {"checksum", "mails", "people"} <= reader.heard[0][1]["data"].keys()

        play(world, reader, story, approval="plan")
        world.run("sync", "--yes")

        async def later(service: Any) -> None:
            await do(service, "collect_responses", "send_webhooks", "send_webhooks")

        play(world, reader, later)
        assert sorted(reader.told[1:]) == [("course.changed", "lederdag"), ("registration.changed", "lederdag")]
        assert len({event for event, _ in reader.heard}) == 3


def test_what_is_not_taken_is_told_again_under_the_same_id_until_it_is(world: World) -> None:
    """500, a redirect, and nothing in between."""
    write_plan(world)
    world.sync()
    with reading() as reader:
        reader.answers = [500, 302, 429]

        async def story(service: Any) -> None:
            await do(service, "collect_responses")
            for _ in range(5):
                (run,) = await do(service, "send_webhooks")
                hurry(world)
            assert run.outcome.value == "done"

        play(world, reader, story)
        tries: dict[str, int] = {}
        for event, _ in reader.heard:
            tries[event] = tries.get(event, 0) + 1
        assert sum(tries.values()) == len(tries) + 3
        assert rows(world) == []


def test_of_one_course_nothing_overtakes_what_waits(world: World) -> None:
    """Another course is told meanwhile."""
    synced(world, make_plan(make_course("a"), make_course("b"), audiences=people(ANNA, BO)))
    with reading() as reader:
        reader.answers = [503]

        async def story(service: Any) -> None:
            await do(service, "send_webhooks")
            first = reader.told[0]
            assert {course for _, course in reader.told} == {"a", "b"}
            assert [told for told in reader.told[1:] if told[1] == first[1]] == []
            hurry(world)
            await do(service, "send_webhooks")
            assert [told for told in reader.told if told[1] == first[1]][:2] == [first, first]

        play(world, reader, story)


def test_a_program_that_wants_no_more_or_never_answers_is_given_up_and_doctor_says_so(world: World) -> None:
    """At once where it says gone, else after a day of tries."""
    write_plan(world)
    world.sync()
    with reading() as reader:
        reader.answers = [410, *[500] * 40]

        async def story(service: Any) -> None:
            for _ in range(25):
                await do(service, "send_webhooks")
                hurry(world)

        play(world, reader, story)
        assert [ended is not None for _, _, ended in rows(world)] == [True] * len(rows(world))
        assert {tries for _, tries, _ in rows(world)} <= {1, 9}
        settings = {"WEBHOOKS__TARGETS": json.dumps([{"url": reader.url, "secret": SECRET}])}
        found = {one["check"]: one for one in world.run("doctor", "--format", "json", **settings).json["checks"]}
        assert found["webhooks"]["state"] == "failed"
    shown = world.run("doctor", **settings)
    assert reader.url not in shown.out
    assert SECRET not in shown.out


def test_a_process_that_dies_after_the_call_makes_it_again_under_the_same_id(world: World) -> None:
    """The reader knows by the id that it has it."""
    write_plan(world)
    world.sync()
    with reading() as reader:

        async def story(service: Any) -> None:
            book = service.stores.webhooks
            book.end = None  # type: ignore[method-assign]
            (run,) = await do(service, "send_webhooks")
            assert run.outcome.value == "broken"

        try:
            play(world, reader, story)
        except AttributeError:
            raise AssertionError from None
        (before,) = {event for event, _ in reader.heard}

        async def next_process(service: Any) -> None:
            await do(service, "send_webhooks")
            assert len(reader.heard) <= 2
            hurry(world)
            await do(service, "send_webhooks")

        play(world, reader, next_process)
        assert [event for event, _ in reader.heard].count(before) == 2
        assert rows(world) == []


def test_two_processes_tell_each_thing_once(world: World) -> None:
    """What one has in its hand is not the other's."""
    synced(world, make_plan(*(make_course(f"k{number}") for number in range(5)), audiences=people(ANNA)))
    with reading() as reader:
        reader.slow = 0.05

        async def story(service: Any) -> None:
            async with at_work(settings_for(world, webhooks={"targets": [{"url": reader.url, "secret": SECRET}]})) as other:
                await asyncio.gather(do(service, "send_webhooks"), do(other, "send_webhooks"))
                await do(service, "send_webhooks")

        play(world, reader, story)
        events = [event for event, _ in reader.heard]
        assert len(events) == len(set(events)) == 2 * 5


def test_nothing_is_kept_where_nobody_is_told(world: World) -> None:
    """And the books do not grow."""
    write_plan(world)
    world.sync()

    async def story() -> None:
        async with at_work(settings_for(world)) as service:
            await do(service, "send_webhooks")

    asyncio.run(story())
    assert rows(world) == []
    with contextlib.closing(sqlite3.connect(world.database_file)) as books:
        assert books.execute("SELECT count(*) FROM webhook_news").fetchone() == (0,)


def test_a_silent_program_costs_a_round_one_wait(world: World) -> None:
    """And nothing that the service does waits for it."""
    synced(world, make_plan(*(make_course(f"k{number}") for number in range(3)), audiences=people(ANNA)))
    silent = Reader(url=f"http://127.0.0.1:{free_port()}/hook")

    async def story(service: Any) -> None:
        begun = time.monotonic()
        (run,) = await do(service, "send_webhooks")
        assert run.outcome.value == "partly"
        assert time.monotonic() - begun < 10

    play(world, silent, story)
    assert sorted(tries for _, tries, _ in rows(world)) == [0] * 5 + [1]


def test_what_was_given_up_stands_on_the_desk_and_one_press_tells_it_anew(world: World) -> None:
    """Today, under what the service does, in HR's report and in `doctor`: which program, since when, how many, and what to do."""
    write_plan(world)
    with reading() as reader:
        reader.answers = [410]
        targets = {"targets": [{"url": reader.url, "secret": SECRET}]}

        async def story(service: Any, person: Any) -> None:
            hr = await person(HR)
            await do(service, "send_webhooks")
            assert reader.told == [("approval.needed", "lederdag")]
            today = await asyncio.to_thread(hr.read, "/")
            assert ("127.0.0.1 fik ikke besked" in today, 'href="/runs?plan=demo"' in today) == (True, True)
            runs = await asyncio.to_thread(hr.read, "/runs")
            assert ("127.0.0.1: 1 besked er opgivet" in runs, reader.url in runs, "Bed it-afdelingen" in runs) == (True, False, True)
            target = re.search(r'name="target" value="([^"]+)"', runs)[1]
            report = service.stores.webhooks.troubles("demo").given_up
            assert [(one.target, one.count) for one in report] == [(target, 1)]
            answer = await asyncio.to_thread(hr.send, "/runs/programs?plan=demo", runs, target=target)
            assert (answer.status_code, answer.headers["location"]) == (303, "/runs?done=told")
            await until(lambda: len(reader.told) == 2)
            assert reader.told == [("approval.needed", "lederdag")] * 2
            assert "fik ikke besked" not in await asyncio.to_thread(hr.read, "/")
            again = await asyncio.to_thread(hr.send, "/runs/programs?plan=demo", runs, target=target)
            assert again.headers["location"] == "/runs"
            reader.answers = [410]
            world.write(make_plan(make_course("nyt"), audiences=people(ANNA, BO)))
            await service.plans.look()
            await do(service, "sync_plan", "send_webhooks")

        at_the_desk(world, story, webhooks=targets)
        told = world.run("report", WEBHOOKS__TARGETS=json.dumps(targets["targets"])).out
        assert ("127.0.0.1" in told, "opgivet" in told) == (True, True)
        found = world.run("doctor", WEBHOOKS__TARGETS=json.dumps(targets["targets"]))
        assert "til 127.0.0.1" in found.out
    lines = world.run("actions", "--format", "json").json
    assert [(line["by"], line["subject"]) for line in lines if line["command"] == "webhooks"] == [(HR.address, "1")]
