"""`approve`, `reject` and `approvals`: a person's word about what waits, and the list of all of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.approvals.telling import approvals_json, approvals_text, decided_lines
from bot.cli.actions import note_action
from bot.cli.main import Options
from bot.cli.opening import opened
from bot.cli.who import person_at_the_terminal
from bot.desks.plans.approvals import give_word
from bot.domain.approvals import Door
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores_to_read
from bot.opening.versions import load_record

if TYPE_CHECKING:
    from collections.abc import Callable


def _decides(command: Callable[..., int]) -> Callable[..., int]:
    """The argument and options that approving and rejecting have in common."""
    for option in (
        click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the list of approvals."),
        click.option(
            "--by",
            default=None,
            metavar="NAME",
            help="Who decides (default: by KURSUSBOT_BY, else asked for).",
        ),
        click.option(
            "--course",
            "courses",
            multiple=True,
            metavar="ID",
            help="Only this course of the difference; may be repeated.",
        ),
        click.argument("checksum"),
    ):
        command = option(command)
    return command


@click.command(epilog="Example: kursusbot --plan plan.xlsx approve 9f2c4be1a07d3356 --by Birthe")
@_decides
@click.pass_obj
def approve(options: Options, checksum: str, courses: tuple[str, ...], by: str | None, reason: str) -> int:
    """Approve what waits: all of the difference with this CHECKSUM, or the course whose own it is.

    The service carries it out.
    """
    return _decide(options, checksum, courses, by, reason, approved=True)


@click.command(epilog="Example: kursusbot --plan plan.xlsx reject 9f2c4be1a07d3356 --course lederdag-2025")
@_decides
@click.pass_obj
def reject(options: Options, checksum: str, courses: tuple[str, ...], by: str | None, reason: str) -> int:
    """Reject what waits: it is not offered again until the plan says something else about the course."""
    return _decide(options, checksum, courses, by, reason, approved=False)


@click.command(epilog="Example: kursusbot --plan plan.xlsx approvals")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def approvals(options: Options, form: str) -> int:
    """List what waits for a person since when, and what was approved or rejected, by whom.

    Asks Graph nothing.
    """
    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    with open_stores_to_read(settings) as stores:
        record = load_record(plan, stores)
    enough = settings.approvers
    if form == "json":
        click.echo(approvals_json(record, plan, approvers=enough), nl=False)
    else:
        click.echo(
            approvals_text(record, plan, language, approvers=enough, program=options.program), nl=False
        )
    return 0


def _decide(
    options: Options, checksum: str, courses: tuple[str, ...], by: str | None, reason: str, *, approved: bool
) -> int:
    async def act() -> tuple[str, ...]:
        async with opened(options) as work:
            settings, plan, stores = work.settings, work.written, work.stores
            who = person_at_the_terminal(options, settings, by)
            word = await give_word(
                work,
                checksum=checksum,
                approved=approved,
                by=who,
                door=Door.CLI,
                courses=courses,
                comment=reason,
            )
            for decision in word.decisions:
                note_action(
                    options,
                    settings,
                    stores.actions,
                    "approve" if approved else "reject",
                    by=who,
                    plan=plan.id,
                    course=decision.course,
                    detail=decision.checksum,
                )
        titles, language = word.after.titles(plan), options.speak(plan.language)
        return decided_lines(word.decisions, titles, language, enough=word.is_enough)

    for line in asyncio.run(act()):
        click.echo(line)
    return 0
