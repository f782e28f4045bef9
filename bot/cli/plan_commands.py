"""`init` and `check`: a plan to start from, and everything that is wrong with one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.files import write_new_file
from bot.cli.main import Options
from bot.domain.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from config.settings import Settings


@click.command(epilog="Example: kursusbot init plan.xlsx")
@click.argument("file", default="plan.yaml")
@click.pass_obj
def init(options: Options, file: str) -> int:
    """Write a commented starter plan to FILE (default plan.yaml), as YAML or Excel by its ending."""
    from bot.plan.starter import starter

    kind = Path(file).suffix.lower()
    if kind not in {".yaml", ".yml", ".xlsx"}:
        raise InputError("file_ending", file=file)
    language = options.speak()
    write_new_file(file, starter("xlsx" if kind == ".xlsx" else "yaml", language))
    click.echo(text(language, "cli.written", file=file))
    return 0


@click.command(epilog="Example: kursusbot check plan.yaml --format json")
@click.argument("plan", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def check(options: Options, plan: str | None, form: str) -> int:
    """Validate PLAN and your own texts offline, and report every problem, each with its place."""
    from bot.opening.plan_source import parse_source
    from bot.plan import problems_json, problems_report

    settings = options.settings()
    parsed = asyncio.run(parse_source(settings, plan or settings.plan))
    language = options.speak(parsed.plan.language if parsed.plan else None)
    broken, doubtful = _own_words(settings, parsed.plan)
    ok = parsed.plan is not None and broken is None
    if form == "json":
        click.echo(json.dumps(problems_json(parsed.problems, language, ok=ok), ensure_ascii=False, indent=2))
    else:
        if parsed.problems:
            click.echo(problems_report(parsed.problems, language))
        if ok:
            click.echo(text(language, "cli.plan_good" if parsed.is_fine else "cli.plan_usable"))
    for code, file in doubtful:
        click.echo(text(language, code, file=file), err=True)
    if broken is not None:
        raise broken
    return 0 if ok else 2


def _own_words(
    settings: Settings, plan: CoursePlan | None
) -> tuple[InputError | None, tuple[tuple[str, str], ...]]:
    """What is wrong with HR's own templates.

    Also which of them say the same to those who wait and to those who were only asked, and which have no
    place for the plan's `texts`: as a text's code and a file.
    """
    if settings.templates is None or plan is None:
        return None, ()
    from bot.messages.own_words import check_words, same_for_both, unseen_texts

    worded = replace(plan, own_words=settings.templates)
    try:
        check_words(worded)
    except InputError as error:
        return error, ()
    alike = (("cli.words_same_for_both", file) for file in same_for_both(worded))
    unseen = (("cli.words_without_texts", file) for file in unseen_texts(worded))
    return None, (*alike, *unseen)
