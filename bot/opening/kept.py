"""What was put together of a plan and its books, kept while both say the same.

The plan in force is put together of every course's version; a page that only shows one course cannot do that
each time somebody looks. What it is made of is read anew at each look, so that nobody is shown what another
process has changed meanwhile. Nothing of this outlives the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import is_
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.approvals.versions import Changed
    from bot.domain.drafts import Rows
    from bot.domain.plan import CoursePlan
    from bot.plan.parse import ParsedPlan

Made = TypeVar("Made")

Versions = tuple[dict[str, "CoursePlan"], frozenset[str]]
"""By course the version in force, and the courses whose version nobody can read."""


@dataclass(slots=True)
class Latest(Generic[Made]):
    """By plan: what was made last, and what of."""

    _made: dict[str, tuple[tuple[object, ...], object, Made]] = field(default_factory=dict)

    def of(self, plan: str, same: tuple[object, ...], equal: object, make: Callable[[], Made]) -> Made:
        """What was made before of these very objects `same` and something `equal`, else what `make` gives."""
        before = self._made.get(plan)
        if before is not None and all(map(is_, before[0], same)) and before[1] == equal:
            return before[2]
        made = make()
        self._made[plan] = same, equal, made
        return made


@dataclass(frozen=True, slots=True)
class KeptPlans:
    """Of a process: plans with what the desk said and decided, versions, what differs, what is in force.

    Of a plan on the desk its rows, and what a draft would make of it.
    """

    named: Latest[CoursePlan] = field(default_factory=Latest)
    decided: Latest[CoursePlan] = field(default_factory=Latest)
    versions: Latest[Versions] = field(default_factory=Latest)
    changed: Latest[tuple[Changed, ...]] = field(default_factory=Latest)
    in_force: Latest[CoursePlan] = field(default_factory=Latest)
    rows: Latest[Rows] = field(default_factory=Latest)
    drafted: Latest[ParsedPlan] = field(default_factory=Latest)
