"""Whose yes a sign-up waits for.

approval is                               then
the word `manager`                        the nearest manager, with the usual time to answer
by, deputy, working_days, overdue         the same, with what else is said
a deputy and the like, and nobody in by   `by` is missing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.manager_approval import MOST_WORKING_DAYS, WORKING_DAYS, ApprovalRule, Approver, Overdue
from bot.plan import fields, keys

if TYPE_CHECKING:
    from bot.plan.records import PlanRecord


def read_approval(course: PlanRecord) -> ApprovalRule | None:
    """What stands under `approval` of a course, None for nothing; what is wrong is noted."""
    if course.is_single("approval"):
        by = course.read("approval", fields.choice(Approver))
        return ApprovalRule(by=by) if by is not None else None
    item = course.read_record("approval", keys.APPROVAL_KEYS)
    if item is None:
        return None
    by = item.require("by", fields.choice(Approver))
    deputy = item.read("deputy", fields.address)
    days = item.read("working_days", fields.whole(1, MOST_WORKING_DAYS))
    overdue = item.read("overdue", fields.choice(Overdue))
    if by is None:
        return None
    return ApprovalRule(
        by=by,
        deputy=deputy.lower() if deputy else None,
        working_days=WORKING_DAYS if days is None else days,
        overdue=overdue or Overdue.HR,
    )


def written_approval(rule: ApprovalRule | None) -> dict[str, object] | None:
    """How it is written back, always as a mapping: a workbook has a column for each part of it."""
    if rule is None:
        return None
    silent, said = ApprovalRule(), {"by": rule.by.value}
    parts = {
        "deputy": (rule.deputy, silent.deputy),
        "working_days": (rule.working_days, silent.working_days),
        "overdue": (rule.overdue.value, silent.overdue.value),
    }
    return said | {key: value for key, (value, default) in parts.items() if value != default}
