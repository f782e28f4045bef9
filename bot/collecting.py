"""What people did in Outlook since the last look, read once for everything that follows from it.

    what changed on the events   answers into the log; edits by hand and rooms that said no into the ledger
    what the books say           the plan as it stands in people's calendars: what everybody is told

Only the difference between plan and Outlook is computed from the plan itself (`bot.rounds`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.invitations.as_it_stands import as_it_stands
from bot.invitations.edits import with_edits
from bot.registrations.collect import collect_answers
from config.settings import Drift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.runtime import Stores, Tenant
    from config.settings import Settings


def plan_as_it_stands(plan: CoursePlan, stores: Stores) -> CoursePlan:
    """The plan with what was edited in Outlook and kept, as far as the books know; raises DatabaseFailed."""
    return as_it_stands(plan, stores.books.ledger.load_edits(plan.id))


async def look_at_outlook(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    *,
    people: PeopleIndex,
    entries: Mapping[SessionKey, LedgerEntry],
    now: datetime,
) -> int:
    """Note what is new; how many answers were. Under the run lock; raises GraphError when the calendar cannot be read, DatabaseFailed."""

    def seen(events: Sequence[ObservedEvent]) -> None:
        note_edits(stores, entries, with_edits(entries, events, keep=settings.drift is Drift.KEEP))

    return await collect_answers(tenant.calendar, answer_log=stores.answers, people=people, entries=entries, plan=plan, now=now, seen=seen)


def note_edits(stores: Stores, before: Mapping[SessionKey, LedgerEntry], after: Mapping[SessionKey, LedgerEntry]) -> None:
    """Write down which entries have become others."""
    stores.books.ledger.save_entries(entry for key, entry in after.items() if before.get(key) != entry)
