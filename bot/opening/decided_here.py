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
    noted = stores.noted.load(written.id)
    # Yes is not the option `1`, and equal to it.
    said = [(type(one.value), one) for one in noted]
    return stores.kept.decided.of(written.id, (written,), said, lambda: as_decided_here(written, noted))
