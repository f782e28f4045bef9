"""What Graph's calls are answered, and how many of them are one transaction."""

from __future__ import annotations

import asyncio
import gc
import json

import httpx
import pytest
import structlog

from bot.domain.errors import DatabaseFailed
from bot.domain.notifications import Hint, Intake, Resource
from bot.web.app import create_app
from bot.web.graph_calls.batching import Gathering
from bot.web.graph_calls.routes import LARGEST_BODY
from tests.builders.fake_desk import BASE_URL, NOW, SECRET
from tests.builders.hint_book import Book

HINT = Hint(plan="demo", resource=Resource.EVENTS)
ITEM = {"subscriptionId": "s-1", "clientState": "x", "changeType": "updated"}
PATHS = pytest.mark.parametrize("path", ["/graph/notifications", "/graph/lifecycle"])


class Graph:
    """Whoever calls, on one loop with the application."""

    def __init__(self, **limits) -> None:
        self.book = Book()
        self.limits = limits
        self.hinted: list[str] = []
        self.upkeep: list[str] = []

    def play(self, scene):
        async def run():
            gathering = Gathering(self.book, now=lambda: NOW, on_hint=self.hinted.append, on_upkeep=self.upkeep.append, **self.limits)
            app = create_app({}, secret=SECRET, base_url=BASE_URL, now=lambda: NOW, gathering=gathering)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
                return await scene(client)

        return asyncio.run(run())

    def post(self, *items, path="/graph/notifications", **more):
        async def scene(client):
            return await client.post(path, **({"content": json.dumps({"value": items})} | more))

        return self.play(scene)


@PATHS
def test_the_handshake_gives_the_decoded_token_back_as_plain_text(path):
    """Never as HTML: anybody can call with anything."""
    graph = Graph()
    answer = graph.post(path=path + "?validationToken=Validation%3a+Testing+%3Cscript%3E%26%2B%c3%a6", content=b"")
    assert (answer.status_code, answer.text) == (200, "Validation: Testing <script>&+æ")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert graph.book.reads == 0
    assert graph.post(path=path + "?validationToken=" + "x" * 4097, content=b"").status_code == 400


@PATHS
def test_a_notification_is_written_down_before_it_is_answered(path):
    graph = Graph()
    assert graph.post(ITEM, path=path).status_code == 202
    assert graph.book.noted == [Intake(hints=frozenset({HINT}))]
    assert (graph.hinted, graph.upkeep) == (["demo"], [])


def test_what_graph_tells_of_a_subscription_wakes_its_upkeep():
    graph = Graph()
    graph.post(ITEM | {"lifecycleEvent": "reauthorizationRequired"}, path="/graph/lifecycle")
    assert (graph.hinted, graph.upkeep) == ([], ["demo"])


def test_a_forgery_is_answered_as_the_truth_is_and_writes_nothing():
    graph = Graph()
    assert graph.post(ITEM | {"clientState": "y"}, ITEM | {"subscriptionId": "s-9"}).status_code == 202
    assert graph.post().status_code == 202
    assert (graph.book.noted, graph.hinted) == ([], [])


def test_forgeries_are_told_once_and_not_each_time():
    """Whoever floods us must not flood the log."""
    graph = Graph()

    async def scene(client):
        for _ in range(5):
            await client.post("/graph/notifications", content=json.dumps({"value": [ITEM | {"clientState": "secret of somebody"}]}))

    with structlog.testing.capture_logs() as logs:
        graph.play(scene)
    assert logs == [{"event": "notifications.ignored", "items": 1, "log_level": "warning"}]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"x" * (LARGEST_BODY + 1)}, 413),
        ({"content": b"{}", "headers": {"content-length": "99999999999999999999"}}, 413),
        ({"content": b"{}", "headers": {"content-length": "-1"}}, 413),
        ({"content": b"no"}, 400),
        ({"content": b"{}"}, 400),
    ],
)
def test_what_is_too_large_or_no_notification_costs_nothing(sent, status):
    graph = Graph()
    assert graph.post(**sent).status_code == status
    assert graph.book.reads == 0


def test_a_body_that_does_not_say_how_large_it_is_is_read_no_further_than_the_limit():
    async def pieces():
        for _ in range(100):
            yield b"x" * 10_000

    assert Graph().post(content=pieces()).status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@PATHS
def test_only_posts_are_taken(method, path):
    async def scene(client):
        return await client.request(method, path)

    assert Graph().play(scene).status_code == 405


def test_books_that_cannot_be_written_are_told_so_that_graph_sends_again():
    graph = Graph()
    graph.book.fails = DatabaseFailed("database_locked")
    answer = graph.post(ITEM)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_a_bug_leaves_nobody_waiting_and_is_heard(caplog):
    """In our own log, and by no task that is left with an error nobody has read."""
    graph = Graph()
    graph.book.fails = ZeroDivisionError()

    with structlog.testing.capture_logs() as said:
        assert graph.post(ITEM).status_code == 503

    gc.collect(1)
    assert [(one["event"], one["log_level"], one["exc_info"]) for one in said] == [("notifications.broken", "error", True)]
    assert caplog.records == []


def test_who_gathered_while_a_bug_struck_is_written_down_all_the_same():
    graph = Graph(answer_seconds=60.0)
    graph.book.may_go.clear()

    async def scene(client):
        content = json.dumps({"value": [ITEM]})
        first = asyncio.create_task(client.post("/graph/notifications", content=content))
        await asyncio.to_thread(graph.book.asked.wait, 10)
        second = asyncio.create_task(client.post("/graph/notifications", content=content))
        for _ in range(500):
            await asyncio.sleep(0)
        graph.book.fails_once = ZeroDivisionError()
        graph.book.may_go.set()
        return [answer.status_code for answer in await asyncio.gather(first, second)]

    assert graph.play(scene) == [503, 202]


def test_a_rush_is_written_in_few_transactions_and_every_one_is_answered():
    """While one is being written, the others gather."""
    graph = Graph(answer_seconds=60.0)
    graph.book.may_go.clear()

    async def scene(client):
        content = json.dumps({"value": [ITEM]})
        calls = [asyncio.create_task(client.post("/graph/notifications", content=content)) for _ in range(200)]
        await asyncio.to_thread(graph.book.asked.wait, 10)
        for _ in range(500):
            await asyncio.sleep(0)
        graph.book.may_go.set()
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert graph.play(scene) == [202] * 200
    assert len(graph.book.noted) <= 3


def test_slow_books_are_not_waited_for_longer_than_graph_waits():
    graph = Graph(answer_seconds=0.05)
    graph.book.may_go.clear()

    async def scene(client):
        answer = await client.post("/graph/notifications", content=json.dumps({"value": [ITEM]}))
        graph.book.may_go.set()
        return answer.status_code

    assert graph.play(scene) == 503


def test_too_many_at_once_are_asked_to_come_again():
    graph = Graph(most_waiting=5)
    graph.book.may_go.clear()

    async def scene(client):
        content = json.dumps({"value": [ITEM]})
        calls = [asyncio.create_task(client.post("/graph/notifications", content=content)) for _ in range(20)]
        done, _ = await asyncio.wait(calls, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        assert {one.result().status_code for one in done} == {503}
        graph.book.may_go.set()
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert 5 <= graph.play(scene).count(202) <= 10


def test_without_a_gathering_nobody_is_at_the_address():
    async def run():
        app = create_app({}, secret=SECRET, base_url=BASE_URL, now=lambda: NOW)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
            return (await client.post("/graph/notifications?validationToken=x")).status_code

    assert asyncio.run(run()) == 404
