"""The first sheet of a workbook of ours: how it is filled in, and what each of the others is for.

It is read by people alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.plan.labels import STATUSES
from bot.plan.sheets import SHEETS
from bot.workbook_looks import lay_out_page, row_height

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

    from bot.domain.people import Language

NAME = "Læs mig først"
STEPS = (
    "short", "full", "audiences", "dates", "times", "amounts", "flags", "names", "renamed", "own", "check",
    "approve",
)  # fmt: skip
FIRST, SECOND = 26, 100
"""How wide the two columns are, in characters."""


def write_read_me(book: xlsxwriter.Workbook, language: Language, heading: Format, plain: Format) -> None:
    """Write it as the next sheet of the book."""
    page = book.add_worksheet(NAME)
    page.set_column(0, 0, FIRST)
    page.set_column(1, 1, SECOND)
    rows = [(text(language, "plan.read_me.title"), text(language, "plan.read_me.lead"), True)]
    rows += [
        (text(language, f"plan.read_me.{step}.what"), text(language, f"plan.read_me.{step}.how"), False)
        for step in STEPS
    ]
    rows.append(("", "", False))
    rows.append((text(language, "plan.read_me.statuses"), "", True))
    rows += [(word, text(language, f"plan.read_me.status.{key}"), False) for key, word in STATUSES]
    rows.append(("", "", False))
    rows.append((text(language, "plan.read_me.sheets"), "", True))
    rows += [(sheet.danish, text(language, f"plan.read_me.sheet.{sheet.key}"), False) for sheet in SHEETS]
    for number, (what, how, is_heading) in enumerate(rows):
        shape = heading if is_heading else plain
        if what or how:
            page.write_string(number, 0, what, heading if is_heading or how else plain)
            page.write_string(number, 1, how, shape)
        page.set_row(number, row_height((what, how), (FIRST, SECOND)))
    lay_out_page(page)
    page.hide_gridlines(2)
