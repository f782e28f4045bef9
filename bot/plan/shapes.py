"""The shape of a workbook that was read, and what vanished from one in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.people import Language
from bot.domain.shape import shape_key
from bot.i18n.catalogue import text
from bot.plan.sheets import PLAN, SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.shape import Shape
    from bot.plan.columns import Sheet, SheetColumn
    from bot.plan.workbook_rows import RowTable


def shape_of(tables: Iterable[RowTable]) -> Shape:
    """The known sheets and columns that the workbook has; which of them hold a value is said too."""
    keys: set[str] = set()
    for table in tables:
        keys.add(shape_key(table.sheet.key))
        filled = {key for row in table.rows for key in row.cells}
        keys |= {
            shape_key(table.sheet.key, column.key, filled=column.key in filled) for column in table.columns
        }
    return frozenset(keys)


def vanished_text(language: Language, key: str) -> str:
    """What is gone, for a key of `bot.domain.shape.vanished`, as one sentence."""
    sheet_key, _, column_key = key.partition(".")
    sheet = next(sheet for sheet in SHEETS if sheet.key == sheet_key)
    if not column_key:
        return text(language, "plan.vanished.sheet", sheet=_name(language, sheet))
    column = next(column for column in sheet.columns if shape_key(sheet.key, column.key) == key)
    part = "row" if sheet is PLAN else "column"
    return text(
        language, f"plan.vanished.{part}", sheet=_name(language, sheet), column=_name(language, column)
    )


def _name(language: Language, thing: Sheet | SheetColumn) -> str:
    """What the workbook calls it: Danish when written by us, so that other readers get both."""
    return (
        thing.danish
        if language is Language.DA or thing.danish == thing.english
        else f"{thing.danish} ({thing.english})"
    )
