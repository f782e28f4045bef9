"""Who answers for whom: `for` a leader, `by` somebody else, and whether they get `copies`.

| a row that | is |
|---|---|
| names one address twice | wrong: nobody is a delegate of themselves |
| says what another has said | wrong, at the later one |
| is for somebody whom no audience lists | doubtful, where no audience has a group: the directory alone knows them |
| goes round (for A by B, for B by A) | allowed: each answers for the other |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.delegates import Delegate
from bot.plan import fields, keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.plan import AudienceRule
    from bot.plan.records import PlanRecord


def read_delegates(root: PlanRecord, audiences: Sequence[AudienceRule]) -> tuple[Delegate, ...]:
    """What stands under `delegates` of a plan with these audiences."""
    seen: set[tuple[str, str]] = set()
    known = None
    if not any(rule.groups for rule in audiences):
        known = frozenset(person.email for rule in audiences for person in rule.people)
    return root.read_list("delegates", keys.DELEGATE_KEYS, lambda item: _read(item, seen, known))


def _read(item: PlanRecord, seen: set[tuple[str, str]], known: frozenset[str] | None) -> Delegate:
    """`known` are all people there are, None where only the directory knows."""
    leader, by = item.require_text("for", fields.address), item.require_text("by", fields.address)
    if leader and leader == by:
        item.findings.error("value.invalid", item.spot_of("by"), reason="delegate_self", value=by)
    elif (leader, by) in seen:
        item.findings.error(
            "value.invalid", item.spot_of("by"), reason="delegate_twice", value=by, leader=leader
        )
    elif leader and by:
        seen.add((leader, by))
    if leader and known is not None and leader not in known:
        item.findings.warn("delegate.unknown_leader", item.spot_of("for"), value=leader)
    return Delegate(leader=leader, by=by, copies=item.read("copies", fields.flag) or False)
