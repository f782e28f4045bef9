"""The shape of a plan's workbook: which known sheets and columns it has, apart from what stands in them.

A shape is a set of keys: `courses` is a sheet, `courses.capacity` a column (on the sheet `plan` a row), and
`courses.capacity?` one without any value. A cell that HR emptied is what HR says; a column that is gone says
nothing of why, and would take every seat limit with it. YAML has no shape: there a key is written for each
thing.

    the key before              today                               what it is
    a sheet                     not there                           vanished, its columns with it
    a column with values        not there, its sheet is             vanished
    a column with values        there, with values or without       HR's own doing
    a column without values     anything                            nothing lost
    anything                    no shape (YAML)                     nothing: another kind of document
"""

from __future__ import annotations

from typing import TypeAlias

Shape: TypeAlias = frozenset[str]

NO_SHAPE: Shape = frozenset()
EMPTY = "?"


def shape_key(sheet: str, column: str = "", *, filled: bool = True) -> str:
    """The key of a sheet, or of a column: the last part of its own key, which a sheet has once."""
    name = f"{sheet}.{column.rpartition('.')[2]}" if column else sheet
    return name if filled else name + EMPTY


def vanished(before: Shape, after: Shape) -> tuple[str, ...]:
    """The keys of what was there with something in it and is there no longer, sorted.

    A sheet stands for its columns.
    """
    if not after:
        return ()
    today = {key.removesuffix(EMPTY) for key in after}
    gone = sorted(key for key in before if not key.endswith(EMPTY) and key not in today)
    return tuple(key for key in gone if "." not in key or key.partition(".")[0] in today)
