"""The one way in which a cell is kept on the desk, and how it is shown.

    kind of cell            is kept as                          shown in Danish
    date, date and hour     2027-06-18, 2027-06-18T09:00        18-06-2027, 18-06-2027 09:00
    hour                    09:00                               09:00
    period                  2027-H2                             2. halvår 2027
    length                  2h                                  2 timer
    date or length          as these two                        as these two
    amount                  300000,50                           300.000,50
    fixed choice, yes, no   the format's word                   the workbook's word
    decision                ja, nej, uafklaret, an option       the same: options may be called anything
    several                 with commas; `-` says none          the same
    condition               not velfaerdsmidler                 ikke velfaerdsmidler
    text                    as it was typed                     the same
    not understood          as it was typed                     the same

Shown in English it is the format's own words, dates by ISO, and a full stop before the decimals. Whatever is
shown is understood, and kept as it was.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.domain.people import Language
from bot.plan.cells import EMPTY_LIST, read_cell
from bot.plan.columns import CellKind
from bot.plan.document import as_written
from bot.plan.fields import MAX_ID
from bot.plan.findings import Findings
from bot.plan.labels import FLAGS, danish, danish_condition, danish_duration, danish_period
from bot.plan.moments import DURATION, PERIOD
from bot.plan.nodes import Scalar, Sequence, Spot
from bot.plan.read_condition import JOINER, NEGATION
from bot.plan.sheets import WHEN
from bot.plan.workbook_names import id_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.domain.drafts import Cells
    from bot.plan.columns import Sheet, SheetColumn

UNTYPED = Spot("", 0, (0,))
KEPT_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?", re.ASCII)

KEPT_AMOUNT = re.compile(r"(0|[1-9]\d*)(,\d{1,2})?", re.ASCII)
MOMENTS = frozenset({CellKind.MOMENT, CellKind.END, CellKind.DAY, CellKind.DAY_OR_DURATION})
LENGTHS = frozenset({CellKind.DURATION, CellKind.DAY_OR_DURATION})


def settled_value(column: SheetColumn, value: Any) -> str:
    """A plain value of a plan's document as it is kept."""
    match value:
        case bool():
            word = "true" if value else "false"
            return danish(FLAGS, word) if column.kind is CellKind.DECISION else word
        case Decimal():
            return str(value).replace(".", ",")
        case list():
            return ", ".join(map(str, value)) or EMPTY_LIST
        case datetime() | date() | time():
            return as_written(value)
        case _:
            return settled_cell(column, str(value))


def settled(sheet: Sheet, cells: Cells) -> Cells:
    """Cells as somebody typed them, as they are kept; empty ones and those of no column are left out."""
    columns = {column.key: column for column in sheet.columns}
    made = {key: settled_cell(columns[key], typed) for key, typed in cells.items() if key in columns}
    return {key: cell for key, cell in made.items() if cell}


def settled_cell(column: SheetColumn, typed: str) -> str:
    """One cell as it is kept, "" where it says nothing; see the table above."""
    node = read_cell(typed, column, UNTYPED, Findings())
    if isinstance(node, Sequence):
        names = [item.text for item in node.items if isinstance(item, Scalar)]
        is_understood = len(names) == len(node.items)
        return (", ".join(names) or EMPTY_LIST) if is_understood else typed.strip()
    if not isinstance(node, Scalar):
        return "" if node is None else typed.strip()
    if column is WHEN:
        return _condition(node.text)
    return node.text.replace(".", ",") if column.kind is CellKind.AMOUNT else node.text


def _condition(typed: str) -> str:
    """With the format's words between the terms and before each that shall not hold."""
    terms = JOINER.split(" ".join(typed.split()))
    return " and ".join(re.sub(rf"^{NEGATION.pattern}", "not ", term, flags=re.IGNORECASE) for term in terms)


def shown_cell(column: SheetColumn, kept: str, language: Language) -> str:
    """A cell in the reader's words; `settled_cell` of it is the cell again."""
    in_danish = language is Language.DA
    if choices := choices_of(column):
        words = kept.split(", ") if column.kind is CellKind.CHOICES else [kept]
        return ", ".join(dict(choices).get(word, word) for word in words) if in_danish else kept
    if column.kind in MOMENTS or column.kind is CellKind.DAY_OR_PERIOD:
        kept = _moment(kept, in_danish=in_danish)
    if column.kind is CellKind.AMOUNT:
        return _amount(kept, in_danish=in_danish)
    if not in_danish:
        return kept
    if column.kind in {CellKind.PERIOD, CellKind.DAY_OR_PERIOD} and PERIOD.fullmatch(kept):
        return danish_period(kept)
    if column.kind in LENGTHS and DURATION.fullmatch(kept):
        return danish_duration(kept)
    return danish_condition(kept) if column is WHEN else kept


def choices_of(column: SheetColumn) -> tuple[tuple[str, str], ...]:
    """A column's fixed choices, each the format's word and the Danish one; () where anything may stand."""
    if column.kind is CellKind.DECISION:
        return ()
    return FLAGS if column.kind is CellKind.FLAG else column.choices


def _moment(kept: str, *, in_danish: bool) -> str:
    found = KEPT_MOMENT.fullmatch(kept)
    if found is None or found[4] == "00:00":
        return kept  # midnight is told from the date alone by its `T`
    year, month, day, clock = found.groups()
    shown = f"{day}-{month}-{year}" if in_danish else f"{year}-{month}-{day}"
    return f"{shown} {clock}" if clock else shown


def _amount(kept: str, *, in_danish: bool) -> str:
    found = KEPT_AMOUNT.fullmatch(kept)
    if found is None:
        return kept
    whole, decimals = found[1], found[2] or ""
    return f"{int(whole):,}".replace(",", ".") + decimals if in_danish else kept.replace(",", ".")


def new_id(words: str, taken: Collection[str], *, otherwise: str) -> str:
    """An id made of what a new thing is called, none of those that are taken: `lederdag`, else `lederdag-2`.

    `otherwise` where no letter is in the words.
    """
    made = id_of(words) or otherwise
    number, wanted = 2, made
    while wanted in taken:
        ending = f"-{number}"
        wanted, number = made[: MAX_ID - len(ending)].rstrip("-") + ending, number + 1
    return wanted
