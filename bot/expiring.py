"""A round that lets go of personal data whose time is over, by `KURSUSBOT_RETENTION__…` (docs/privacy.md tells it to people).

    lock, look up when the plan's offerings end, let go of what is over, rewrite the files

Idempotent: what has gone is not found again. Microsoft Graph is not asked; Outlook's own events and mails are the mailbox's business.
What is over, table by table, stands in `bot.store.expiry`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.collecting import plan_as_it_stands
from bot.errors import RunLocked
from bot.registrations.enrolment_rules import rules_of
from bot.runtime import LOCK_WAIT_SECONDS, clock_of
from bot.store.expiry import KeptSince, expire
from bot.store.locks import run_lock
from bot.store.plan_ids import load_plan_ids

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.runtime import Stores
    from bot.store.expiry import Expired
    from config.settings import Settings

LOG = structlog.get_logger()

LEFT_ALONE = timedelta(days=30)
"""A plan that no round was for in so long is served by nobody: its data goes by what its events and rows say of its time."""


async def erase_expired(settings: Settings, plan: CoursePlan, stores: Stores) -> Expired:
    """Let go of what is over in the plan's books; raises RunLocked, DatabaseFailed."""
    now = clock_of(settings).now()
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS):
        expired = expire(
            stores.database,
            plan.id,
            dated=_ends_of(plan_as_it_stands(plan, stores)),
            audiences={audience.id for audience in plan.audiences},
            kept=_kept_since(settings, now),
        )
    for other in load_plan_ids(stores.database, now=now):
        if other.id != plan.id and other.last_seen is not None and other.last_seen < now - LEFT_ALONE:
            expired = await _with_left_plan(settings, stores, other.id, expired, now=now)
    if expired.found:
        LOG.info("expiry.erased", places=expired.places, messages=expired.messages, bounces=expired.bounces, notes=expired.notes,
                 people=expired.people, unfinished=expired.unfinished)  # fmt: skip
    return expired


async def _with_left_plan(settings: Settings, stores: Stores, plan: str, before: Expired, *, now: datetime) -> Expired:
    """Let go of what is over of a plan that nobody works for any more; its time is known by its events, or by its rows."""
    try:
        async with run_lock(stores.database, plan, 0):
            found = expire(stores.database, plan, dated={}, audiences=(), kept=_kept_since(settings, now))
    except RunLocked:
        return before
    return replace(
        before,
        places=before.places + found.places,
        messages=before.messages + found.messages,
        bounces=before.bounces + found.bounces,
        notes=before.notes + found.notes,
        people=before.people + found.people,
        unfinished=before.unfinished or found.unfinished,
    )


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
