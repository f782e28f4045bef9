"""A round that lets go of personal data whose time is over, by `KURSUSBOT_RETENTION__…` (docs/privacy.md tells it to people).

    lock, look up when the plan's offerings end, let go of what is over, rewrite the files

Idempotent: what has gone is not found again. Microsoft Graph is not asked; Outlook's own events and mails are the mailbox's business.
What is over, table by table, stands in `bot.store.expiry`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.collecting import plan_as_it_stands
from bot.registrations.enrolment_rules import rules_of
from bot.runtime import LOCK_WAIT_SECONDS, clock_of
from bot.store.expiry import KeptSince, expire
from bot.store.locks import run_lock

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.runtime import Stores
    from bot.store.expiry import Expired
    from config.settings import Settings

LOG = structlog.get_logger()


async def erase_expired(settings: Settings, plan: CoursePlan, stores: Stores) -> Expired:
    """Let go of what is over in the plan's books; raises RunLocked, DatabaseFailed."""
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS):
        expired = expire(
            stores.database,
            plan.id,
            dated=_ends_of(plan_as_it_stands(plan, stores)),
            audiences={audience.id for audience in plan.audiences},
            kept=_kept_since(settings, clock_of(settings).now()),
        )
    if expired.found:
        LOG.info("expiry.erased", places=expired.places, messages=expired.messages, bounces=expired.bounces, notes=expired.notes,
                 people=expired.people, unfinished=expired.unfinished)  # fmt: skip
    return expired


def _ends_of(plan: CoursePlan) -> dict[tuple[str, str], datetime | None]:
    return {(course.id, offering): rules.ends for course in plan.courses for offering, rules in rules_of(plan, course).offerings.items()}


def _kept_since(settings: Settings, now: datetime) -> KeptSince:
    days = settings.retention
    return KeptSince(
        participation=now - timedelta(days=days.participation_days),
        messages=now - timedelta(days=days.messages_days),
        bounces=now - timedelta(days=days.bounces_days),
        notes=now - timedelta(days=days.notes_days),
        people=now - timedelta(days=days.people_days),
    )
