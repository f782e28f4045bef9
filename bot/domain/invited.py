"""Whom the books know to be invited (pure)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.events import AttendeeType, LedgerState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.seats import StandingKey


def invited_addresses(
    entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex
) -> dict[SessionKey, frozenset[str]]:
    """The canonical addresses that we invited to each session, its parts together."""
    invited: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for key, entry in entries.items():
        invited[key.first].update(
            people.canonical(email) for email in {*entry.desired_attendees, *entry.invited_since}
        )
    return {key: frozenset(emails) for key, emails in invited.items()}


def invited_since(entries: Mapping[SessionKey, LedgerEntry]) -> dict[SessionKey, dict[str, datetime]]:
    """Who is on each event since when, rooms apart, for every session whose books are settled.

    While a write is under way, those it moves are in no list: such a session says nothing of who
    has left, nor do its other parts.
    """
    under_way = {key.first for key, entry in entries.items() if entry.state is LedgerState.INTENDED}
    return {
        key: {
            email: since
            for email, since in entry.invited_since.items()
            if entry.desired_attendees.get(email) != AttendeeType.RESOURCE
        }
        for key, entry in entries.items()
        if key.first not in under_way
    }


def moved_at(entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex) -> dict[StandingKey, datetime]:
    """When each person's events of an offering were last moved (UTC).

    By course, offering and canonical address; who is not there was never moved.
    """
    found: dict[StandingKey, datetime] = {}
    for key, entry in entries.items():
        if entry.moved_at is not None:
            for email in entry.invited_since:
                who = key.course, key.offering, people.canonical(email)
                found[who] = max(entry.moved_at, found.get(who, entry.moved_at))
    return found
