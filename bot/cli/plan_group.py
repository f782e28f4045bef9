"""`plan …`: what the plan was, the plans that the books know, and what is left of those without a file."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import click

from bot.cli.actions import note_action
from bot.cli.main import Options
from bot.cli.plan_import import import_
from bot.cli.plan_revisions import COMMANDS
from bot.cli.who import by_option
from bot.domain.errors import InputError, SafetyRefused
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import moment_text, short_moment_text
from bot.opening.clock import clock_of
from bot.opening.stores import open_stores, open_stores_to_read
from bot.rounds.closing import Served, close_plan, coming_events, mailed, plan_in_books, served_plans
from bot.store.plan_ids import forget_plan, load_plan_ids

if TYPE_CHECKING:
    from bot.opening.stores import Stores
    from bot.store.plan_ids import PlanInBooks
    from config.settings import Settings

NONE_NAMED = Served(ids=frozenset(), unreadable=())


@click.group()
def plan() -> None:
    """See what the plan was before, and look after the plans that the database knows."""


for one in (*COMMANDS, import_):
    plan.add_command(one)


@plan.command(epilog="Example: kursusbot plan ids")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def ids(options: Options, form: str) -> int:
    """List the plans that the database knows, and which of them there is no file for any more.

    Where the settings name no plan (a backup that is tried on another machine), that is not known.
    """
    settings = options.settings(many=True)
    are_named = bool(settings.plan or settings.plans)
    served = asyncio.run(served_plans(settings)) if are_named else NONE_NAMED
    language = options.speak()
    with open_stores_to_read(settings) as stores:
        known = load_plan_ids(stores.database, now=clock_of(settings).now())
    if form == "json":
        rows = [
            {
                "plan": one.id, "served": one.id in served.ids if are_named else None,
                "mailboxes": list(one.mailboxes),
                "events": one.ahead, "people": one.people,
                "last_run": f"{one.last_seen:%Y-%m-%dT%H:%M:%SZ}" if one.last_seen else None,
            }
            for one in known
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for one in known:
        state = "served" if one.id in served.ids else "not_served"
        last = short_moment_text(language, one.last_seen) if one.last_seen else "–"
        mailboxes = ", ".join(one.mailboxes) or "–"
        click.echo(
            text(
                language,
                "closing.row",
                plan=one.id,
                state=text(language, f"closing.{state if are_named else 'unknown'}"),
                mailboxes=mailboxes,
                events=one.ahead,
                people=one.people,
                last=last,
            )
        )
    if not known:
        click.echo(text(language, "closing.none"))
    for name in served.unreadable:
        click.echo(text(language, "closing.unreadable", file=name), err=True)
    return 0


@plan.command(epilog="Example: kursusbot plan close leaders-2024 --yes")
@click.argument("plan_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Cancel them; without it they are only shown.")
@by_option
@click.pass_obj
def close(options: Options, plan_id: str, yes: bool, by: str | None) -> int:
    """Cancel what is ahead of a plan that there is no file for any more."""
    from bot.graph.client import GraphClient

    settings, language = options.settings(many=True), options.speak()

    async def work() -> None:
        served = await served_plans(settings)
        with open_stores(settings) as stores:
            found = _not_served(plan_id, served, stores, settings)
            async with GraphClient(settings.graph) as client:
                events = await coming_events(settings, found, client)
                for mailbox, event in events:
                    when = moment_text(language, event.content.start)
                    click.echo(
                        text(
                            language,
                            "closing.event",
                            subject=event.content.subject,
                            when=when,
                            mailbox=mailbox,
                            people=mailed(event),
                        )
                    )
                mails = sum(mailed(event) for _, event in events)
                if events and not yes:
                    raise SafetyRefused("close_needs_yes", events=len(events), mails=mails, plan=plan_id)
                note_action(
                    options,
                    settings,
                    stores.actions,
                    "plan close",
                    by=by,
                    plan=plan_id,
                    detail=f"{mails} mails",
                )
                closed = await close_plan(settings, found, stores, client, language)
        click.echo(plural(language, "closing.closed", closed, plan=plan_id))

    asyncio.run(work())
    return 0


@plan.command(epilog="Example: kursusbot plan erase leaders-2024 --yes")
@click.argument("plan_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Erase it; without it only what would go is told.")
@by_option
@click.pass_obj
def erase(options: Options, plan_id: str, yes: bool, by: str | None) -> int:
    """Remove all that the database holds of a plan that there is no file for any more."""
    settings, language = options.settings(many=True), options.speak()
    served = asyncio.run(served_plans(settings))
    with open_stores(settings) as stores:
        found = _not_served(plan_id, served, stores, settings)
        if found.ahead:
            raise InputError("plan_has_events", plan=plan_id, events=found.ahead)
        if not yes:
            raise SafetyRefused("erase_needs_yes", plan=plan_id, people=found.people)
        note_action(options, settings, stores.actions, "plan erase", by=by, plan=plan_id)
        rows = forget_plan(stores.database, plan_id)
    click.echo(text(language, "closing.erased", plan=plan_id, rows=rows))
    return 0


def _not_served(plan_id: str, served: Served, stores: Stores, settings: Settings) -> PlanInBooks:
    """What the books have of it; raises InputError where it is served, may be, or is not known."""
    if plan_id in served.ids:
        raise InputError("plan_is_served", plan=plan_id)
    if served.unreadable:
        raise InputError("plan_maybe_served", plan=plan_id, files=", ".join(served.unreadable))
    found = plan_in_books(stores, plan_id, settings)
    if found is None:
        known = ", ".join(one.id for one in load_plan_ids(stores.database, now=clock_of(settings).now()))
        raise InputError("plan_not_in_books", plan=plan_id, known=known)
    return found
