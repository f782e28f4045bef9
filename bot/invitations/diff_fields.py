"""Which fields of an event are written, left alone or told of.

The part of the difference that is about content (pure). Each side is compared with its own past.

Start and end are one field:

    has a past  plan moved  Outlook moved  Outlook says it already  then
    no          –           –              yes                      settle (the books only)
    no          –           –              no                       update
    yes         no          no             –                        nothing
    yes         yes         –              yes                      settle
    yes         yes         no             no                       update
    yes         no          yes            yes                      settle
    yes         no          yes            no                       Conflict(drift); with restore: update
    yes         yes         yes            no                       Conflict(both); with restore: update

    plan no longer says it, we wrote it, it stands there    then
    the place                                               update: taken away
    the Teams meeting                                       Conflict(online_stays): Graph cannot turn it off

A meeting that Teams did not make when it was asked is a Conflict(online_missing): asking again is a
mail to everybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.domain.changes import Reason
from bot.domain.events import EventField, LedgerState
from bot.invitations.fingerprint import UNMANAGED, desired_fingerprints, observed_fingerprints, same_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.events import EventContent, LedgerEntry

Unit = tuple[EventField, ...]
"""What moves together: each field alone, but start and end."""

UNITS: tuple[Unit, ...] = tuple(
    (EventField.START, EventField.END) if field is EventField.START else (field,)
    for field in EventField
    if field is not EventField.END
)


class _Then(Enum):
    """What is done about a unit: the last column of the tables above."""

    NOTHING = auto()
    SETTLE = auto()
    UPDATE = auto()
    DRIFT = auto()
    BOTH = auto()
    ONLINE_STAYS = auto()
    ONLINE_MISSING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsDifference:
    """The fields to write, those that a person has edited, and those that both sides have moved.

    And whether the books are behind, and what is wrong with the Teams meeting.
    """

    update: frozenset[EventField]
    drift: frozenset[EventField]
    both: frozenset[EventField]
    settle: bool
    online: Reason | None

    def written(self, *, restore: bool) -> frozenset[EventField]:
        """The fields to write under the policy."""
        return self.update | self.drift | self.both if restore else self.update


def compare_fields(
    desired: EventContent, observed: EventContent, entry: LedgerEntry | None
) -> FieldsDifference:
    """What is to be done about fields."""
    sides = _Sides.of(desired, observed, entry)
    found: defaultdict[_Then, set[EventField]] = defaultdict(set)
    for unit in UNITS:
        then = _decide(unit, sides)
        if then is not _Then.NOTHING:
            # What the plan no longer says is the same as anything, and still has to go.
            found[then].update(sides.different(unit) or unit)
    online = None
    if found[_Then.ONLINE_STAYS]:
        online = Reason.ONLINE_STAYS
    elif found[_Then.ONLINE_MISSING]:
        online = Reason.ONLINE_MISSING
    return FieldsDifference(
        update=frozenset(found[_Then.UPDATE]),
        drift=frozenset(found[_Then.DRIFT]),
        both=frozenset(found[_Then.BOTH]),
        settle=bool(found[_Then.SETTLE]),
        online=online,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What plan and Outlook say now, and what each said when we last wrote; nothing where we never did."""

    desired: EventContent
    observed: EventContent
    plan_now: Mapping[str, str]
    plan_then: Mapping[str, str]
    outlook_now: Mapping[str, str]
    outlook_then: Mapping[str, str]
    is_written: bool

    @classmethod
    def of(cls, desired: EventContent, observed: EventContent, entry: LedgerEntry | None) -> _Sides:
        return cls(
            desired=desired,
            observed=observed,
            plan_now=desired_fingerprints(desired),
            plan_then=entry.desired_fields if entry else {},
            outlook_now=observed_fingerprints(observed),
            outlook_then=entry.observed_fields if entry else {},
            is_written=entry is not None and entry.state is LedgerState.APPLIED,
        )

    def is_as_it_was(self, unit: Unit) -> bool:
        """Whether it has a past, and neither side has moved since: so it is nearly always."""
        return all(
            self.plan_now[field] == self.plan_then.get(field)
            and self.outlook_now[field] == self.outlook_then.get(field)
            for field in unit
        )

    def has_past(self, unit: Unit) -> bool:
        return all(field in self.plan_then and field in self.outlook_then for field in unit)

    def plan_moved(self, unit: Unit) -> bool:
        return not self.has_past(unit) or any(self.plan_now[field] != self.plan_then[field] for field in unit)

    def outlook_moved(self, unit: Unit) -> bool:
        return self.has_past(unit) and any(
            self.outlook_now[field] != self.outlook_then[field] for field in unit
        )

    def different(self, unit: Unit) -> set[EventField]:
        return {field for field in unit if not same_value(self.desired, self.observed, field)}

    def is_managed(self, unit: Unit) -> bool:
        return any(self.plan_now[field] != UNMANAGED for field in unit)

    def is_dropped(self, unit: Unit) -> bool:
        """Whether the plan named a place or a meeting and no longer does, while ours still stands there."""
        match unit:
            case (EventField.LOCATION as field,):
                stands = self.desired.location is None and self.observed.location is not None
            case (EventField.ONLINE as field,):
                stands = not self.desired.online and self.observed.online
            case _:
                return False
        return stands and self.plan_then.get(field, UNMANAGED) != UNMANAGED


def _decide(unit: Unit, sides: _Sides) -> _Then:
    is_online = EventField.ONLINE in unit
    if sides.is_as_it_was(unit):
        return _Then.NOTHING
    plan_moved, outlook_moved = sides.plan_moved(unit), sides.outlook_moved(unit)
    if not outlook_moved and sides.is_dropped(unit):
        return _Then.ONLINE_STAYS if is_online else _Then.UPDATE
    if not sides.different(unit):
        # Outlook's move in a field that the plan leaves alone is a person's own business.
        return _Then.SETTLE if plan_moved or sides.is_managed(unit) else _Then.NOTHING
    if is_online and sides.is_written and not sides.has_past(unit):
        return _Then.ONLINE_MISSING
    if not outlook_moved:
        return _Then.UPDATE
    return _Then.BOTH if plan_moved else _Then.DRIFT
