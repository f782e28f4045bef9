"""`doctor` about change notifications.

Whether Microsoft calls when something changes, or what is missing for that.

    the settings                   the books                        then
    the job is off                 –                                ok: answers are read by the clock
    no address of the pages        –                                ok: as above
    plain http                     –                                unknown: Microsoft calls https only
    an https address               both subscriptions live          ok: until when
    –                              the calendar's alone             ok without drafts, else unknown: the inbox is read by the clock
    –                              none                             unknown: has `serve` run, and can Microsoft reach the address?

Only reads. Whether Microsoft reaches the address cannot be told from here; that a subscription was made says
that it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.errors import DatabaseFailed
from bot.opening.clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.notifications import Subscription
    from bot.domain.plan import CoursePlan
    from config.settings import Settings

NAME = "doctor.checks.notifications"


def notification_findings(settings: Settings, plan: CoursePlan | None) -> Iterator[DoctorFinding]:
    """One line; none without a plan where notifications are set up."""
    from bot.rounds.subscriptions import notification_address, resources_of

    address = notification_address(settings)
    if settings.jobs.cadence("renew_subscriptions") is None:
        yield DoctorFinding(name=NAME, state=State.OK, message="doctor.notifications_job_off")
        return
    if address is None:
        is_off = settings.web.base_url is None
        state, message = (
            (State.OK, "doctor.notifications_off") if is_off else (State.UNKNOWN, "doctor.notifications_http")
        )
        yield DoctorFinding(name=NAME, state=state, message=message)
        return
    if plan is None:
        return
    alive = living_subscriptions(settings, plan)
    wanted, found = resources_of(settings), {one.resource for one in alive}
    params: dict[str, object] = {"address": address}
    if wanted[0] not in found:
        yield DoctorFinding(
            name=NAME, state=State.UNKNOWN, message="doctor.notifications_none", params=params
        )
        return
    until = min(one.expires_at for one in alive).astimezone(ZoneInfo(plan.timezone))
    params |= {"until": until, "permission": "Mail.ReadWrite"}
    whole = found.issuperset(wanted)
    message = "doctor.notifications_on" if whole else "doctor.notifications_no_inbox"
    yield DoctorFinding(name=NAME, state=State.OK if whole else State.UNKNOWN, message=message, params=params)


def living_subscriptions(settings: Settings, plan: CoursePlan) -> list[Subscription]:
    """The plan's in the books that call today's address and have not run out; [] where pages have none."""
    from bot.rounds.subscriptions import notification_address

    address, now = notification_address(settings), clock_of(settings).now()
    return [
        one
        for one in _subscriptions(settings)
        if (one.plan, one.address) == (plan.id, address) and one.expires_at > now
    ]


def _subscriptions(settings: Settings) -> tuple[Subscription, ...]:
    """Those in the books; () where there are none that can be read, which another line tells."""
    from bot.opening.stores import database_as_it_is
    from bot.store.notifications import SqlNotificationBook

    try:
        with database_as_it_is(settings) as database:
            return () if database is None else SqlNotificationBook(database).load_subscriptions()
    except DatabaseFailed:
        return ()
