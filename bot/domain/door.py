"""The list at the door of one session, as data: who is to come, who has come, and what is said there.

`bot.desks.day.door` makes it, the pages draw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.participation import Part

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.meeting_reports import ReportNews

LONGEST_KEY = 64
MOST_WORDS = 500
"""How many words one request may bring: a phone that was away all day brings fewer."""


class DoorClosed(StrEnum):
    """Why nothing can be said of who came."""

    TOO_EARLY = "too_early"
    OVER = "over"
    OFF = "off"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorKeeper:
    """Who stands at the door: `name` is an address of who is signed in, or of who gave the link away.

    `generation` is that of a helper's link.
    """

    source: AttendanceSource
    name: str
    door: str
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLine:
    """One person of the list.

    `id` names them in a form (`bot.domain.person_ids`), a walk-in known by name alone by that. `part`: how
    they were to take part, None of a walk-in. `came` None: nobody has said. `said_by` is whose word counts,
    `minutes` how long they were there, where that source knows it.
    """

    id: str
    name: str
    department: str
    part: Part | None
    came: bool | None
    said_by: AttendanceSource | None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorList:
    """One session as whoever stands at its door sees it; times are wall times of the plan.

    `lines` as Danish sorts names: who has a seat or said maybe, who waits, who walked in. `why_not`: why
    nothing can be said now. `closed`: nobody else is expected. `reports`: how far it is with Teams' reports,
    for HR and where they are wanted.
    """

    course: str
    offering: str
    session: str
    title: str
    offering_title: str
    session_title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    place: str
    lines: tuple[DoorLine, ...]
    closed: bool
    why_not: DoorClosed | None = None
    reports: ReportNews | None = None

    @property
    def came(self) -> int:
        """How many have come."""
        return sum(line.came is True for line in self.lines)

    @property
    def expected(self) -> int:
        """How many have a seat."""
        return sum(line.part is Part.SEATED for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What a page or a phone says: `who` is a line's id or "", `name` a walk-in's, `at` UTC."""

    key: str
    said: AttendanceSaid
    at: datetime
    who: str = ""
    name: str = ""
