"""Pools of money with what they reserve and pay besides courses, and what a course takes from them.

Decisions where the format is silent: an expense without an amount is known of and costs nobody knows what; a
`purpose` is one that the pool reserves money for, because a misspelt one would be paid from the rest in
silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.assumptions import ALWAYS
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus, FundingPool
from bot.plan import fields, keys
from bot.plan.moments import FIRST_YEAR, LAST_YEAR
from bot.plan.read_condition import condition
from bot.plan.records import record, scalar_value
from bot.plan.scope import IdsOnce, reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from decimal import Decimal

    from bot.domain.assumptions import Outcome
    from bot.plan.nodes import Spot
    from bot.plan.records import PlanRecord
    from bot.plan.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPool:
    """A pool with the places that a message about its money points at.

    `purposes` by what they are reserved for.
    """

    pool: FundingPool
    amount: Spot
    reserved: Spot
    purposes: Mapping[str, Spot]


def read_pools(root: PlanRecord, assumptions: Mapping[str, tuple[Outcome, ...]]) -> Iterator[PlacedPool]:
    """The plan's pools in its order; `assumptions` are the options by id that an expense may depend on."""
    ids = IdsOnce()
    for key, value in root.read_pairs("funding"):
        found = ids.declare(key, root.findings)
        item = record(value, keys.POOL_KEYS, root.findings)
        if item is None:
            continue
        reserved = tuple(_read_reserved(item))
        pool = FundingPool(
            id=found,
            name=item.read("name", fields.line_text()) or found,
            year=item.read("year", fields.whole(FIRST_YEAR, LAST_YEAR)),
            amount=item.read("amount", fields.amount),
            currency=item.read("currency", fields.currency) or "DKK",
            reserved=tuple((purpose, share) for purpose, share, _ in reserved),
            expenses=_read_expenses(item, [purpose for purpose, _, _ in reserved], assumptions),
        )
        yield PlacedPool(
            pool=pool,
            amount=item.spot_of("amount"),
            reserved=item.spot_of("reserved"),
            purposes={purpose: spot for purpose, _, spot in reserved},
        )


def _read_reserved(item: PlanRecord) -> Iterator[tuple[str, Decimal, Spot]]:
    ids = IdsOnce()
    for key, value in item.read_pairs("reserved"):
        purpose = ids.declare(key, item.findings)
        share = scalar_value(value, fields.amount, item.findings)
        if share is not None:
            yield purpose, share, value.spot


def _read_expenses(
    pool: PlanRecord, purposes: Collection[str], assumptions: Mapping[str, tuple[Outcome, ...]]
) -> tuple[Expense, ...]:
    def read(item: PlanRecord) -> Expense:
        return Expense(
            title=item.require_text("title", fields.line_text()),
            amount=item.read("amount", fields.amount),
            purpose=item.read("purpose", reference("purpose", purposes)),
            status=item.read("status", fields.choice(ExpenseStatus)) or ExpenseStatus.PLANNED,
            note=item.read_text("note", fields.block_text),
            when=item.read("when", condition(assumptions)) or ALWAYS,
        )

    return pool.read_list("expenses", keys.EXPENSE_KEYS, read)


def read_funding(item: PlanRecord, scope: Scope) -> CourseFunding:
    """What a course takes from one pool."""
    pool = item.require_text("pool", reference("pool", scope.pools))
    # Of a pool that is not known nobody can say what it is for; that is noted already.
    purpose = item.read("purpose", reference("purpose", scope.pools[pool]) if pool else fields.line_text())
    return CourseFunding(
        pool=pool,
        amount=item.read("amount", fields.amount),
        purpose=purpose,
        spent=item.read("spent", fields.amount),
        when=item.read("when", condition(scope.assumptions)) or ALWAYS,
    )
