"""Where more money is taken than there is, and which change makes it so (pure).

`bot.domain.money` says how much that is.

    overspent, of a pool or a purpose                                 is told
    a course that takes from it is put in calendars, or approved      with the first change that does so, of each such course
    none is, and the pool is of this year, of a later one or of none  before the changes
    none is, and the pool is of a year that has gone                  not: `check` and the overview have it

Money is no part of an invitation, so a plan that is overspent may be approved all the same: whoever approves
is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.changes import Create, Update
from bot.domain.events import EventField
from bot.domain.money import courses_taking, overspent
from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.events import SessionKey
    from bot.domain.funding import FundingPool
    from bot.domain.money import Overspent
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """One case of a pool; `courses` are the ids of those that take from it."""

    pool: FundingPool
    case: Overspent
    courses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overspending:
    """`made` by the key of the change that it is told with, each in the order of the plan.

    `before` is told beside the changes.

    `questions` are what the plan's decisions ask, by id.
    """

    made: Mapping[SessionKey, tuple[Shortage, ...]] = field(default_factory=dict)
    before: tuple[Shortage, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)


NOTHING_OVERSPENT = Overspending()


def overspending_of(plan: CoursePlan, changes: Sequence[Change], *, now: datetime) -> Overspending:
    """By the table above; `plan` as it is written or as it is decided, `now` UTC."""
    whole = plan.whole or plan
    year = now.astimezone(ZoneInfo(plan.timezone)).year
    commits = _committing(plan, changes)
    made: defaultdict[SessionKey, list[Shortage]] = defaultdict(list)
    before: list[Shortage] = []
    for pool in whole.funding:
        for case in overspent(whole, pool):
            shortage = Shortage(pool=pool, case=case, courses=courses_taking(whole, pool, case))
            keys = [key for course, key in commits.items() if course in shortage.courses]
            for key in keys:
                made[key].append(shortage)
            if not keys and (pool.year is None or pool.year >= year):
                before.append(shortage)
    return Overspending(
        made=MappingProxyType({key: tuple(found) for key, found in made.items()}),
        before=tuple(before),
        questions={assumption.id: assumption.question or assumption.id for assumption in whole.assumptions},
    )


def _committing(plan: CoursePlan, changes: Iterable[Change]) -> dict[str, SessionKey]:
    """Of each course that is put in calendars or approved, the first change that does it."""
    approved = {course.id for course in plan.courses if course.status is CourseStatus.APPROVED}
    found: dict[str, SessionKey] = {}
    for change in changes:
        is_approved = (
            isinstance(change, Update) and EventField.SHOW_AS in change.fields and change.course in approved
        )
        if isinstance(change, Create) or is_approved:
            found.setdefault(change.course, change.key)
    return found
