"""What a plan's decisions had come to before: noted whenever a round sees one stand otherwise (pure).

    a decision                                                   is noted
    that was never seen                                          as it stands
    whose value, body, day or file is not what was noted last    as it stands now
    otherwise                                                    not

What was there before anybody noted it is not known, and nobody says what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from bot.domain.assumptions import Assumption, Outcome
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedDecision:
    """How a decision stood from `noted_at` (UTC) on; `value` None: undecided.

    `decided_by` is a body or a role, as it was written.
    """

    assumption: str
    value: Outcome | None
    decided_by: str
    decided_on: date | None
    case: str
    noted_at: datetime

    @property
    def stands(self) -> tuple[Outcome | None, str, date | None, str]:
        """What makes it another note."""
        return self.value, self.decided_by, self.decided_on, self.case


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChange:
    """One decision that came to something else than it had before."""

    before: Outcome | None
    after: NotedDecision


def news(plan: CoursePlan, noted: Iterable[NotedDecision], *, now: datetime) -> tuple[NotedDecision, ...]:
    """What is to be noted by the table above, in the order of the plan; `noted` oldest first, `now` UTC."""
    last = {note.assumption: note for note in noted}
    found = (_noted(assumption, now) for assumption in plan.assumptions)
    return tuple(
        note for note in found if note.assumption not in last or last[note.assumption].stands != note.stands
    )


def changes_of(assumption: str, noted: Sequence[NotedDecision]) -> Iterator[DecisionChange]:
    """When its value became another one, oldest first."""
    mine = [note for note in noted if note.assumption == assumption]
    for before, after in pairwise(mine):
        if (type(before.value), before.value) != (type(after.value), after.value):
            yield DecisionChange(before=before.value, after=after)


def _noted(assumption: Assumption, now: datetime) -> NotedDecision:
    return NotedDecision(
        assumption=assumption.id,
        value=assumption.value,
        decided_by=assumption.decided_by,
        decided_on=assumption.decided_on,
        case=assumption.case,
        noted_at=now,
    )
