"""What the rows are called that problems stand in (pure).

So a mistake is known again, wherever its row has gone.

    a problem stands                                its row is called by
    at a key or value of a record                   what names the record, and those that it is part of: course, then session
    in a row of a workbook, at a cell of its own    the same, of that row
    elsewhere (a sheet, the whole file)             nothing

A record is named by its title, its name, its address, or else its id, and by what it belongs to. An address
of a cell or a line says where something stands today; with a row inserted above, it is another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.plan.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.problems import Problem
    from bot.plan.nodes import Node, Spot

BELONGING = ("course", "offering", "audience", "pool")
NAMES = ("title", "name", "email", "id")
"""What a record is called by: the first of these that it has."""


def with_rows(problems: tuple[Problem, ...], node: Node | None) -> tuple[Problem, ...]:
    """The problems, each error with what its row is called; `node` is the document, None without one."""
    if node is None or not any(problem.is_error for problem in problems):
        return problems
    called: dict[str, str] = {}
    for spot, words in _spots(node):
        called.setdefault(spot.place, words)
        called.setdefault(_row(spot.place), words)
    return tuple(
        replace(problem, row=called.get(problem.place) or called.get(_row(problem.place), ""))
        if problem.is_error
        else problem
        for problem in problems
    )


def _row(place: str) -> str:
    """`Mødegange!D7` as `Mødegange!7`: its row; a path of YAML stays as it is."""
    sheet, mark, cell = place.rpartition("!")
    return f"{sheet}!{cell.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}" if mark else place


def _spots(root: Node) -> Iterator[tuple[Spot, str]]:
    """Every place of the document with what its record is called; what YAML shares is seen once."""
    seen: set[int] = set()
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, words = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case Mapping():
                words = "\n".join(filter(None, (words, *_names(node))))
                yield node.spot, words
                for entry in node.entries:
                    yield entry.spot, words
                waiting += [(entry.value, words) for entry in reversed(node.entries)]
            case Sequence():
                yield node.spot, words
                waiting += [(item, words) for item in reversed(node.items)]
            case _:
                yield node.spot, words


def _names(record: Mapping) -> Iterator[str]:
    said = {entry.key: entry.value.text for entry in record.entries if isinstance(entry.value, Scalar)}
    yield from (said[key] for key in BELONGING if key in said)
    yield next((said[key] for key in NAMES if said.get(key)), "")
