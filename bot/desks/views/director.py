"""What the directors may see.

Courses, money and decisions of the plan as it is written, with the numbers of the plan in force.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desks.afterwards.tasks import task_lines
from bot.domain.decided import as_decided
from bot.opening.clock import clock_of
from bot.opening.decided_here import decided_here
from bot.opening.stores import open_stores_to_read
from bot.opening.versions import in_force
from bot.overview.compose import overview_of
from bot.rounds.steps.count_seats import counts_of
from bot.rounds.steps.follow_names import books_as_named

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.overview.lines import Overview
    from config.settings import Settings


def overview_by_the_books(
    settings: Settings, written: CoursePlan, standing: CoursePlan, stores: Stores, years: tuple[int, ...]
) -> Overview:
    """The overview of all that is written, with the numbers of the plan in force."""
    found = overview_of(written, counts_of(standing, stores), now=clock_of(settings).now(), years=years)
    return replace(found, tasks=task_lines(standing, stores, [one.id for one in found.courses]))


def read_overview(settings: Settings, written: CoursePlan, years: tuple[int, ...]) -> Overview:
    """The overview of `written`, all that stands in the document, by the books as they are now.

    Nothing is written; what is called otherwise by now is counted under its new name. Raises DatabaseFailed.
    """
    read = as_decided(written)
    with open_stores_to_read(settings) as books, books_as_named(read, books) as stores:
        decided = decided_here(read, stores)
        return overview_by_the_books(
            settings, decided.whole or decided, in_force(decided, stores), stores, years
        )


def overview_file(overview: Overview, form: str, language: Language) -> bytes:
    """The overview as text, json, xlsx, html or pdf."""
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
