"""The plan with what was decided at the desk, for everybody who opens a plan together with its books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.noted import as_decided_here

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def decided_here(written: CoursePlan, stores: Stores) -> CoursePlan:
    """`written` by `bot.domain.noted.as_decided_here`.

    The books are asked only where something is open. Raises DatabaseFailed.
    """
    whole = written.whole or written
    if all(one.value is not None for one in whole.assumptions):
        return written
    return as_decided_here(written, stores.noted.load(written.id))
