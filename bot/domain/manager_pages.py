"""What a manager's pages show, as data.

Computed by `bot.desks.person.sign_ups` and `bot.desks.person.my_people`; `bot.web` only draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language


class PlaceWord(StrEnum):
    """Where somebody stands with a course, as their manager is told; texts are `my_people.place.<value>`."""

    INVITED = "invited"
    REGISTERED = "registered"
    TENTATIVE = "tentative"
    WAITLISTED = "waitlisted"
    AWAITING = "awaiting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    NO_SEAT = "no_seat"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    WAS_SIGNED_UP = "was_signed_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpToAnswer:
    """One sign-up that waits: `id` names it in forms, `due` wall time; `late`: HR has taken over."""

    id: str
    who: str
    department: str
    what: str
    when: str
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerPage:
    """All that waits for one manager. `email` canonical, `name` "" for nobody known."""

    email: str
    name: str
    language: Language
    organisation: str
    contact: str
    waiting: tuple[SignUpToAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfPerson:
    """One course of somebody: what, when and where (of each date), and where they stand with it.

    `position` in the waiting list, None of none; `begins` wall time, None without a date.
    """

    what: str
    dates: tuple[tuple[str, str], ...]
    word: PlaceWord
    position: int | None = None
    begins: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOfManager:
    """One of a manager's people: courses to come, the next first, and of the past year, the last first."""

    email: str
    name: str
    department: str
    coming: tuple[PlaceOfPerson, ...]
    past: tuple[PlaceOfPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """What whoever is signed in is asked about in one plan, and the courses of their people there.

    `read_at` is when the directory last said whose people they are, wall time, the oldest; None where it has
    told of nobody. `people` is empty where the plan does not show them.
    """

    plan: str
    organisation: str
    contact: str
    waiting: tuple[SignUpToAnswer, ...]
    people: tuple[PersonOfManager, ...]
    read_at: datetime | None
