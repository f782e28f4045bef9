"""What a sync would do: read groups and calendar, settle the seats, compute. Nothing is written anywhere.

Apart from `bot.rounds.sync`, so that whoever only looks does not load what would carry it out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.rounds.steps.compare import compare, read
from bot.rounds.steps.follow_names import books_as_named
from bot.rounds.steps.propose import propose

if TYPE_CHECKING:
    from bot.opening.work import Work
    from bot.rounds.steps.proposal import Proposal


async def preview_round(work: Work) -> Proposal:
    """Read, settle and compute, from the plan as it is written."""
    with books_as_named(work.written, work.stores) as books:
        as_named = replace(work, stores=books)
        seen, record = await read(as_named)
        return propose(as_named, compare(as_named, seen, record))
