"""Whose event is whose when names have changed: by the ledger's event id first, then by the stamp (pure).

the ledger knows the event   its stamp says          then the event is
as K                         K                       K
as K                         anything else           K, and its stamp is to be written
not                          a name of today         that
not                          an old name, and the    the new name, and its stamp is to be written
                             new name has no event
not                          an old name, and the    what its stamp says: another event, gone from the plan; of the plan's old id
                             new name has an event   it is left to that id
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.renames import Renamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.renames import Renames


def under_names_of_today(
    listed: Iterable[ObservedEvent], ledger: Mapping[SessionKey, LedgerEntry], renames: Renames
) -> tuple[tuple[ObservedEvent, ...], tuple[Renamed, ...]]:
    """The stamped events (with the stamp's key) under the names of today.

    And those whose stamps say otherwise.
    """
    events = tuple(listed)
    by_id = {entry.event_id: key for key, entry in ledger.items() if entry.event_id}
    taken = {*by_id.values(), *(event.key for event in events if event.key.plan == renames.plan)}
    found: list[ObservedEvent] = []
    renamed: list[Renamed] = []
    for event in events:
        new = renames.key(event.key)
        key = by_id.get(event.event_id) or (event.key if new in taken else new)
        if key.plan != renames.plan:
            continue
        found.append(replace(event, key=key))
        if key != event.key:
            renamed.append(Renamed(old=event.key, new=key, subject=event.content.subject))
    return tuple(found), tuple(renamed)
