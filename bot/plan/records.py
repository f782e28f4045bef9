"""A mapping of the document read by the keys that the format knows.

Missing, unknown and wrongly shaped keys are noted.

`Record` is the only thing that looks inside nodes after the sources made them. Which keys there are and
what they mean is said by the `read_` modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.plan.findings import shown
from bot.plan.nodes import Broken, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bot.plan.fields import Field
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot

Value = TypeVar("Value")


class PlanRecord:
    """One mapping with known keys. A key whose value is empty (or `null`) counts as not given."""

    def __init__(self, node: Mapping, keys: tuple[str, ...], findings: Findings) -> None:
        self.spot = node.spot
        self.findings = findings
        self.is_empty = not node.entries
        self._headings = node.headings
        self._values: dict[str, Node] = {}
        for entry in node.entries:
            if entry.key not in keys:
                known = ", ".join(keys)
                findings.error(
                    "key.unknown",
                    entry.spot,
                    key=shown(entry.key),
                    known=known,
                    **findings.near_params(entry.key, keys),
                )
            elif not (isinstance(entry.value, Scalar) and entry.value.is_absent):
                self._values[entry.key] = entry.value

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._values

    def given(self, keys: Collection[str]) -> tuple[str, ...]:
        """Those of `keys` that are given, in the order of `keys`."""
        return tuple(key for key in keys if key in self._values)

    def is_single(self, key: str) -> bool:
        """Whether the key has a single value, and neither a list nor a mapping."""
        return isinstance(self._values.get(key), Scalar)

    def spot_of(self, key: str) -> Spot:
        """Where the key's value stands; the record itself where it is not given."""
        node = self._values.get(key)
        return node.spot if node is not None else self.spot

    def name_of(self, key: str) -> str:
        """What the person who has the file open calls the key."""
        return self._headings.get(key, key)

    def note_missing(self, key: str) -> None:
        """Note that the key must be there."""
        self.findings.error("key.missing", self.spot, key=self.name_of(key))

    def note_contradiction(self, key: str, other: str) -> None:
        """Note that two keys (or a key and what another one says) cannot both hold; told at `key`."""
        self.findings.error(
            "value.invalid", self.spot_of(key), reason="contradiction", key=self.name_of(key),
            other=self.name_of(other),
        )  # fmt: skip

    def note_more(self, key: str, other: str, *, count: int, limit: int) -> None:
        """Note that the number under the key is above the one under another; told at `key`."""
        names = {"key": self.name_of(key), "other": self.name_of(other)}
        self.findings.error(
            "value.invalid", self.spot_of(key), reason="more_than", count=count, limit=limit, **names
        )

    def read(self, key: str, field: Field[Value]) -> Value | None:
        """The value of an optional key; None when it is not given or wrong."""
        node = self._values.get(key)
        return None if node is None else scalar_value(node, field, self.findings)

    def require(self, key: str, field: Field[Value]) -> Value | None:
        """The value of a key that must be there; None (and noted) when it is missing or wrong."""
        if key not in self._values:
            self.note_missing(key)
            return None
        return self.read(key, field)

    def read_text(self, key: str, field: Field[str]) -> str:
        """The text of an optional key; "" when it is not given or wrong."""
        return self.read(key, field) or ""

    def require_text(self, key: str, field: Field[str]) -> str:
        """The text of a key that must be there; "" (and noted) when it is missing or wrong."""
        return self.require(key, field) or ""

    def read_each(self, key: str, field: Field[Value]) -> tuple[Value, ...]:
        """As `read_names`; () when the key is not given."""
        return self.read_names(key, field) or ()

    def read_names(self, key: str, field: Field[Value]) -> tuple[Value, ...] | None:
        """One value or a list of values, each once; None when the key is not given."""
        node = self._values.get(key)
        if node is None:
            return None
        items = node.items if isinstance(node, Sequence) else (node,)
        values = (scalar_value(item, field, self.findings) for item in items)
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def read_pairs(self, key: str) -> Iterator[tuple[Scalar, Node]]:
        """The keys (as scalars, with their places) and values of a mapping such as `audiences`."""
        node = self._values.get(key)
        if node is None:
            return
        if not isinstance(node, Mapping):
            note_shape(node, "mapping", self.findings)
            return
        for entry in node.entries:
            yield Scalar(entry.key, entry.spot, plain=False), entry.value

    def read_record(self, key: str, keys: tuple[str, ...]) -> PlanRecord | None:
        """A mapping under the key."""
        node = self._values.get(key)
        return None if node is None else record(node, keys, self.findings)

    def read_list(
        self,
        key: str,
        keys: tuple[str, ...],
        build: Callable[[PlanRecord], Value],
        *,
        in_short: Field[Value] | None = None,
    ) -> tuple[Value, ...]:
        """A list of mappings, each made by `build`; items of another shape are noted and left out.

        Where an item may be a single value, `in_short` makes something of it.
        """
        node = self._values.get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            note_shape(node, "list", self.findings)
            return ()
        found: list[Value | None] = []
        for item in node.items:
            if in_short is not None and isinstance(item, Scalar):
                found.append(in_short(item, self.findings))
            elif (inner := record(item, keys, self.findings)) is not None:
                found.append(build(inner))
        return tuple(value for value in found if value is not None)


def record(node: Node, keys: tuple[str, ...], findings: Findings) -> PlanRecord | None:
    """The node as a record, or None (and noted) when it is not a mapping."""
    if isinstance(node, Mapping):
        return PlanRecord(node, keys, findings)
    note_shape(node, "mapping", findings)
    return None


def scalar_value(node: Node, field: Field[Value], findings: Findings) -> Value | None:
    """A single value; a list or mapping in its place is noted."""
    if isinstance(node, Scalar):
        return field(node, findings)
    note_shape(node, "single", findings)
    return None


def note_shape(node: Node, wanted: str, findings: Findings) -> None:
    """Note that the node should have been a `mapping`, a `list` or a `single` value.

    A broken one is noted as broken.
    """
    if not isinstance(node, Broken):
        findings.error("value.invalid", node.spot, reason=f"shape_{wanted}")
