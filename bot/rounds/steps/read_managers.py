"""Reading whose manager is who, of the people of the plan's audiences, where the plan asks for it.

When, and what is kept: `bot.domain.manager_people`. Fifteen people are one request, so that four hundred are
under thirty a day. What cannot be read is tried again; nothing of it stops a round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.manager_people import read_by_now, to_read
from bot.domain.people import PeopleIndex
from bot.rounds.steps.ask_managers import read_managers_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.opening.work import Work


async def read_managers(work: Work, *, now: datetime) -> None:
    """Read what is due at `now` (UTC), and keep it; of a plan that does not ask, let go.

    Raises DatabaseFailed.
    """
    plan, stores = work.plan, work.stores
    known = stores.managed_people.load_managed(plan.id)
    if plan.managers is None:
        if known:
            stores.managed_people.save_managed(plan.id, ())
        return
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    members = stores.books.audiences.load_members(plan.id).values()
    emails = frozenset(people.canonical(one) for theirs in members for one in theirs)
    asked = to_read(known, emails, now=now)
    found = await read_managers_of(work.tenant, asked, people) if asked else {}
    kept = read_by_now(known, emails, asked, found, now=now)
    if kept != known:
        stores.managed_people.save_managed(plan.id, kept)
