"""When people and rooms are taken, as far as it is known, and which rooms there are.

Instants are aware and UTC.

A calendar says *taken* or nothing; where it cannot be read, or says itself that it does not know, it is
*unknown* for that time. What is neither is free. Nothing of what stands in a calendar is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Span: TypeAlias = tuple[datetime, datetime]
"""From an instant to a later one; a pair and no class, because a search holds a hundred thousand of them."""


class Unseen(StrEnum):
    """Why nothing is known of a calendar for a time."""

    REFUSED = "refused"
    """Microsoft answers with an error: nobody by that address, no mailbox, or no right to see it."""
    MISSING = "missing"
    """The answer does not speak of the address."""
    UNREADABLE = "unreadable"
    """The answer has no entries, or one that cannot be read."""
    UNSAID = "unsaid"
    """The entry itself says that its status is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One calendar in the time that was asked about.

    `unseen` are the spans of which nothing is known, each with why.

    Spans may overlap and are in no order. `address` as it was asked for.
    """

    address: str
    taken: tuple[Span, ...] = ()
    unseen: tuple[tuple[Span, Unseen], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room that can be booked.

    `capacity` None where nobody has said it, `equipment` as it is written in Exchange.
    """

    email: str
    name: str = ""
    capacity: int | None = None
    equipment: tuple[str, ...] = ()
    building: str = ""
    address: str = ""
