"""Open decisions, and what depends on them: `when` of a course, offering, session, funding or expense.

A condition is several terms that must all hold; one without terms always holds:

    one term is of a decided assumption, otherwise   another is undecided   the condition
    yes                                              any                    fails
    no                                               yes                    is open
    no                                               no                     holds
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Outcome: TypeAlias = bool | str
"""What a decision comes to: yes or no, or the id of one of its own options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A decision that the plan depends on. `value` is one of `options`, or None while it is undecided.

    `decided_by` is a body or a role as it was written, `case` the number of the file.
    """

    id: str
    value: Outcome | None
    question: str = ""
    options: tuple[Outcome, ...] = (True, False)
    decided_by: str = ""
    decided_on: date | None = None
    case: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One assumption that must have come to this outcome."""

    assumption: str
    outcome: Outcome


Condition: TypeAlias = tuple[Term, ...]
ALWAYS: Condition = ()


class OutcomeStanding(Enum):
    """Where a condition stands."""

    HOLDS = "holds"
    OPEN = "open"
    FAILS = "fails"


def standing(condition: Condition, decided: Mapping[str, Outcome | None]) -> OutcomeStanding:
    """By the table above; an assumption that `decided` does not name is undecided."""
    if not condition:
        return OutcomeStanding.HOLDS
    found = [(term.outcome, decided.get(term.assumption)) for term in condition]
    if any(value is not None and value != outcome for outcome, value in found):
        return OutcomeStanding.FAILS
    return OutcomeStanding.OPEN if any(value is None for _, value in found) else OutcomeStanding.HOLDS


def still_open(condition: Condition, decided: Mapping[str, Outcome | None]) -> Condition:
    """The terms that wait for a decision."""
    return tuple(term for term in condition if decided.get(term.assumption) is None)


def can_both_hold(condition: Condition, other: Condition) -> bool:
    """Whether nothing that the one asks for is another outcome than the other asks for."""
    wanted = {term.assumption: term.outcome for term in condition}
    return all(wanted.get(term.assumption, term.outcome) == term.outcome for term in other)


def condition_text(condition: Condition) -> str:
    """As the plan format writes it.

    `velfaerdsmidler`, `not velfaerdsmidler`, `form = flere-dage`, joined by `and`.
    """
    return " and ".join(map(_term_text, condition))


def _term_text(term: Term) -> str:
    if isinstance(term.outcome, bool):
        return term.assumption if term.outcome else f"not {term.assumption}"
    return f"{term.assumption} = {term.outcome}"
