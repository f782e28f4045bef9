"""Going on, minute by minute, where a mailbox may not send everything at once.

Between the rounds nobody is kept out.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, overload

import click

from bot.domain.postage import Full, minutes_for
from bot.i18n.catalogue import plural
from bot.i18n.dates import clock_text
from bot.registrations.listing import wall_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.cli.main import Options
    from bot.opening.work import Work
    from bot.rounds.results import RoundResult

Round = TypeVar("Round", bound="RoundResult")


@overload
async def to_the_end(
    work: Work, options: Options, again: Callable[[], Awaitable[Round]], *, first: None = None
) -> Round: ...
@overload
async def to_the_end(
    work: Work, options: Options, again: Callable[[], Awaitable[RoundResult]], *, first: Round
) -> Round: ...
async def to_the_end(
    work: Work,
    options: Options,
    again: Callable[[], Awaitable[RoundResult]],
    *,
    first: RoundResult | None = None,
) -> RoundResult:
    """`first`, or what `again` makes, and rounds after it until nothing waits: all of them as one.

    Waits for minutes, never for another day, and not where the clock stands still. Says once when all will be
    sent.
    """
    settings, plan = work.settings, work.plan
    done = first = first or await again()
    while (wait := done.carried.wait) is not None and wait.full is Full.MINUTE and settings.now is None:
        now = work.now()
        if done is first:
            waiting, pace = done.carried.waiting, settings.mailbox.messages_per_minute
            over_at = wall_time(now + timedelta(minutes=minutes_for(waiting, pace)), plan)
            language = options.speak(plan.language)
            click.echo(
                plural(language, "reminders.waits", waiting, pace=pace, time=clock_text(language, over_at)),
                err=True,
            )
        await asyncio.sleep(max((wait.until - now).total_seconds(), 0.0))
        done = done.then(await again())
    return done
