"""The document as a tree with places: what YAML and a workbook both become before anybody interprets them.

A scalar is text only; what it means is decided by the key it stands under, so `no`, `09:00` and `1e3`
are never mistaken for something else. Nodes may be shared (YAML aliases): they keep the place where
the text stands. Does not read bytes (`yaml_source`, `workbook_source`) and knows no key of the format.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

NULLS = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: `place` and 1-based `line` as a person sees them, `order` to sort by."""

    place: str
    line: int
    order: tuple[int, ...]


ROOT = Spot("", 1, (0,))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written; `plain` is false for a quoted or block text of YAML.

    `written` is what stands in the cell of a workbook, where `text` is what was made of it.
    """

    text: str
    spot: Spot
    plain: bool = True
    written: str = ""

    @property
    def as_written(self) -> str:
        """What the person who has the file open sees."""
        return self.written or self.text

    @property
    def is_absent(self) -> bool:
        """Whether this says nothing: empty, `~` or `null` unquoted, or an empty text."""
        return not self.text or (self.plain and self.text in NULLS)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `written` is the whole cell of a workbook that it was made of."""

    items: tuple[Node, ...]
    spot: Spot
    written: str = ""


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """One key of a mapping; `spot` is the key's."""

    key: str
    spot: Spot
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file, each key once.

    `headings` are what a workbook calls the keys.
    """

    entries: tuple[NodeEntry, ...]
    spot: Spot
    headings: ReadOnly[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Broken:
    """Something is there, cannot be understood, and has been noted: neither missing nor to be read."""

    spot: Spot


Node: TypeAlias = Scalar | Sequence | Mapping | Broken
