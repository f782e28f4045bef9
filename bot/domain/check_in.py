"""When a person may say themselves that they are there, and what they are answered (pure).

One session, the first line that fits:

| the session | the person | is answered |
|---|---|---|
| is off, has no date, or its course has no self check-in | anybody | `off` |
| begins in more than `OPENS_BEFORE` | anybody | `too_early` |
| ended more than `CLOSES_AFTER` ago | anybody | `over` |
| is open | of whom HR or the door says that they did not come | `at_the_door` |
| is open | who has a seat, or said maybe | `done` |
| is open | everybody else | `at_the_door`, kindly: whoever stands there writes them on the list |

What a person says counts less than what HR or the door says (`bot.domain.attendance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.participation import COMING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.participation import Part

OPENS_BEFORE = timedelta(hours=2)
CLOSES_AFTER = timedelta(hours=1)


class CheckInAnswer(StrEnum):
    """What whoever wants to check in is told."""

    OFF = "off"
    TOO_EARLY = "too_early"
    OVER = "over"
    AT_THE_DOOR = "at_the_door"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlace:
    """Which session, by the ids that the plan has today."""

    plan: str
    course: str
    offering: str
    session: str

    @property
    def ids(self) -> tuple[str, str, str]:
        """Course, offering and session."""
        return self.course, self.offering, self.session


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSession:
    """A session that people check in to, as everybody may see it; times are wall times of the plan.

    `why_not` None: it is open.
    """

    place: SessionPlace
    title: str
    session_title: str
    start: datetime
    end: datetime
    all_day: bool
    venue: str
    why_not: CheckInAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheckIn:
    """An open session on somebody's own page; `came`: they have said so, or somebody has."""

    title: str
    start: datetime
    came: bool


def why_not_yet(
    *, is_on: bool, start: datetime | None, end: datetime | None, now: datetime
) -> CheckInAnswer | None:
    """Why nobody can check in, None where people can; UTC."""
    if not is_on or start is None or end is None:
        return CheckInAnswer.OFF
    if now < start - OPENS_BEFORE:
        return CheckInAnswer.TOO_EARLY
    return CheckInAnswer.OVER if now > end + CLOSES_AFTER else None


def answer_to(part: Part | None, *, said_absent: bool) -> CheckInAnswer:
    """What somebody is told while a session is open; `said_absent`: by HR or the door."""
    return CheckInAnswer.DONE if part in COMING and not said_absent else CheckInAnswer.AT_THE_DOOR
