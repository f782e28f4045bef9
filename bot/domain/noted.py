"""What a plan's decisions had come to before: noted whenever a round sees one stand otherwise (pure).

    a decision                                                   is noted
    that was never seen                                          as it stands
    whose value, body, day or file is not what was noted last    as it stands now
    otherwise                                                    not

What was there before anybody noted it is not known, and nobody says what it was.

What the plan leaves open may be decided at the desk, and stands in these notes as well:

    the plan says      the last note                               then it is
    an outcome         whatever it is                              the plan's
    undecided          of the desk, an outcome that is offered     the desk's
    undecided          otherwise                                   undecided
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.domain.decided import as_decided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from bot.domain.assumptions import Assumption, Outcome
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedDecision:
    """How a decision stood from `noted_at` (UTC) on; `value` None: undecided.

    `decided_by` is a body or a role, as it was written; `at_desk`: it was decided there, and not in the plan.
    """

    assumption: str
    value: Outcome | None
    decided_by: str
    decided_on: date | None
    case: str
    noted_at: datetime
    at_desk: bool = False

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


def as_decided_here(plan: CoursePlan, noted: Iterable[NotedDecision]) -> CoursePlan:
    """The plan with what was decided at the desk, by the second table; `noted` oldest first.

    It is settled as if the plan said so itself. Where nothing was decided at the desk it is the plan as it
    was.
    """
    whole, last = plan.whole or plan, {note.assumption: note for note in noted}
    assumptions = tuple(_as_at_desk(one, last.get(one.id)) for one in whole.assumptions)
    if assumptions == whole.assumptions:
        return plan
    return as_decided(replace(whole, assumptions=assumptions))


def _as_at_desk(assumption: Assumption, last: NotedDecision | None) -> Assumption:
    if assumption.value is not None or last is None or not last.at_desk:
        return assumption
    if not offers(assumption, last.value):
        return assumption
    return replace(
        assumption,
        value=last.value,
        decided_by=last.decided_by,
        decided_on=last.decided_on,
        case=last.case or assumption.case,
    )


def offers(assumption: Assumption, value: Outcome | None) -> bool:
    """Whether the decision may come to this; yes is not the option `1`."""
    return any(type(one) is type(value) and one == value for one in assumption.options)


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
