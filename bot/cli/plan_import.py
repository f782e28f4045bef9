"""`plan import`: a file into the plan that is kept on the desk, looked at before anything is saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.cli.who import by_option, person_at_the_terminal
from bot.desks.plans.store import IMPORT, SaveState, plan_store
from bot.domain.approvals import Door
from bot.domain.errors import InputError, SafetyRefused
from bot.i18n.catalogue import text
from bot.invitations.preview_page import as_text
from bot.opening.stores import open_stores

if TYPE_CHECKING:
    from bot.desks.plans.store import PlanStore
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

NOT_SAVED = 3


@click.command("import", epilog="Example: kursusbot --plan desk:norddjurs plan import plan.xlsx")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Save without asking; else it is asked on a terminal.")
@by_option
@click.pass_obj
def import_(options: Options, file: str, yes: bool, by: str | None) -> int:
    """Take FILE (yaml or xlsx) into the plan on the desk, and show first what that changes."""
    from bot.plan import problems_report, read_plan_file

    settings = options.settings()
    with open_stores(settings) as stores:
        store = plan_store(settings, stores)
        last = store.last()
        parsed = store.read(read_plan_file(file), Path(file).name)
        language = options.speak(parsed.plan.language if parsed.plan is not None else None)
        if parsed.problems:
            click.echo(problems_report(parsed.problems, language))
        if parsed.plan is None:
            return InputError.exit_code
        _show(store, parsed.plan, language)
        if not yes and not _said_yes(language):
            return NOT_SAVED
        result = store.save(
            parsed.plan,
            base=last.number if last is not None else 0,
            by=person_at_the_terminal(options, settings, by),
            door=Door.CLI,
            command=IMPORT,
            detail=Path(file).name,
        )
    match result.state:
        case SaveState.OTHER_PLAN:
            raise InputError("desk_plan_other", plan=store.plan_id, other=parsed.plan.id)
        case SaveState.CONFLICT:
            raise SafetyRefused("desk_plan_saved_since", plan=store.plan_id)
        case SaveState.SAME:
            click.echo(text(language, "cli.plan_same"), err=True)
        case _:
            click.echo(text(language, "cli.plan_saved", program=options.program), err=True)
    return 0


def _show(store: PlanStore, plan: CoursePlan, language: Language) -> None:
    title = text(language, "cli.plan_import", plan=store.plan_id)
    click.echo(as_text(store.difference(plan, language).page(title)), nl=False)


def _said_yes(language: Language) -> bool:
    """Where there is nobody to ask, it is said what to do."""
    if not sys.stdin.isatty():
        click.echo(text(language, "cli.plan_not_saved"), err=True)
        return False
    return click.confirm(text(language, "cli.plan_save"), err=True)
