"""The plan with what was decided at the desk, for everybody who opens a plan together with its books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.changed_ids import with_names
from bot.domain.noted import as_decided_here

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def decided_here(written: CoursePlan, stores: Stores) -> CoursePlan:
    """`written` with the names that were said to be new ones of the same, and by `as_decided_here`.

    For decisions the books are asked only where something is open. Raises DatabaseFailed.
    """
    named = named_here(written, stores)
    whole = named.whole or named
    if all(one.value is not None for one in whole.assumptions):
        return named
    noted = stores.noted.load(named.id)
    # Yes is not the option `1`, and equal to it.
    said = [(type(one.value), one) for one in noted]
    return stores.kept.decided.of(named.id, (named,), said, lambda: as_decided_here(named, noted))


def named_here(written: CoursePlan, stores: Stores) -> CoursePlan:
    """`written` by `bot.domain.changed_ids.with_names`; raises DatabaseFailed."""
    noted = stores.noted_ids.load(written.id)
    if not noted:
        return written
    return stores.kept.named.of(written.id, (written,), noted, lambda: with_names(written, noted))
