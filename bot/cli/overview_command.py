"""`overview`: courses, money and decisions of the plan as it is written, for the directors' table."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.files import hand_over
from bot.cli.main import Options
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.overview.lines import Overview

FILES = frozenset({"xlsx", "pdf"})
"""Formats that no terminal shows."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


@click.command(epilog="Example: kursusbot --plan plan.yaml overview --year 2023 --year 2024 --format pdf --out oversigt.pdf")
@click.option("--year", "years", type=click.IntRange(FIRST_YEAR, LAST_YEAR), multiple=True, help="Only this year; may be repeated.")
@click.option("--format", "form", type=click.Choice(["text", "json", "xlsx", "html", "pdf"]), default="text", show_default=True)
@click.option("--out", metavar="FILE", help="Write to FILE (needed for xlsx and pdf).")
@click.pass_obj
def overview(options: Options, years: tuple[int, ...], form: str, out: str | None) -> int:
    """Show courses and events with dates, seats, money and what is to be decided; no participant is named."""
    if form in FILES and out is None:
        raise InputError("out_needed")
    language, shown = _read(options, years)
    data = _drawn(shown, form, language)
    hand_over(data, out, language)
    return 0


def _read(options: Options, years: tuple[int, ...]) -> tuple[Language, Overview]:
    """The language to write in, and the overview by the plan and the books."""
    from bot.counting import counts_of
    from bot.domain.decided import as_decided
    from bot.overview.compose import overview_of
    from bot.renaming import books_as_named
    from bot.runtime import clock_of, load_whole_plan, open_stores_to_read
    from bot.versions import in_force

    settings = options.settings()
    written = asyncio.run(load_whole_plan(settings))
    language = options.speak(written.language)
    decided = as_decided(written)
    with open_stores_to_read(settings) as books, books_as_named(decided, books) as stores:
        counts = counts_of(in_force(decided, stores), stores)
    return language, overview_of(written, counts, now=clock_of(settings).now(), years=years)


def _drawn(overview: Overview, form: str, language: Language) -> bytes:
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
