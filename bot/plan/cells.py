"""What Excel made of a cell → the text that the plan format would have there, or `cell.invalid`.

    column   text                        number            date, date and time          time           yes/no
    TEXT     as it is                    2025.0 → 2025     refused: Excel guessed       refused        refused
    NUMBER   as it is (checked later)    its digits        refused                      refused        refused
    FLAG     ja, nej (checked later)     1 and 0           refused                      refused        true, false
    DECISION as it is (checked later)    1 and 0           refused                      refused        true, false
    MOMENT   Danish or ISO → ISO         refused           ISO; midnight is the date    refused        refused
    DAY      as MOMENT, date only        refused           the date                     refused        refused
    TIME     9:00, kl. 9.00 → 09:00      refused           refused                      HH:MM          refused

A date with slashes (06/18/2025) can mean two days and is refused. Excel has one value for a date and for its
midnight: it is read as the date alone; write the text `2025-06-18T00:00` for midnight. A row with nothing but
boxes that nobody has ticked is empty, as spreadsheets save such boxes in every row.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from bot.plan.findings import shown
from bot.plan.labels import FLAGS, word_for
from bot.plan.nodes import Broken, Node, Scalar, Sequence
from bot.plan.sheets import CellKind, folded

if TYPE_CHECKING:
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.sheets import SheetColumn

Raw: TypeAlias = int | float | str | bool | time | date | datetime | timedelta

MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
CLOCK_PART = r"(?:,?\s+(?:kl\.?\s*)?(\d{1,2})[.:](\d{2}))?"
DANISH_DATE = re.compile(r"(\d{1,2})([-.])(\d{1,2})\2(\d{4})" + CLOCK_PART, re.ASCII)
DANISH_LONG_DATE = re.compile(
    rf"(\d{{1,2}})\.?\s+({'|'.join(MONTHS)})\s+(\d{{4}})" + CLOCK_PART, re.ASCII | re.IGNORECASE
)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::00)?)?", re.ASCII)
CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})[.:](\d{2})", re.ASCII | re.IGNORECASE)
EMPTY_LIST = "-"
SEPARATORS = re.compile(r"[,;\n]")
# Beyond this a number of Excel has lost digits (15 significant ones).
EXACT = 1e15


def read_cell(raw: Raw, column: SheetColumn, spot: Spot, findings: Findings) -> Node | None:
    """The cell as a node; None when it is empty."""
    if isinstance(raw, str):
        raw = raw.strip()
        if not raw:
            return None
    if column.kind in {CellKind.NAMES, CellKind.CHOICES}:
        return _read_names(raw, column, spot, findings)
    if column.kind is CellKind.CHOICE:
        return _read_choice(raw, column, spot, findings)
    text, reason = _as_kind(raw, column)
    return _scalar(text, reason, raw, spot, findings)


def is_unticked(raw: Raw, column: SheetColumn) -> bool:
    """Whether the cell is a box that nobody has ticked.

    Excel's FALSE wherever it stands, or a no where yes and no belong.
    """
    if isinstance(raw, bool):
        return not raw
    return column.kind is CellKind.FLAG and (
        raw == 0 or (isinstance(raw, str) and folded(raw) in {"false", "nej", "no"})
    )


def _as_kind(raw: Raw, column: SheetColumn) -> tuple[str | None, str]:
    """The cell's text, None where the table above refuses it; and the reason to give then."""
    match column.kind:
        case CellKind.NUMBER:
            return _as_text(raw), "number"
        case CellKind.FLAG | CellKind.DECISION:
            return _as_flag(raw, column), "flag"
        case CellKind.MOMENT:
            return _as_moment(raw), _moment_reason(raw)
        case CellKind.DAY:
            text = _as_moment(raw)
            return text[:10] if text else None, _moment_reason(raw)
        case CellKind.TIME:
            return _as_clock(raw), "time"
        case _:
            text = _as_text(raw)
            return (word_for(column.choices, text) or text) if text is not None else None, "text"


def _scalar(text: str | None, reason: str, raw: Raw, spot: Spot, findings: Findings) -> Scalar | Broken:
    if text is None:
        findings.error("cell.invalid", spot, reason=reason, value=shown(str(raw)))
        return Broken(spot)
    return Scalar(text, spot, plain=False)


def _as_text(raw: Raw) -> str | None:
    """Text, or a number that Excel made of one; a date or a yes/no that it made cannot be undone."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float) or abs(raw) >= EXACT:
        return None
    return str(int(raw)) if raw == int(raw) else format(Decimal(repr(raw)), "f")


def _as_flag(raw: Raw, column: SheetColumn) -> str | None:
    if isinstance(raw, str):
        # A decision may come to an option of its own, whatever it is called.
        return raw if column.kind is CellKind.DECISION else word_for(FLAGS, raw) or raw
    if not isinstance(raw, int | float) or raw not in {0, 1}:
        return None
    return "true" if raw else "false"


def _as_moment(raw: Raw) -> str | None:
    if isinstance(raw, datetime):
        rounded = raw.replace(microsecond=0) + timedelta(seconds=round(raw.microsecond / 1_000_000))
        return f"{rounded:%Y-%m-%dT%H:%M}" if rounded.second == 0 else None
    if isinstance(raw, date):
        return raw.isoformat()
    if not isinstance(raw, str):
        return None
    if ISO_DATE.fullmatch(raw):
        return raw
    if found := DANISH_DATE.fullmatch(raw):
        day, _, month, year, hour, minute = found.groups()
    elif found := DANISH_LONG_DATE.fullmatch(raw):
        day, name, year, hour, minute = found.groups()
        month = str(MONTHS.index(name.lower()) + 1)
    else:
        return None
    text = f"{year}-{int(month):02}-{int(day):02}"
    return text if hour is None else f"{text}T{int(hour):02}:{minute}"


def _moment_reason(raw: Raw) -> str:
    return "slashes" if isinstance(raw, str) and "/" in raw else "moment"


def _as_clock(raw: Raw) -> str | None:
    if isinstance(raw, str):
        found = CLOCK.fullmatch(raw)
        return f"{int(found[1]):02}:{found[2]}" if found else None
    if isinstance(raw, timedelta) and timedelta(0) <= raw < timedelta(days=1):
        minutes, rest = divmod(round(raw.total_seconds()), 60)
        return None if rest else f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(raw, time) and not raw.second:
        return f"{raw:%H:%M}"
    return None


def _read_choice(raw: Raw, column: SheetColumn, spot: Spot, findings: Findings) -> Scalar | Broken:
    text = _as_text(raw)
    found = word_for(column.choices, text) if text is not None else None
    if found is None:
        names = tuple(name for _, name in column.choices)
        near = findings.near_params(text or "", names, near="choice_near", far="choice")
        findings.error("cell.invalid", spot, value=shown(str(raw)), choices=", ".join(names), **near)
        return Broken(spot)
    return Scalar(found, spot, plain=False)


def _read_names(raw: Raw, column: SheetColumn, spot: Spot, findings: Findings) -> Node:
    text = _as_text(raw)
    if text is None:
        return _scalar(None, "text", raw, spot, findings)
    if text == EMPTY_LIST:
        return Sequence((), spot)
    names = [name.strip() for name in SEPARATORS.split(text) if name.strip()]
    if column.kind is CellKind.CHOICES:
        return Sequence(tuple(_read_choice(name, column, spot, findings) for name in names), spot)
    return Sequence(tuple(Scalar(name, spot, plain=False) for name in names), spot)
