"""Going on, minute by minute, where a mailbox may not send everything at once; between the rounds nobody is kept out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.domain.postage import Budget, Full, minutes_for
from bot.i18n.catalogue import plural
from bot.registrations.listing import wall_time
from bot.runtime import clock_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.cli.main import Options
    from bot.domain.plan import CoursePlan
    from bot.domain.postage import Wait
    from bot.outcomes import Carried
    from bot.reminding import Reminded
    from bot.reporting import Reported
    from config.settings import Settings


async def carried_to_the_end(
    settings: Settings, plan: CoursePlan, options: Options, first: Carried, again: Callable[[], Awaitable[Carried]]
) -> Carried:
    """`first`, and what the rounds after it sent; `again` makes one. Waits for minutes, never for another day."""
    done = first
    while await _has_room(settings, plan, options, done.wait, done.waiting, is_first=done is first):
        more = await again()
        done = replace(more, applied=(*done.applied, *more.applied), messages=(*done.messages, *more.messages))
    return done


async def reminded_to_the_end(settings: Settings, plan: CoursePlan, options: Options, again: Callable[[], Awaitable[Reminded]]) -> Reminded:
    """A round of reminders (`again` makes one), and those after it until all is sent. Waits for minutes, never for another day."""
    first = done = await again()
    while await _has_room(settings, plan, options, done.delivery.wait, done.delivery.waiting, is_first=done is first):
        more = await again()
        seen = {(one.item.stem, one.email): one for one in (*done.reminders, *more.reminders)}
        delivery = replace(more.delivery, messages=(*done.delivery.messages, *more.delivery.messages))
        done = replace(more, reminders=tuple(seen.values()), delivery=delivery)
    return done


async def reported_to_the_end(settings: Settings, plan: CoursePlan, options: Options, again: Callable[[], Awaitable[Reported]]) -> Reported:
    """A round of reports (`again` makes one), and those after it until all are sent. Waits for minutes, never for another day."""
    first = done = await again()
    while await _has_room(settings, plan, options, done.delivery.wait, done.delivery.waiting, is_first=done is first):
        more = await again()
        done = replace(more, delivery=replace(more.delivery, messages=(*done.delivery.messages, *more.delivery.messages)))
    return done


async def _has_room(settings: Settings, plan: CoursePlan, options: Options, wait: Wait | None, waiting: int, *, is_first: bool) -> bool:
    """Wait until there is room, and True; False where nothing waits, or for another day, or the clock stands still. Says once how long."""
    if wait is None or wait.full is Full.DAY or settings.now is not None:
        return False
    now = clock_of(settings).now()
    if is_first:
        minutes = minutes_for(waiting, Budget(messages_per_minute=settings.mailbox.messages_per_minute))
        done_at = wall_time(now + timedelta(minutes=minutes), plan)
        pace = settings.mailbox.messages_per_minute
        click.echo(plural(options.speak(plan.language), "reminders.waits", waiting, pace=pace, time=f"{done_at:%H.%M}"), err=True)
    await asyncio.sleep(max((wait.until - now).total_seconds(), 0.0))
    return True
