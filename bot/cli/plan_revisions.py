"""`plan history`, `plan diff` and `plan export`: the plan as it was, in words and as a file."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.actions import note_action
from bot.cli.files import replace_file
from bot.cli.main import Options
from bot.cli.opening import opened_books
from bot.cli.who import by_option
from bot.desks.plans.revisions import (
    Revisions,
    difference_json,
    difference_text,
    history_json,
    history_text,
    plan_file,
)
from bot.domain.errors import InputError
from bot.i18n.catalogue import text

ENDINGS = {".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx"}
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.command(epilog="Example: kursusbot plan history")
@format_option
@by_option
@click.pass_obj
def history(options: Options, form: str, by: str | None) -> int:
    """Show every version of the plan that is kept: who, when, from where, and what it changed."""
    with opened_books(options, to_read=True) as work:
        language, actions = options.speak(work.written.language), work.stores.actions
        revisions = Revisions(work, language)
        told = history_json(revisions) if form == "json" else history_text(revisions, language)
        note_action(options, work.settings, actions, "plan history", by=by, plan=work.written.id)
    click.echo(told, nl=False)
    return 0


@click.command(epilog="Example: kursusbot plan diff 3 5")
@click.argument("first", metavar="A", type=int)
@click.argument("second", metavar="B", type=int)
@format_option
@by_option
@click.pass_obj
def diff(options: Options, first: int, second: int, form: str, by: str | None) -> int:
    """Show what became of the plan from version A to version B, in the words of a preview."""
    with opened_books(options, to_read=True) as work:
        language, actions = options.speak(work.written.language), work.stores.actions
        revisions = Revisions(work, language)
        told = (
            difference_json(revisions, first, second)
            if form == "json"
            else difference_text(revisions, first, second, language)
        )
        detail = f"{first} – {second}"
        note_action(options, work.settings, actions, "plan diff", by=by, plan=work.written.id, detail=detail)
    click.echo(told, nl=False)
    return 0


@click.command(epilog="Example: kursusbot plan export plan-before.xlsx --version 3")
@click.argument("file")
@click.option("--version", "number", type=int, help="A version of `plan history`; else the plan as it is.")
@by_option
@click.pass_obj
def export(options: Options, file: str, number: int | None, by: str | None) -> int:
    """Write the plan to FILE, as a workbook or YAML by its ending."""
    form = ENDINGS.get(Path(file).suffix.lower())
    if form is None:
        raise InputError("file_ending", file=file)
    with opened_books(options, to_read=True) as work:
        language, actions = options.speak(work.written.language), work.stores.actions
        revisions = Revisions(work, language)
        source = work.settings.plan or ""
        if Path(file).exists() and Path(source).exists() and Path(file).samefile(source):
            # The file that the plan is read from is HR's own: it is never written.
            raise InputError("file_exists", file=file)
        plan = work.whole if number is None else revisions.usable(revisions.find(number))
        replace_file(file, plan_file(plan, form, language))
        detail = form if number is None else f"{form}, {number}"
        note_action(
            options, work.settings, actions, "plan export", by=by, plan=work.written.id, detail=detail
        )
    click.echo(text(language, "cli.exported", file=file), err=True)
    return 0


COMMANDS = (history, diff, export)
