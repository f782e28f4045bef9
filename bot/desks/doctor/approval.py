"""`doctor` about approval: which changes wait for a person here, and what waits by now since when.

Only reads.

the database                                  then
has courses that wait                         told: how many, and since when the oldest
has events of courses of which nobody knows   told: the first change of each waits (an earlier version made them,
what was approved                             or the books were lost)
neither                                       nothing waits
is new, or has another schema                 nothing is told of what waits
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.errors import DatabaseFailed
from bot.i18n.dates import short_moment_text
from config.settings import ApprovalMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from config.settings import Settings


def approval_findings(
    settings: Settings, plan: CoursePlan | None, language: Language, *, has_books: bool
) -> Iterator[DoctorFinding]:
    """The setting, and what waits of the plan.

    `has_books` says that the database can be read as it is.
    """
    name = "doctor.checks.approval"
    message = "doctor.approval_plan" if settings.approval is ApprovalMode.PLAN else "doctor.approval_limits"
    yield DoctorFinding(name=name, state=State.OK, message=message, params={"approvers": settings.approvers})
    if plan is None or not has_books:
        return
    try:
        yield _waiting(settings, plan, language)
    except DatabaseFailed as error:
        yield DoctorFinding(
            name="doctor.checks.waiting",
            state=State.FAILED,
            message=f"errors.{error.code}",
            params=error.params,
            exit_code=error.exit_code,
        )


def _waiting(settings: Settings, plan: CoursePlan, language: Language) -> DoctorFinding:
    from bot.opening.stores import open_stores_to_read
    from bot.opening.versions import courses_with_events

    with open_stores_to_read(settings) as stores:
        waiting = stores.approvals.load_waiting(plan.id)
        unknown = courses_with_events(plan, stores) - stores.approvals.load_versions(plan.id).keys()
    name = "doctor.checks.waiting"
    if waiting:
        oldest = min(one.since for one in waiting).astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
        params = {"courses": len(waiting), "since": short_moment_text(language, oldest)}
        return DoctorFinding(name=name, state=State.OK, message="doctor.waiting", params=params)
    if unknown and settings.approval is ApprovalMode.PLAN:
        return DoctorFinding(
            name=name, state=State.OK, message="doctor.waiting_first", params={"courses": len(unknown)}
        )
    return DoctorFinding(name=name, state=State.OK, message="doctor.waiting_nothing")
