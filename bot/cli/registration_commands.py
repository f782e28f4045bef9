"""`responses` and `registrations`: the answers collected, and who is coming."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.files import hand_over
from bot.cli.main import Options
from bot.cli.who import by_option
from bot.domain.errors import InputError
from bot.i18n.catalogue import error_text, text

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.rounds.results import Collected
    from config.settings import Settings


@click.command(epilog="Example: kursusbot --plan plan.yaml responses --dry-run")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only tell what the new answers would lead to, mails too; nothing is changed.",
)
@click.pass_obj
def responses(options: Options, dry_run: bool) -> int:
    """Collect the answers given in Outlook into registrations."""
    from bot.cli.opening import opened
    from bot.cli.waiting import to_the_end
    from bot.rounds.answers import responses_round

    async def act() -> int:
        async with opened(options) as work:
            settings, plan, stores = work.settings, work.plan, work.stores
            again = partial(responses_round, work, collect=False)
            collected = await to_the_end(work, options, again, first=await responses_round(work))
            tell_collected(plan, collected, options)
            tell_cancelled_speakers(collected, settings, stores)
        return collected.outcome.exit_code

    return asyncio.run(_foresee(options) if dry_run else act())


async def _foresee(options: Options) -> int:
    from bot.cli.opening import opened
    from bot.cli.seat_telling import show_text
    from bot.desks.hand.rehearsal import foreseen_answers
    from bot.invitations.preview_reader import Reader
    from bot.rounds.steps.look_at_outlook import plan_as_it_stands

    async with opened(options, to_read=True) as work:
        plan, stores = work.plan, work.stores
        foreseen = await foreseen_answers(work)
        standing = plan_as_it_stands(plan, stores)
    language, shown = options.speak(plan.language), foreseen.shown
    reader = Reader(plan=standing, people=shown.people, language=language, program=options.program)
    click.echo(text(language, "registrations.found", count=foreseen.new_answers))
    click.echo(show_text(shown, reader, text(language, "seats.dry_run")), nl=False)
    if foreseen.held is None:
        return 0
    click.echo(error_text(language, foreseen.held), err=True)
    return foreseen.held.exit_code


def tell_collected(plan: CoursePlan, collected: Collected, options: Options) -> None:
    """What an answers' round brought: new answers, seats that moved, messages, and what could not be done."""
    from bot.invitations.preview import follow_up
    from bot.invitations.preview_reader import Reader

    language = options.speak(plan.language)
    click.echo(text(language, "registrations.collected", count=collected.new_answers))
    decided, carried = collected.decided, collected.carried
    reader = Reader(
        plan=decided.state.plan, people=decided.state.people, language=language, program=options.program
    )
    moves = [one for one in decided.settlement.transitions if not one.noted]
    click.echo(follow_up(moves, decided.messages, carried.applied, reader), nl=False)
    for error in (collected.refused, *carried.broken, carried.stopped):
        if error is not None:
            click.echo(error_text(language, error), err=True)


def tell_cancelled_speakers(collected: Collected, settings: Settings, stores: Stores) -> None:
    """The speakers who have said no to what is still to come: the day needs another."""
    from bot.opening.clock import clock_of
    from bot.registrations.said_lines import speaker_alerts
    from bot.rounds.steps.look_at_outlook import said_by_people

    plan = collected.decided.state.plan
    if not any(course.speakers for course in plan.courses):
        return
    now = clock_of(settings).now().astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    for line in speaker_alerts(said_by_people(collected.decided.state, stores).ahead(now), plan.language):
        click.echo(line)


@click.command(
    epilog=(
        "Example: kursusbot --plan plan.yaml registrations lederdag-2025 --format xlsx --out deltagere.xlsx"
    )
)
@click.argument("course", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "xlsx", "html"]),
    default="table",
    show_default=True,
)
@click.option("--out", metavar="FILE", help="Write to FILE (needed for xlsx).")
@by_option
@click.pass_obj
def registrations(options: Options, course: str | None, form: str, out: str | None, by: str | None) -> int:
    """Show or export who is coming, for one COURSE or all of them; html is a sign-in sheet to print."""
    from bot.cli.actions import note_action
    from bot.cli.opening import opened_books
    from bot.desks.registrations.lists import list_file, participant_lists
    from bot.domain.questions import SeenBy
    from bot.opening.clock import clock_of

    if form == "xlsx" and out is None:
        raise InputError("out_needed")
    with opened_books(options) as work:
        settings, standing, stores = work.settings, work.plan, work.stores
        language = options.speak(standing.language)
        lists = participant_lists(
            standing, stores, course=course, now=clock_of(settings).now(), reader=SeenBy.HR
        )
        note_action(
            options,
            settings,
            stores.actions,
            "registrations",
            by=by,
            plan=standing.id,
            course=course or "",
            about=lists.addresses,
            detail=form,
        )
    hand_over(list_file(lists, form, language), out, language)
    return 0
