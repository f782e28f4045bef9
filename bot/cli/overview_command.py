"""`overview`: courses, money and decisions of the plan as it is written, for the directors' table.

With `--send` in their mailboxes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.files import hand_over
from bot.cli.who import by_option
from bot.desks.director import overview_by_the_books
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.cli.main import Options
    from bot.domain.people import Language
    from bot.overview.lines import Overview

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
    language, shown = _read(options, years)
    data = drawn(shown, form, language)
    hand_over(data, out, language)
    return 0


def _read(options: Options, years: tuple[int, ...]) -> tuple[Language, Overview]:
    """The language to write in, and the overview by the plan and the books."""
    from bot.domain.decided import as_decided
    from bot.opening.plan_source import load_whole_plan
    from bot.opening.stores import open_stores_to_read
    from bot.opening.versions import in_force
    from bot.rounds.steps.follow_names import books_as_named

    settings = options.settings()
    written = asyncio.run(load_whole_plan(settings))
    language = options.speak(written.language)
    decided = as_decided(written)
    with open_stores_to_read(settings) as books, books_as_named(decided, books) as stores:
        return language, overview_by_the_books(settings, written, in_force(decided, stores), stores, years)


def drawn(overview: Overview, form: str, language: Language) -> bytes:
    """The overview in one of the command's formats."""
    if form == "json":
        from bot.overview.as_json import overview_json

        return overview_json(overview).encode()
    if form == "xlsx":
        from bot.overview.as_workbook import overview_xlsx

        return overview_xlsx(overview, language)
    from bot.overview.paper import paper

    document = paper(overview, language)
    match form:
        case "html":
            from bot.overview.as_html import overview_html

            return overview_html(document).encode()
        case "pdf":
            from bot.overview.as_pdf import overview_pdf

            return overview_pdf(document, made=overview.as_of)
        case _:
            from bot.overview.as_text import overview_text

            return overview_text(document).encode()
