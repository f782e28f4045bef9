"""Going on, minute by minute, where a mailbox may not send everything at once.

Between the rounds nobody is kept out.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import click

from bot.domain.postage import Full, minutes_for
from bot.i18n.catalogue import plural
from bot.i18n.dates import clock_text
from bot.opening.clock import clock_of
from bot.registrations.listing import wall_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.cli.main import Options
    from bot.domain.plan import CoursePlan
    from bot.rounds.hr_report import Reported
    from bot.rounds.overview_mail import Mailed
    from bot.rounds.reminders import Reminded
    from bot.rounds.steps.carry_out import Carried
    from bot.rounds.steps.deliver_mail import Delivery
    from config.settings import Settings

Rounds = TypeVar("Rounds")


async def carried_to_the_end(
    settings: Settings,
    plan: CoursePlan,
    options: Options,
    first: Carried,
    again: Callable[[], Awaitable[Carried]],
) -> Carried:
    """`first`, and what the rounds after it sent; `again` makes one.

    Waits for minutes, never for another day.
    """

    def join(done: Carried, more: Carried) -> Carried:
        return replace(
            more, applied=(*done.applied, *more.applied), messages=(*done.messages, *more.messages)
        )

    return await _to_the_end(settings, plan, options, first, again, sent=lambda one: one, join=join)


async def reminded_to_the_end(
    settings: Settings, plan: CoursePlan, options: Options, again: Callable[[], Awaitable[Reminded]]
) -> Reminded:
    """A round of reminders (`again` makes one), and those after it until all is sent.

    Waits for minutes, never for another day.
    """

    def join(done: Reminded, more: Reminded) -> Reminded:
        seen = {(one.item.stem, one.email): one for one in (*done.reminders, *more.reminders)}
        return replace(more, reminders=tuple(seen.values()), delivery=_joined(done.delivery, more.delivery))

    return await _to_the_end(
        settings, plan, options, await again(), again, sent=lambda one: one.delivery, join=join
    )


async def reported_to_the_end(
    settings: Settings, plan: CoursePlan, options: Options, again: Callable[[], Awaitable[Reported]]
) -> Reported:
    """A round of reports (`again` makes one), and those after it until all are sent.

    Waits for minutes, never for another day.
    """

    def join(done: Reported, more: Reported) -> Reported:
        return replace(more, delivery=_joined(done.delivery, more.delivery))

    return await _to_the_end(
        settings, plan, options, await again(), again, sent=lambda one: one.delivery, join=join
    )


async def mailed_to_the_end(
    settings: Settings, plan: CoursePlan, options: Options, again: Callable[[], Awaitable[Mailed]]
) -> Mailed:
    """A round of mailing the overview (`again` makes one), and those after it until all have it.

    As the others wait.
    """

    def join(done: Mailed, more: Mailed) -> Mailed:
        return replace(more, before=done.before, delivery=_joined(done.delivery, more.delivery))

    return await _to_the_end(
        settings, plan, options, await again(), again, sent=lambda one: one.delivery, join=join
    )


def _joined(done: Delivery, more: Delivery) -> Delivery:
    return replace(more, messages=(*done.messages, *more.messages))


async def _to_the_end(
    settings: Settings,
    plan: CoursePlan,
    options: Options,
    first: Rounds,
    again: Callable[[], Awaitable[Rounds]],
    *,
    sent: Callable[[Rounds], Carried | Delivery],
    join: Callable[[Rounds, Rounds], Rounds],
) -> Rounds:
    """Rounds until nothing waits, or only for another day, or the clock stands still.

    Says once when all will be sent.
    """
    done = first
    while (wait := sent(done).wait) is not None and wait.full is Full.MINUTE and settings.now is None:
        now = clock_of(settings).now()
        if done is first:
            waiting, pace = sent(done).waiting, settings.mailbox.messages_per_minute
            over_at = wall_time(now + timedelta(minutes=minutes_for(waiting, pace)), plan)
            language = options.speak(plan.language)
            click.echo(
                plural(language, "reminders.waits", waiting, pace=pace, time=clock_text(language, over_at)),
                err=True,
            )
        await asyncio.sleep(max((wait.until - now).total_seconds(), 0.0))
        done = join(done, await again())
    return done
