"""`actions`, and writing down what somebody did at the command line.

Who, when, by which door, and about whom.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.main import Options
from bot.cli.who import by_option, person_at_the_terminal
from bot.domain.actions import Action
from bot.domain.addresses import plain_address
from bot.domain.registrations import is_stand_in
from bot.i18n.catalogue import text
from bot.i18n.dates import short_moment_text
from bot.masking import mask_address
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.people import Language
    from bot.ports.actions import ActionBook
    from config.settings import Settings

COLUMNS = ("time", "by", "command", "course", "subject", "detail", "door")
SHORT_STAND_IN = 14
"""`erased-` and enough of the rest to tell two of them apart."""


def note_action(
    options: Options,
    settings: Settings,
    book: ActionBook,
    command: str,
    *,
    by: str | None = None,
    plan: str = "",
    course: str = "",
    about: Iterable[str] = (),
    detail: str = "",
) -> None:
    """Write down what was done.

    `about` are the addresses it concerns: one is kept, of several their number.
    """
    from bot.opening.clock import clock_of

    addresses = sorted({*about})
    subject = addresses[0] if len(addresses) == 1 else str(len(addresses)) if addresses else ""
    who = person_at_the_terminal(options, settings, by)
    at = clock_of(settings).now()
    book.note(
        Action(
            at=at, by=who, command=command, plan=plan, course=course, subject=subject, detail=one_line(detail)
        )
    )


@click.command(epilog="Example: kursusbot actions --about anna.eksempel@kommune.example")
@click.option(
    "--about",
    metavar="ADDRESS",
    help="Only what was about this person, under whatever address we know them by.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@by_option
@click.pass_obj
def actions(options: Options, about: str | None, form: str, by: str | None) -> int:
    """Show who did what, when and by which door.

    Approvals, syncs, seats, exports, links, access requests, erasures.
    """
    from bot.opening.plan_source import load_plan
    from bot.opening.stores import open_stores_to_read
    from bot.store.person import load_addresses

    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    with open_stores_to_read(settings) as stores:
        subjects = load_addresses(stores.database, about) if about else frozenset()
        found = stores.actions.load_actions(plan.id, about=subjects)
        if about:
            note_action(
                options,
                settings,
                stores.actions,
                "actions",
                by=by,
                plan=plan.id,
                about=[plain_address(about)],
            )
    if form == "json":
        click.echo(_as_json(found))
    elif found:
        click.echo(_as_table(found, plan.timezone, language), nl=False)
    else:
        click.echo(text(language, "actions.none"))
    return 0


def _shown(subject: str) -> str:
    """Masked: whoever looks for a person names them."""
    return (
        mask_address(subject)
        if "@" in subject
        else subject[:SHORT_STAND_IN]
        if is_stand_in(subject)
        else subject
    )


def _who(by: str) -> str:
    return by[:SHORT_STAND_IN] if is_stand_in(by) else by


def _as_json(found: Sequence[Action]) -> str:
    rows = [
        {
            "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "by": _who(one.by) or None,
            "command": one.command,
            "plan": one.plan or None,
            "course": one.course or None,
            "subject": _shown(one.subject) or None,
            "detail": one.detail or None,
            "door": one.door,
        }
        for one in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_table(found: Sequence[Action], timezone: str, language: Language) -> str:
    rows = [tuple(text(language, f"actions.column.{column}") for column in COLUMNS)]
    for one in found:
        at = short_moment_text(language, one.at.astimezone(ZoneInfo(timezone)))
        rows.append(
            tuple(
                map(
                    one_line,
                    (at, _who(one.by), one.command, one.course, _shown(one.subject), one.detail, one.door),
                )
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )
