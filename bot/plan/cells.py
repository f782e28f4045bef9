"""What Excel made of a cell → the text that the plan format would have there, or `cell.invalid`.

    column   text                          number              date, date and time          time           yes/no
    TEXT     as it is                      2025.0 → 2025       refused: Excel guessed       refused        refused
    NUMBER   1.000 → 1000 (checked later)  its digits          refused                      refused        refused
    AMOUNT   as in `written_amounts`       its digits          refused                      refused        refused
    FLAG     ja, nej, x (checked later)    1 and 0             refused                      refused        true, false
    DECISION as it is (checked later)      1 and 0             refused                      refused        true, false
    MOMENT   as in `written_dates` → ISO   refused             ISO; midnight is the date    refused        refused
    END      as MOMENT; a time: its hour   a whole hour        the same                     HH:MM          refused
    DAY      as MOMENT                     refused             the date                     refused        refused
    DAY_OR_PERIOD as MOMENT, as PERIOD     a year              the date                     refused        refused
    TIME     9:00, kl. 9, 9.00 → 09:00     a whole hour        refused                      HH:MM          refused
    PERIOD   2. halvår 2025 → 2025-H2      its digits          refused: Excel guessed       refused        refused
    DAY_OR_DURATION as MOMENT, as DURATION                refused     the date            refused        refused
    DURATION 2 timer → 2h, a time: HH:MM   as TEXT             refused                      HH:MM          refused

Excel has one value for a date and for its midnight: it is read as the date alone; write the text
`2025-06-18T00:00` for midnight. Blanks that do not break are blanks, and those without a width are nothing. A
row with nothing but boxes that nobody has ticked is empty, as spreadsheets save such boxes in every row.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from bot.plan.columns import UNSEEN, CellKind, folded
from bot.plan.fields import NO_WIDTH
from bot.plan.findings import shown
from bot.plan.labels import FLAGS, word_for
from bot.plan.moments import DURATION
from bot.plan.nodes import Broken, Node, Scalar, Sequence
from bot.plan.written_amounts import read_amount, read_whole, rounded
from bot.plan.written_dates import day_of_excel, read_clock, read_date, read_duration, read_period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.plan.columns import SheetColumn
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot

Raw: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
# The text that the format has, None where the table above refuses the cell; and the reason to give then.
Reading: TypeAlias = tuple[str | None, str]

EMPTY_LIST = "-"
SEPARATORS = re.compile(r"[,;\n]")
# Beyond this a number of Excel has lost digits (15 significant ones).
EXACT = 1e15
HOURS = 24
BLANKS = UNSEEN | {ord(sign): " " for sign in "\u00a0\u202f\u2007\u2009"}
# Running text keeps its blanks, and the signs that say where a word may break or which way it runs.
KEPT = {
    CellKind.TEXT: NO_WIDTH,
    CellKind.NAMES: NO_WIDTH | dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009"), " "),
}
TICKED = frozenset({"x", "✓", "✔", "☑", "☒", "sand"})
UNTICKED = frozenset({"false", "nej", "no", "falsk", "☐"})


def read_cell(raw: Raw, column: SheetColumn, spot: Spot, findings: Findings) -> Node | None:
    """The cell as a node; None when it is empty."""
    if isinstance(raw, str):
        raw = clean(raw, column)
        if not raw:
            return None
    if column.kind in {CellKind.NAMES, CellKind.CHOICES}:
        return _read_names(raw, column, spot, findings)
    if column.kind is CellKind.CHOICE:
        return _read_choice(raw, column, spot, findings)
    text, reason = _as_kind(raw, column)
    return _scalar(text, reason, raw, spot, findings)


def clean(words: str, column: SheetColumn) -> str:
    """A text without what cannot be seen; blanks within running text stay as they are."""
    if words.isascii():
        return words.strip()
    return words.translate(KEPT.get(column.kind, BLANKS)).strip()


def is_empty(raw: Raw) -> bool:
    """Whether the cell holds nothing that somebody could see."""
    return isinstance(raw, str) and not raw.translate(UNSEEN).strip()


def is_unticked(raw: Raw, column: SheetColumn) -> bool:
    """Whether the cell is a box that nobody has ticked.

    Excel's FALSE wherever it stands, or a no where yes and no belong.
    """
    if isinstance(raw, bool):
        return not raw
    return column.kind is CellKind.FLAG and (raw == 0 or (isinstance(raw, str) and folded(raw) in UNTICKED))


def _as_kind(raw: Raw, column: SheetColumn) -> Reading:
    """The cell by the table above."""
    if column.kind in {CellKind.FLAG, CellKind.DECISION}:
        return _as_flag(raw, column), "flag"
    if (reader := READERS.get(column.kind)) is not None:
        return reader(raw)
    text = _as_text(raw)
    return (word_for(column.choices, text) or text) if text is not None else None, "text"


def _scalar(text: str | None, reason: str, raw: Raw, spot: Spot, findings: Findings) -> Scalar | Broken:
    if text is None:
        findings.error("cell.invalid", spot, reason=reason, value=shown(as_seen(raw)))
        return Broken(spot)
    return Scalar(text, spot, plain=False, written="" if raw == text else as_seen(raw))


def as_seen(raw: Raw) -> str:
    """A cell as its sheet shows it, for messages: a date with the day first."""
    match raw:
        case bool():
            return "SAND" if raw else "FALSK"
        case datetime():
            return f"{as_seen(raw.date())} {as_seen(raw.time())}"
        case date():
            return f"{raw.day:02}-{raw.month:02}-{raw.year}"
        case time():
            return f"{raw:%H:%M}"
        case float() if raw.is_integer():
            return str(int(raw))
        case _:
            return str(raw)


def _as_text(raw: Raw) -> str | None:
    """Text, or a number that Excel made of one; a date or a yes/no that it made cannot be undone."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < EXACT:
        return None
    return str(int(raw)) if raw == int(raw) else format(Decimal(repr(raw)), "f")


