"""Who comes to one session, as HR hands it to whoever stands at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import RegistrationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One line of the list.

    `position` in the waiting list, None for those who have a seat (or have answered maybe).

    `unconfirmed`: the date was moved after they last said that they would come. `answers`: what they answered
    to the course's questions, as far as the list's reader sees it.
    """

    name: str
    email: str
    department: str
    status: RegistrationStatus
    position: int | None = None
    note: str = ""
    unconfirmed: bool = False
    answers: tuple[GivenAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentPerson:
    """Somebody who was asked about a course and has answered nothing of it."""

    course: str
    email: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutPlace:
    """Somebody whose seat went with its date, and who has no other of the course."""

    course: str
    email: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList:
    """One dated session.

    `coming` sorted as Danish sorts names, `reserves` by their place in line; times are wall times.

    A session that is `cancelled` has nobody, and why it is, as far as the plan says.
    """

    course: str
    course_title: str
    offering_title: str
    session_title: str
    start: datetime
    end: datetime
    all_day: bool
    place: str
    coming: tuple[Participant, ...]
    reserves: tuple[Participant, ...]
    cancelled: bool = False
    cancel_reason: str = ""
