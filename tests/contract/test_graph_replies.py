"""Response messages, read by the adapter from the simulated tenant."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.events import ResponseStatus
from bot.graph.replies import GraphReplies
from tests.builders.graph_talk import NOW, ORGANISER
from tests.contract.stage import DESIRED, play

if TYPE_CHECKING:
    from tests.contract.stage import Stage

SINCE = NOW - timedelta(hours=1)
ANNA, BO, CARL = (f"{name}@kommune.example" for name in ("anna", "bo", "carl"))


async def answered(stage: Stage) -> str:
    """An event that three people have answered; its id."""
    echo = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
    event = stage.tenant.calendars.find(echo.event_id)
    assert event is not None
    stage.tenant.people.answer(event, ANNA, "decline", comment="Jeg er på ferie")
    stage.tenant.people.answer(event, BO, "accept")
    stage.tenant.people.answer(event, CARL, "tentative", comment="Måske")
    stage.tenant.people.answer(event, CARL, "decline", send_response=False, comment="hemmeligt")
    return echo.event_id


@pytest.mark.parametrize("fault", [None, {"status": 503}, {"status": 429}, {"drop": True}, {"status": 400}])
def test_each_answer_with_its_words_leads_back_to_the_event(fault: dict[str, Any] | None) -> None:
    """Whatever happens to the reading; a service that does not like the filter is asked for the class alone."""

    async def scene(stage: Stage) -> None:
        replies, event_id = GraphReplies(stage.client, organiser=ORGANISER), await answered(stage)
        if fault is not None:
            stage.fault(method="GET", path="/messages", times=1, **fault)
        found = sorted(await replies.fetch_replies(since=SINCE), key=lambda one: one.sender)
        assert [(one.sender, one.response, one.text.splitlines()[:1], one.at) for one in found] == [
            (ANNA, ResponseStatus.DECLINED, ["Jeg er på ferie"], NOW),
            (BO, ResponseStatus.ACCEPTED, [], NOW),
            (CARL, ResponseStatus.TENTATIVE, ["Måske"], NOW),
        ]
        assert await replies.find_events([one.message_id for one in found]) == dict.fromkeys((one.message_id for one in found), event_id)
        assert await replies.fetch_replies(since=NOW + timedelta(seconds=1)) == ()

    play(scene)


def test_messages_that_are_gone_or_about_an_event_that_is_are_left_out_and_other_mail_is_none() -> None:
    async def scene(stage: Stage) -> None:
        replies = GraphReplies(stage.client, organiser=ORGANISER)
        await answered(stage)
        organiser = stage.tenant.mailbox(ORGANISER)
        stage.tenant.messages.receive(organiser, sender=("Ø", "x@andre.example"), subject="Hej", body="Hej", headers=[])
        found = await replies.fetch_replies(since=SINCE)
        assert len(found) == 3
        stage.tenant.messages.delete(stage.tenant.messages.find(organiser, found[0].message_id))
        stage.tenant.calendars.events.clear()
        assert await replies.find_events([one.message_id for one in found]) == {}

    play(scene)


def test_more_than_a_page_is_read() -> None:
    async def scene(stage: Stage) -> None:
        await answered(stage)
        (event,) = stage.tenant.calendars.events.values()
        for number in range(60):
            stage.tenant.people.answer(event, f"nr-{number}@andre.example", "accept")
        assert len(await GraphReplies(stage.client, organiser=ORGANISER).fetch_replies(since=SINCE)) == 63

    play(scene)
