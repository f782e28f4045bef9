"""Since when each kind of personal data is kept, and how much of it went (`bot.store.expiry`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSince:
    """What ended, went or was seen before these instants (UTC) has to go."""

    participation: datetime
    messages: datetime
    bounces: datetime
    notes: datetime
    people: datetime
    plan: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersKept:
    """Since when answers to a course's questions are kept (UTC).

    `ended`: by (course, question) those of courses that ended before then go. `placeless`: what somebody
    without a place answered before then goes.
    """

    ended: Mapping[tuple[str, str], datetime]
    placeless: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """How much went: places (a person in an offering) made anonymous, rows deleted.

    `unfinished`: remains may lie in the files.
    """

    places: int = 0
    messages: int = 0
    bounces: int = 0
    notes: int = 0
    people: int = 0
    revisions: int = 0
    unfinished: bool = False

    def __add__(self, other: Expired) -> Expired:
        """Both together."""
        return Expired(
            places=self.places + other.places,
            messages=self.messages + other.messages,
            bounces=self.bounces + other.bounces,
            notes=self.notes + other.notes,
            people=self.people + other.people,
            revisions=self.revisions + other.revisions,
            unfinished=self.unfinished or other.unfinished,
        )

    @property
    def found(self) -> bool:
        """Whether there was anything."""
        counts = self.places, self.messages, self.bounces, self.notes, self.people, self.revisions
        return any(counts)
