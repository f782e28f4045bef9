"""What a sheet of the workbook is made of, and how its name and headings are compared.

Which sheets there are is `bot.plan.sheets`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.plan import labels


class CellKind(Enum):
    """What a cell holds, and so how what Excel made of it is understood."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    FLAG = "flag"
    DECISION = "decision"
    MOMENT = "moment"
    END = "end"
    DAY = "day"
    DAY_OR_PERIOD = "day_or_period"
    TIME = "time"
    PERIOD = "period"
    DURATION = "duration"
    DAY_OR_DURATION = "day_or_duration"
    NAMES = "names"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column; `hint` names its explanation in `bot/i18n/<lang>/plan.toml`. A `needed` one must be there.

    `also` are headings that mean the same in the offices' own workbooks.
    """

    key: str
    danish: str
    english: str
    kind: CellKind = CellKind.TEXT
    choices: labels.Labels = ()
    hint: str = ""
    parent: bool = False
    needed: bool = False
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that it is read under."""
        return (self.danish, self.english, *self.also)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `key` is what it fills in the plan."""

    key: str
    danish: str
    english: str
    columns: tuple[SheetColumn, ...]
    named_by: str = ""
    """The column that an id is made of where it is empty: one of the two must be there."""
    known_by: tuple[str, ...] = ()
    """Of rows without an id, the columns that make two of them the same; () for all of them."""
    left_out: frozenset[str] = frozenset()
    """Columns that are read, and not written."""
    never_meant: frozenset[str] = frozenset()
    """Columns that no other heading is taken for: words that HR's own columns have too."""

    @property
    def written(self) -> tuple[SheetColumn, ...]:
        """The columns that a workbook of ours has."""
        return tuple(column for column in self.columns if column.key not in self.left_out)


UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad\u200e\u200f"))
"""Signs without a width, that come along from web pages and mails."""


def folded(name: str) -> str:
    """A sheet's name or heading as it is compared.

    No case, no blanks at the ends, single ones inside, none without a width.
    """
    return " ".join((name if name.isascii() else name.translate(UNSEEN)).split()).casefold()
