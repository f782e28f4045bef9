"""`reminders` and `send`: what the plan's rules ask for, and sending what of it is due."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.main import Options
from bot.cli.opening import opened, opened_books
from bot.domain.errors import InputError
from bot.i18n.catalogue import error_text, text

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.rounds.reminders import Reminded

FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.command(epilog="Example: kursusbot --plan plan.yaml reminders --due-before 2025-06-18")
@click.option(
    "--due-before",
    metavar="TIME",
    help="What falls due before it, such as 2025-06-18T12:00 (default: 14 days from now).",
)
@FORM
@click.pass_obj
def reminders(options: Options, due_before: str | None, form: str) -> int:
    """Show which messages are coming, to whom, and why."""
    from bot.cli.reminder_telling import as_json, as_text
    from bot.rounds.reminders import coming_reminders
    from bot.rounds.steps.look_at_outlook import plan_as_it_stands

    with opened_books(options, to_read=True) as work:
        standing, stores = work.plan, work.stores
        language = options.speak(standing.language)
        until = _instant(due_before, standing) if due_before else None
        plan = plan_as_it_stands(standing, stores)
        found, people = coming_reminders(replace(work, plan=plan), until=until)
        if not found:
            _tell_where_nothing_is_synced(plan, stores, options)
    click.echo(as_json(found) if form == "json" else as_text(found, plan, people, language), nl=False)
    return 0


@click.command(epilog="Example: kursusbot --plan plan.yaml send --dry-run")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only tell what would be sent, to whom and why; nothing is sent or written down.",
)
@FORM
@click.pass_obj
def send(options: Options, form: str, dry_run: bool) -> int:
    """Send the messages that are due, each once.

    Where the mailbox may not send all at once, minute by minute.
    """
    from bot.cli.waiting import to_the_end
    from bot.desks.hand.rehearsal import rehearsed_reminders
    from bot.rounds.reminders import reminders_round
    from bot.rounds.steps.look_at_outlook import plan_as_it_stands

    async def act() -> int:
        async with opened(options, to_read=dry_run) as work:
            plan, stores = work.plan, work.stores
            if dry_run:
                reminded = await rehearsed_reminders(work)
            else:
                again = partial(reminders_round, work)
                reminded = await to_the_end(work, options, again)
            tell_reminded(plan_as_it_stands(plan, stores), reminded, options, form, foreseen=dry_run)
            if not reminded.reminders:
                _tell_where_nothing_is_synced(plan, stores, options)
        return reminded.outcome.exit_code

    return asyncio.run(act())


def tell_reminded(
    plan: CoursePlan, reminded: Reminded, options: Options, form: str = "text", *, foreseen: bool = False
) -> None:
    """What a round of reminders was about, and what stopped it; `foreseen`: it was not carried out."""
    from bot.cli.reminder_telling import as_json, as_text, seat_messages_text, sent_line

    language = options.speak(plan.language)
    if form == "json":
        click.echo(as_json(reminded.reminders), nl=False)
    else:
        if foreseen:
            click.echo(text(language, "seats.dry_run"))
        click.echo(sent_line(reminded.carried.messages, language, foreseen=foreseen))
        if foreseen:
            click.echo(seat_messages_text(reminded, plan, language), nl=False)
        if reminded.reminders:
            click.echo(as_text(reminded.reminders, plan, reminded.people, language), nl=False)
    for error in (reminded.refused, *reminded.carried.broken, reminded.carried.stopped):
        if error is not None:
            click.echo(error_text(language, error), err=True)


def _tell_where_nothing_is_synced(plan: CoursePlan, stores: Stores, options: Options) -> None:
    """Nobody is reminded of what is not in the calendar, which is why there is nothing."""
    from bot.opening.versions import courses_with_events

    if not courses_with_events(plan, stores):
        click.echo(text(options.speak(plan.language), "reminders.not_synced"), err=True)


def _instant(said: str, plan: CoursePlan) -> datetime:
    """A time on the command line: with an offset, else a wall time of the plan's zone."""
    try:
        at = datetime.fromisoformat(said.strip())
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(plan.timezone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("time_invalid", value=said) from None
