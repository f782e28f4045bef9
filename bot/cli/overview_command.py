"""`overview`: courses, money and decisions of the plan as it is written, for the directors' table.

With `--send` in their mailboxes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.files import hand_over
from bot.cli.who import by_option
from bot.desks.views.director import overview_file, read_overview
from bot.domain.errors import InputError
from bot.opening.plan_source import load_whole_plan

if TYPE_CHECKING:
    from bot.cli.main import Options

FILES = frozenset({"xlsx", "pdf"})
"""Formats that no terminal shows."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


@click.command(
    epilog=(
        "Example: kursusbot --plan plan.yaml overview --year 2023 --year 2024 --format pdf --out oversigt.pdf"
    )
)
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option(
    "--year",
    "years",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    multiple=True,
    help="Only this year; may be repeated.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "xlsx", "html", "pdf"]),
    default="text",
    show_default=True,
)
@click.option("--out", metavar="FILE", help="Write to FILE (needed for xlsx and pdf).")
@click.option(
    "--send", "is_sent", is_flag=True, help="Mail it with the PDF to each ADDRESS, each edition once."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="With --send: only tell who would get it; nothing is sent or written down.",
)
@by_option
@click.pass_obj
def overview(
    options: Options,
    addresses: tuple[str, ...],
    years: tuple[int, ...],
    form: str,
    out: str | None,
    by: str | None,
    *,
    is_sent: bool,
    dry_run: bool,
) -> int:
    """Show courses and events with dates, seats, money and what is to be decided; no participant is named."""
    if is_sent:
        from bot.cli.overview_mailing import mail

        if out is not None or form not in {"text", "json"}:
            raise InputError("overview_sent_not_shown")
        return asyncio.run(mail(options, addresses, years, form, by=by, dry_run=dry_run))
    if addresses or dry_run:
        raise InputError("overview_without_send")
    if form in FILES and out is None:
        raise InputError("out_needed")
    settings = options.settings()
    written = asyncio.run(load_whole_plan(settings))
    language = options.speak(written.language)
    hand_over(overview_file(read_overview(settings, written, years), form, language), out, language)
    return 0
