"""Money that courses are paid from, and the open decisions that it may depend on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPool:
    """Money that courses are paid from; `reserved` are shares of `amount` set aside by purpose."""

    id: str
    name: str
    year: int | None = None
    amount: Decimal = Decimal(0)
    currency: str = "DKK"
    reserved: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """An open decision: True, False, or None while it is undecided."""

    id: str
    value: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFunding:
    """What a course takes from a pool; `when` is an assumption that must hold (`negated`: must not)."""

    pool: str
    amount: Decimal | None = None
    when: str | None = None
    negated: bool = False
