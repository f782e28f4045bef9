"""What the parts of a plan refer to: its zone and the ids it declares, known before the courses are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.plan.fields import local_id
from bot.plan.findings import shown
from bot.plan.moments import WallTime, occurrence, timed_moment

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, tzinfo

    from bot.plan.fields import Field
    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar, Spot
    from bot.plan.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`zone` is None when the plan's own is wrong (already noted): then wall times are not checked against it."""

    zone: tzinfo | None
    audiences: Collection[str]
    pools: Collection[str]
    assumptions: Collection[str]


def reference(kind: str, known: Collection[str]) -> Field[str]:
    """An id that the plan must declare; `kind` (audience, pool, assumption, template) picks the text."""

    def read(scalar: Scalar, findings: Findings) -> str | None:
        if scalar.text in known:
            return scalar.text
        near = findings.near_params(scalar.text, known, near=f"{kind}_near", far=kind)
        findings.error("reference.unknown", scalar.spot, value=shown(scalar.text), **near)
        return None

    return read


def check_wall(wall: datetime, spot: Spot, scope: Scope, findings: Findings) -> None:
    """Note a wall time that the zone's clocks skip (error) or show twice (warning: the first is meant)."""
    occurs = WallTime.ONCE if scope.zone is None else occurrence(wall, scope.zone)
    if occurs is WallTime.NEVER:
        findings.error("time.nonexistent", spot, time=f"{wall:%Y-%m-%dT%H:%M}", zone=str(scope.zone))
    elif occurs is WallTime.TWICE:
        findings.warn("time.ambiguous", spot, time=f"{wall:%Y-%m-%dT%H:%M}", zone=str(scope.zone))


def read_wall(record: Record, key: str, scope: Scope) -> datetime | None:
    """An optional wall time with its hour, checked against the zone."""
    wall = record.read(key, timed_moment)
    if wall is not None:
        check_wall(wall, record.spot_of(key), scope, record.findings)
    return wall


class IdsOnce:
    """The ids of one list: each item's is read here, and the second of two equal ones is noted."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def read(self, item: Record) -> str:
        """The item's id; "" when it is missing or wrong (noted)."""
        found = item.require("id", local_id)
        if found is None:
            return ""
        self.note(found, item.spot_of("id"), item.findings)
        return found

    def note(self, found: str, spot: Spot, findings: Findings) -> None:
        """Remember an id, noting it when it was there already."""
        if found in self._seen:
            findings.error("id.duplicate", spot, id=found)
        self._seen.add(found)
