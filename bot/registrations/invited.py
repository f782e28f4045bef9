"""Whom the books know to be invited (pure)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import PeopleIndex


def invited_addresses(entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex) -> dict[SessionKey, frozenset[str]]:
    """The canonical addresses that we invited to each session, its parts together."""
    invited: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for key, entry in entries.items():
        invited[replace(key, part=1)].update(people.canonical(email) for email in {*entry.desired_attendees, *entry.invited_since})
    return {key: frozenset(emails) for key, emails in invited.items()}
