"""`doctor` about Teams' attendance reports. Nothing is written, and no report is read.

    check            looked at                                       then
    meeting_rights   both rights, in the token                       there: ok; one is not there, or no token to
                                                                     read: failed, unknown
    meeting_policy   the reports of the latest meeting of ours, by   answered: ok; 403 though the rights are there,
                     its link                                        or may be: failed; no meeting yet, or anything
                                                                     else: unknown

Nothing of it where neither the settings nor a course of the plan ask for reports. Where a right is missing
the policy cannot be told from it: that line is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.errors import DatabaseFailed, GraphError, PermissionMissing, SignInFailed

if TYPE_CHECKING:
    from bot.domain.events import LedgerEntry
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from config.settings import Settings


async def meeting_findings(
    settings: Settings, plan: CoursePlan | None, *, has_books: bool
) -> list[DoctorFinding]:
    """By the table above; `has_books`: the database can be read as it is."""
    from bot.graph.client import GraphClient

    if plan is None:
        return []
    asks = any(one.attendance.threshold_minutes is not None for one in plan.courses)
    if not asks and not settings.teams.attendance_reports:
        return []
    latest = _latest_meeting(settings, plan) if has_books else None
    try:
        async with GraphClient(settings.graph) as client:
            rights = await _rights(client)
            return [rights, await _policy(client, plan, latest, rights.state)]
    except SignInFailed:
        # Another line tells that.
        return []


async def _rights(client: GraphClient) -> DoctorFinding:
    from bot.graph.checks import roles_of
    from bot.rounds.meeting_reports import RIGHTS

    roles = roles_of(await client.fetch_token())
    missing = [right for right in RIGHTS if right not in (roles or ())]
    state = State.UNKNOWN if roles is None else State.FAILED if missing else State.OK
    return DoctorFinding(
        name="doctor.checks.meeting_rights",
        state=state,
        message=f"doctor.meeting_rights_{state}",
        params={"permissions": ", ".join(missing or RIGHTS)},
        exit_code=GraphError.exit_code if state is State.FAILED else 0,
    )


async def _policy(
    client: GraphClient, plan: CoursePlan, latest: LedgerEntry | None, rights: State
) -> DoctorFinding:
    from bot.graph.meetings import GraphMeetingReports

    mailbox = latest.organiser if latest is not None and latest.organiser else plan.organiser.lower()
    state, message = State.UNKNOWN, "nothing"
    if latest is not None:
        try:
            await GraphMeetingReports(client).listed(mailbox, latest.join_url or "")
        except SignInFailed:
            raise
        except PermissionMissing:
            state, message = (State.UNKNOWN, "untold") if rights is State.FAILED else (State.FAILED, "failed")
        except GraphError:
            message = "untold"
        else:
            state, message = State.OK, "ok"
    return DoctorFinding(
        name="doctor.checks.meeting_policy",
        state=state,
        message=f"doctor.meeting_policy_{message}",
        params={"mailbox": mailbox},
        exit_code=GraphError.exit_code if state is State.FAILED else 0,
    )


def _latest_meeting(settings: Settings, plan: CoursePlan) -> LedgerEntry | None:
    """The event with a meeting that ends last, whatever course it is of."""
    from bot.opening.stores import open_stores_to_read

    try:
        with open_stores_to_read(settings) as stores:
            events = stores.books.ledger.load_entries(plan.id).values()
    except DatabaseFailed:
        # Another line tells that.
        return None
    return max((one for one in events if one.join_url), key=lambda one: one.end, default=None)
