"""Lines in activity feeds: which requests are made, and which answers mean that nobody was told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import httpx
import pytest

from bot.domain.errors import GraphConflict, GraphRefused, GraphUnclear
from bot.graph.feed import TO_MANY, GraphFeed
from tests.builders.feed import ANNA, BO, LINE
from tests.unit.graph.talk import Talk, body_of, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

TO_ANNA = f"/users/{ANNA}/teamwork/sendActivityNotification"


def on(talk: Talk, act: Callable[[GraphFeed], Awaitable[T]]) -> T:
    return talk.run(lambda client: act(GraphFeed(client)))


def test_a_line_is_one_request_with_all_that_its_reader_sees() -> None:
    talk = Talk()
    talk.graph.post(TO_ANNA).mock(return_value=httpx.Response(204))
    assert on(talk, lambda feed: feed.notify(ANNA, LINE)) is True
    (request,) = talk.requests
    assert body_of(request) == {
        "topic": {"source": "text", "value": "Lederdag", "webUrl": LINE.web_url},
        "activityType": "courseTomorrow",
        "chainId": 4711,
        "previewText": {"content": "onsdag den 18. juni"},
        "templateParameters": [{"name": "subject", "value": "I morgen: Lederdag"}],
    }


@pytest.mark.parametrize("status", [403, 404, 409])
def test_a_person_without_the_app_or_with_two_of_it_is_an_answer_and_no_error(status: int) -> None:
    talk = Talk()
    talk.graph.post(TO_ANNA).mock(return_value=refusal(status, "Forbidden"))
    assert on(talk, lambda feed: feed.notify(ANNA, LINE)) is False


@pytest.mark.parametrize("lost", [httpx.Response(503), httpx.ReadTimeout("slow")])
def test_an_unclear_answer_is_asked_again_with_the_same_chain(lost: httpx.Response | Exception) -> None:
    talk = Talk()
    talk.graph.post(TO_ANNA).mock(side_effect=[lost, httpx.Response(204)])
    assert on(talk, lambda feed: feed.notify(ANNA, LINE)) is True
    assert {body_of(request)["chainId"] for request in talk.requests} == {4711}
    assert len(talk.requests) == 2


def test_a_service_that_stays_away_is_unclear_and_a_bad_request_refused() -> None:
    talk = Talk(retry_budget_seconds=0)
    talk.graph.post(TO_ANNA).mock(side_effect=[httpx.Response(503), refusal(400, "BadRequest")])
    with pytest.raises(GraphUnclear):
        on(talk, lambda feed: feed.notify(ANNA, LINE))
    with pytest.raises(GraphRefused):
        on(talk, lambda feed: feed.notify(ANNA, LINE))


def test_five_lines_a_second_and_no_more() -> None:
    """The clock moves only where somebody waits."""
    talk = Talk()
    talk.graph.post(TO_ANNA).mock(return_value=httpx.Response(204))
    begun: list[float] = []

    async def many(feed: GraphFeed) -> None:
        for _ in range(12):
            await feed.notify(ANNA, LINE)
            begun.append(talk.clock.seconds)

    on(talk, many)
    assert all(late - early >= 1 for early, late in zip(begun, begun[5:], strict=False))
    assert begun[4] == 0


def test_many_are_told_by_one_request() -> None:
    talk = Talk()
    talk.graph.post(TO_MANY).mock(return_value=httpx.Response(202))
    assert on(talk, lambda feed: feed.notify_all([ANNA, BO], LINE)) is True
    (request,) = talk.requests
    assert [one["userId"] for one in body_of(request)["recipients"]] == [ANNA, BO]
    assert body_of(request)["chainId"] == 4711


def test_a_token_that_ends_within_45_minutes_is_changed_before_many_are_told() -> None:
    """The library would hand the old one out until shortly before its end."""
    talk = Talk()
    talk.sign.clock = lambda: talk.clock.seconds
    talk.graph.post(TO_MANY).mock(return_value=httpx.Response(202))

    async def twice(feed: GraphFeed) -> None:
        await feed.notify_all([ANNA], LINE)
        talk.clock.seconds += 1000
        await feed.notify_all([ANNA], LINE)
        await feed.notify_all([ANNA], LINE)

    on(talk, twice)
    assert [request.headers["authorization"] for request in talk.requests] == [f"Bearer token-{number}" for number in (1, 2, 2)]
    assert talk.sign.closed >= 1


def test_a_412_gets_one_new_token_and_a_second_one_means_that_nobody_was_told() -> None:
    talk = Talk()
    talk.graph.post(TO_MANY).mock(side_effect=[refusal(412, "PreconditionFailed"), httpx.Response(202)])
    assert on(talk, lambda feed: feed.notify_all([ANNA], LINE)) is True
    assert [request.headers["authorization"] for request in talk.requests] == ["Bearer token-1", "Bearer token-2"]
    talk = Talk()
    talk.graph.post(TO_MANY).mock(return_value=refusal(412, "PreconditionFailed"))
    assert on(talk, lambda feed: feed.notify_all([ANNA], LINE)) is False
    assert len(talk.requests) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_many_that_are_refused_can_be_told_one_by_one(status: int) -> None:
    talk = Talk()
    talk.graph.post(TO_MANY).mock(return_value=refusal(status, "BadRequest"))
    assert on(talk, lambda feed: feed.notify_all([ANNA], LINE)) is False
    assert len(talk.requests) == 1


def test_a_busy_teams_is_left_alone() -> None:
    talk = Talk(retry_budget_seconds=0)
    talk.graph.post(TO_MANY).mock(return_value=httpx.Response(429, headers={"retry-after": "5"}))
    with pytest.raises(GraphRefused) as busy:
        on(talk, lambda feed: feed.notify_all([ANNA], replace(LINE, chain_id=1)))
    assert (busy.value.status, isinstance(busy.value, GraphConflict)) == (429, False)
