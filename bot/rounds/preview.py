"""What a sync would do: read groups and calendar, settle the seats, compute. Nothing is written anywhere.

Apart from `bot.rounds.sync`, so that whoever only looks does not load what would carry it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rounds.steps.follow_names import books_as_named
from bot.rounds.steps.propose import propose, read

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.tenant import Microsoft365
    from bot.rounds.steps.propose import Proposal
    from config.settings import Settings


async def preview_round(
    settings: Settings, plan: CoursePlan, stores: Stores, tenant: Microsoft365
) -> Proposal:
    """Read, settle and compute; `plan` as it is written."""
    with books_as_named(plan, stores) as books:
        seen, record = await read(settings, plan, books, tenant)
        return propose(settings, plan, books, seen, record)
