"""Going on where the mailbox may not send all at once: until nothing waits, saying once how long; never for another day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.cli.main import Options
from bot.cli.waiting import to_the_end
from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.postage import Full, Wait
from bot.rounds.reminders import Reminded
from bot.rounds.results import RoundResult
from bot.rounds.steps.carried import Carried
from config.settings import Settings
from tests.builders.parcels import reminder
from tests.builders.samples import make_plan

if TYPE_CHECKING:
    from bot.domain.messages import Message
    from bot.opening.work import Work

PLAN = make_plan()
OPTIONS = Options(plan=None, now=None, lang=None)
GONE_BY = datetime.now(UTC) - timedelta(seconds=1)
ANNA, BO, CARL = (reminder(name, state=DeliveryState.SENT) for name in ("anna", "bo", "carl"))


def work() -> Work:
    settings = Settings(_env_file=None, mailbox={"messages_per_minute": 1})
    return cast("Work", SimpleNamespace(settings=settings, plan=PLAN, now=lambda: datetime.now(UTC)))


def waits(full: Full = Full.MINUTE) -> Wait:
    return Wait(until=GONE_BY, full=full)


def result(*messages: Message, **carried: Any) -> RoundResult:
    return RoundResult(carried=Carried(messages=messages, **carried))


def test_rounds_go_on_until_nothing_waits_and_are_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    later = [result(BO, wait=waits(), waiting=1), result(CARL)]

    async def again() -> RoundResult:
        return later.pop(0)

    first = result(ANNA, wait=waits(), waiting=2)
    done = asyncio.run(to_the_end(work(), OPTIONS, again, first=first))
    assert (done.carried.messages, done.carried.wait, later) == ((ANNA, BO, CARL), None, [])
    assert done.outcome is JobOutcome.DONE
    assert capsys.readouterr().err.count("2 mails venter") == 1


@pytest.mark.parametrize("first", [result(ANNA), result(wait=waits(Full.DAY), waiting=3)], ids=["nothing waits", "a day"])
def test_nobody_waits_for_nothing_or_for_a_day(first: RoundResult) -> None:
    async def again() -> RoundResult:
        raise AssertionError

    assert asyncio.run(to_the_end(work(), OPTIONS, again, first=first)) is first


def test_a_round_of_reminders_goes_on_with_what_is_due_by_then() -> None:
    first = Reminded(reminders=(), people=PeopleIndex(()), carried=Carried(messages=(ANNA,), wait=waits(), waiting=1))
    rounds = [first, replace(first, carried=Carried(messages=(BO,)))]

    async def again() -> Reminded:
        return rounds.pop(0)

    done = asyncio.run(to_the_end(work(), OPTIONS, again))
    assert (done.carried.messages, done.carried.wait, rounds) == ((ANNA, BO), None, [])
    assert done.outcome is JobOutcome.DONE
