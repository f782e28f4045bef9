"""What the parts of a plan refer to: its zone and the ids it declares, known before the courses are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.plan.fields import local_id
from bot.plan.findings import shown
from bot.plan.moments import WallTime, occurrence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime, tzinfo

    from bot.domain.assumptions import Outcome
    from bot.domain.people import Language
    from bot.plan.fields import Field
    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar, Spot
    from bot.plan.records import PlanRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`zone` is None when the plan's own is wrong (already noted).

    Then wall times are not checked against it.

    `pools` have the purposes that they reserve, `assumptions` their options; both by id.
    """

    zone: tzinfo | None
    language: Language
    audiences: Collection[str]
    pools: Mapping[str, tuple[str, ...]]
    assumptions: Mapping[str, tuple[Outcome, ...]]


def reference(kind: str, known: Collection[str], *, listed: bool = False) -> Field[str]:
    """An id that the plan must declare.

    `kind` (audience, pool, purpose, assumption, option, template) picks the text.

    `listed`: there are few, and always the same, so the text names them all.
    """
    names = {"known": ", ".join(known)} if listed else {}

    def read(scalar: Scalar, findings: Findings) -> str | None:
        if scalar.text in known:
            return scalar.text
        near = findings.near_params(scalar.text, known, near=f"{kind}_near", far=kind)
        findings.error("reference.unknown", scalar.spot, value=shown(scalar.as_written), **near, **names)
        return None

    return read


def check_wall(wall: datetime, spot: Spot, scope: Scope, findings: Findings) -> None:
    """Note a wall time that the zone's clocks skip (error) or show twice (warning: the first is meant)."""
    occurs = WallTime.ONCE if scope.zone is None else occurrence(wall, scope.zone)
    if occurs is WallTime.NEVER:
        findings.error("time.nonexistent", spot, time=wall, zone=str(scope.zone))
    elif occurs is WallTime.TWICE:
        findings.warn("time.ambiguous", spot, time=wall, zone=str(scope.zone))


def read_wall(record: PlanRecord, key: str, scope: Scope, field: Field[datetime]) -> datetime | None:
    """An optional wall time with its hour, checked against the zone."""
    wall = record.read(key, field)
    if wall is not None:
        check_wall(wall, record.spot_of(key), scope, record.findings)
    return wall


def earlier_id(item: PlanRecord, own: str, form: Field[str] = local_id) -> str | None:
    """The id that the item had before (`was`); None where it says nothing, or (noted) says its own."""
    found = item.read("was", form)
    if found is not None and found == own:
        item.findings.warn("was.own_id", item.spot_of("was"), id=found)
        return None
    return found


class IdsOnce:
    """The ids of one list, those of before (`was`) too: each item's is read here, and what clashes is noted.

    The second of two equal ids, the second of two equal `was`, and a `was` that is another item's id today.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._before: dict[str, Spot] = {}

    def read(self, item: PlanRecord) -> str:
        """The item's id; "" when it is missing or wrong (noted)."""
        found = item.require("id", local_id)
        if found is None:
            return ""
        self.note(found, item.spot_of("id"), item.findings)
        return found

    def read_earlier(self, item: PlanRecord, own: str) -> str | None:
        """The item's `was`; None where it says nothing, or (noted) nothing that could be followed."""
        found = earlier_id(item, own)
        if found is None:
            return None
        spot = item.spot_of("was")
        if found in self._before:
            item.findings.error("was.twice", spot, id=found)
            return None
        self._before[found] = spot
        if found in self._seen:
            item.findings.error("was.in_use", spot, id=found)
        return found

    def declare(self, key: Scalar, findings: Findings) -> str:
        """The id that a key of a mapping is; "" when it is wrong (noted)."""
        found = local_id(key, findings)
        if found is not None:
            self.note(found, key.spot, findings)
        return found or ""

    def note(self, found: str, spot: Spot, findings: Findings) -> None:
        """Remember an id, noting it when it was there already."""
        if found in self._seen:
            findings.error("id.duplicate", spot, id=found)
        elif found in self._before:
            findings.error("was.in_use", self._before[found], id=found)
        self._seen.add(found)
