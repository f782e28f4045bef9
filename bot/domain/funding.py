"""Money that courses and other things are paid from: pools, their purposes, and what is taken from them.

Amounts are never below 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.assumptions import ALWAYS

if TYPE_CHECKING:
    from bot.domain.assumptions import Condition


class ExpenseStatus(StrEnum):
    """How far an expense is."""

    PLANNED = "planned"
    COMMITTED = "committed"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """What a pool pays that is no course: a grant for a diploma, a survey.

    `purpose` is one that the pool reserves, None for none.
    """

    title: str
    amount: Decimal | None = None
    purpose: str | None = None
    status: ExpenseStatus = ExpenseStatus.PLANNED
    note: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPool:
    """Money that courses are paid from; `reserved` are shares of `amount` set aside by purpose.

    `amount` None is not known yet.
    """

    id: str
    name: str
    year: int | None = None
    amount: Decimal | None = None
    currency: str = "DKK"
    reserved: tuple[tuple[str, Decimal], ...] = ()
    expenses: tuple[Expense, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFunding:
    """What a course takes from a pool, for a `purpose` that the pool reserves or for none.

    `spent` is what it has cost so far.
    """

    pool: str
    amount: Decimal | None = None
    purpose: str | None = None
    spent: Decimal | None = None
    when: Condition = ALWAYS