def _as_amount(raw: Raw) -> str | None:
    if isinstance(raw, str):
        return read_amount(raw)
    return _as_text(rounded(raw) if isinstance(raw, float) and abs(raw) < EXACT else raw)


def _as_flag(raw: Raw, column: SheetColumn) -> str | None:
    if isinstance(raw, str):
        if column.kind is CellKind.DECISION:  # it may come to an option of its own, whatever it is called
            return raw
        word = folded(raw)
        return "true" if word in TICKED else "false" if word in UNTICKED else word_for(FLAGS, raw) or raw
    if not isinstance(raw, int | float) or raw not in {0, 1}:
        return None
    return "true" if raw else "false"


def _as_moment(raw: Raw) -> Reading:
    match raw:
        case date():
            return day_of_excel(raw), "moment"
        case str():
            return read_date(raw)
        case _:
            return None, "moment"


def _as_day_or_period(raw: Raw) -> Reading:
    """A day, or the period in which it will be: `2025` is a year."""
    if isinstance(raw, date):
        return _as_moment(raw)
    written = _as_text(raw)
    text, reason = (None, "moment") if written is None else read_date(written)
    if text is not None or written is None or reason != "moment":
        return text, reason
    period = read_period(written)
    return (period, "") if PERIOD_LIKE.fullmatch(period) else (None, "moment")


PERIOD_LIKE = re.compile(r"(?:20|21)\d\d(?:-(?:[qQ][1-4]|[hH][12]|\d\d))?", re.ASCII)


def _as_day_or_duration(raw: Raw) -> Reading:
    """A day, or how long after the course: `6 uger`."""
    if not isinstance(raw, str):
        return _as_moment(raw) if isinstance(raw, date) else (None, "day_or_duration")
    length = read_duration(raw)
    text, reason = (length, "") if DURATION.fullmatch(length) else read_date(raw)
    return text, "day_or_duration" if reason == "moment" else reason


def _as_clock(raw: Raw) -> str | None:
    match raw:
        case str():
            return read_clock(raw)
        case timedelta() if timedelta(0) <= raw < timedelta(days=1):
            minutes, rest = divmod(round(raw.total_seconds()), 60)
            return None if rest else f"{minutes // 60:02}:{minutes % 60:02}"
        case time() if not raw.second:
            return f"{raw:%H:%M}"
        case bool():
            return None
        case int() | float() if 0 <= raw < HOURS and raw == int(raw):
            return f"{int(raw):02}:00"
        case _:
            return None


def _as_duration(raw: Raw) -> str | None:
    if not isinstance(raw, time | timedelta):
        text = _as_text(raw)
        return text and read_duration(text)
    return _as_clock(raw)


def _read_choice(raw: Raw, column: SheetColumn, spot: Spot, findings: Findings) -> Scalar | Broken:
    text = _as_text(raw)
    found = word_for(column.choices, text) if text is not None else None
    if found is None:
        names = tuple(name for _, name in column.choices)
        near = findings.near_params(text or "", names, near="choice_near", far="choice")
        findings.error("cell.invalid", spot, value=shown(as_seen(raw)), choices=", ".join(names), **near)
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
    return Sequence(tuple(Scalar(name, spot, plain=False) for name in names), spot, written=text)


def _as_end(raw: Raw) -> Reading:
    clock = _as_clock(raw)
    return _as_moment(raw) if clock is None else (clock, "")


def _in_words(read: Callable[[str], str], reason: str) -> Callable[[Raw], Reading]:
    """A text that is read in its own way, and a number as its digits."""

    def reader(raw: Raw) -> Reading:
        text = _as_text(raw)
        return text and read(text), reason

    return reader


READERS: Mapping[CellKind, Callable[[Raw], Reading]] = MappingProxyType({
    CellKind.NUMBER: _in_words(read_whole, "number"),
    CellKind.AMOUNT: lambda raw: (_as_amount(raw), "amount"),
    CellKind.MOMENT: _as_moment,
    CellKind.DAY: _as_moment,
    CellKind.DAY_OR_PERIOD: _as_day_or_period,
    CellKind.DAY_OR_DURATION: _as_day_or_duration,
    CellKind.END: _as_end,
    CellKind.TIME: lambda raw: (_as_clock(raw), "time"),
    CellKind.PERIOD: _in_words(read_period, "period"),
    CellKind.DURATION: lambda raw: (_as_duration(raw), "duration"),
})  # fmt: skip
