"""Going on where the mailbox may not send all at once: until nothing waits, saying once how long; never for another day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.main import Options
from bot.cli.waiting import carried_to_the_end, reminded_to_the_end
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.postage import Full, Wait
from bot.rounds.reminders import Reminded
from bot.rounds.steps.carry_out import Carried
from bot.rounds.steps.deliver_mail import Delivery
from config.settings import Settings
from tests.samples import make_plan
from tests.unit.delivery.parcels import reminder

PLAN = make_plan()
OPTIONS = Options(plan=None, now=None, lang=None)
GONE_BY = datetime.now(UTC) - timedelta(seconds=1)
ANNA, BO, CARL = (reminder(name, state=DeliveryState.SENT) for name in ("anna", "bo", "carl"))


def settings() -> Settings:
    return Settings(_env_file=None, mailbox={"messages_per_minute": 1})


def waits(full: Full = Full.MINUTE) -> Wait:
    return Wait(until=GONE_BY, full=full)


def test_rounds_go_on_until_nothing_waits_and_are_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    later = [Carried(messages=(BO,), wait=waits(), waiting=1), Carried(messages=(CARL,))]

    async def again() -> Carried:
        return later.pop(0)

    first = Carried(messages=(ANNA,), wait=waits(), waiting=2)
    done = asyncio.run(carried_to_the_end(settings(), PLAN, OPTIONS, first, again))
    assert (done.messages, done.wait, later, done.exit_code) == ((ANNA, BO, CARL), None, [], 0)
    assert capsys.readouterr().err.count("2 mails venter") == 1


@pytest.mark.parametrize("first", [Carried(messages=(ANNA,)), Carried(wait=waits(Full.DAY), waiting=3)], ids=["nothing waits", "a day"])
def test_nobody_waits_for_nothing_or_for_a_day(first: Carried) -> None:
    async def again() -> Carried:
        raise AssertionError

    assert asyncio.run(carried_to_the_end(settings(), PLAN, OPTIONS, first, again)) is first


def test_a_round_of_reminders_goes_on_with_what_is_due_by_then() -> None:
    first = Reminded(reminders=(), people=PeopleIndex(()), delivery=Delivery(messages=(ANNA,), wait=waits(), waiting=1))
    rounds = [first, replace(first, delivery=Delivery(messages=(BO,)))]

    async def again() -> Reminded:
        return rounds.pop(0)

    done = asyncio.run(reminded_to_the_end(settings(), PLAN, OPTIONS, again))
    assert (done.delivery.messages, done.delivery.wait, rounds, done.exit_code) == ((ANNA, BO), None, [], 0)
