"""Who may not be the second of two who approve: whoever saved last, at the desk, what waits.

    several people have to approve, and             their yes to a course
    nobody has approved just this yet               is the first, whoever they are
    somebody else has, and they saved it last       is left for another
    somebody else has, and they did not             is the second

Of a plan in a file nobody tells for sure who wrote it, so there two different people are enough.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bot.approvals.verdicts import approving
from bot.domain.revisions import RevisionSource
from bot.opening.revisions import plan_of_revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.approvals import Record
    from bot.domain.plan import Course
    from bot.domain.revisions import PlanRevision
    from bot.opening.stores import Stores


def left_for_another(
    plan: str, record: Record, stores: Stores, shown: Mapping[str, str], *, by: str, approvers: int
) -> frozenset[str]:
    """The courses (each with the checksum of what waits) that `by` may not be the second to approve.

    Raises DatabaseFailed.
    """
    if approvers == 1:
        return frozenset()
    mine = by.casefold()
    return frozenset(
        course
        for course, checksum in shown.items()
        if approving(record.decisions, course, checksum) - {mine}
        and _saved_last_by(plan, course, stores).casefold() == mine
    )


def _saved_last_by(plan: str, course: str, stores: Stores) -> str:
    """Who saved at the desk what it says of the course, "" where nobody did."""
    newest_first = [*reversed(stores.revisions.load(plan)), None]
    for after, before in pairwise(newest_first):
        if after is not None and _said(course, after, stores) != _said(course, before, stores):
            return after.by if after.source is RevisionSource.DESK else ""
    return ""


def _said(course: str, revision: PlanRevision | None, stores: Stores) -> Course | None:
    plan = None if revision is None else plan_of_revision(revision.plan, revision.number, stores)
    return None if plan is None else plan.course(course)
