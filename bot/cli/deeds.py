"""`actions`, and writing down what somebody did at the command line with people's data: who, when, and about whom."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.main import Options
from bot.cli.who import person_at_the_terminal
from bot.domain.actions import Action
from bot.i18n.catalogue import text
from bot.i18n.dates import short_moment_text
from bot.masking import mask_address
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.people import Language
    from bot.ports.actions import ActionBook

COLUMNS = ("time", "by", "command", "course", "subject", "door")


def note_deed(
    book: ActionBook, command: str, *, at: datetime, by: str | None = None, plan: str = "", course: str = "", about: Iterable[str] = ()
) -> None:
    """Write down what was done; `about` are the addresses it concerns: one is kept masked, several as their number. `at` UTC."""
    addresses = sorted({*about})
    subject = mask_address(addresses[0]) if len(addresses) == 1 else str(len(addresses)) if addresses else ""
    book.note(Action(at=at, by=person_at_the_terminal(by), command=command, plan=plan, course=course, subject=subject))


@click.command(epilog="Example: kursusbot actions")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def actions(options: Options, form: str) -> int:
    """Show who did what with people's data: seats, exports, links, access requests, erasures."""
    from bot.runtime import load_plan, open_stores_to_read

    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    with open_stores_to_read(settings) as stores:
        found = stores.actions.load_actions(plan.id)
    if form == "json":
        click.echo(_as_json(found))
    elif found:
        click.echo(_as_table(found, plan.timezone, language), nl=False)
    else:
        click.echo(text(language, "actions.none"))
    return 0


def _as_json(found: Sequence[Action]) -> str:
    rows = [
        {
            "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "by": one.by,
            "command": one.command,
            "plan": one.plan or None,
            "course": one.course or None,
            "subject": one.subject or None,
            "door": one.door,
        }
        for one in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_table(found: Sequence[Action], timezone: str, language: Language) -> str:
    rows = [tuple(text(language, f"actions.column.{column}") for column in COLUMNS)]
    for one in found:
        at = short_moment_text(language, one.at.astimezone(ZoneInfo(timezone)))
        rows.append(tuple(map(one_line, (at, one.by, one.command, one.course, one.subject, one.door))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)
