"""A sign-up that waits for the nearest manager, as data: the plan's rule, and who is asked about whom.

A wish is a line of the seat log (`awaits_manager`, see `bot.seats.approving`). Who is asked about it is an
`ApprovalAsk`, by the table in `bot.seats.asking_managers`; it is let go of as soon as the wish waits no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WORKING_DAYS = 5
"""How long a manager has, where the plan does not say."""
MOST_WORKING_DAYS = 60
DECIDED = "answer_sign_up"
"""What the log of who did what calls a manager's yes or no."""


class Approver(StrEnum):
    """Whose yes a sign-up waits for, as the plan names it."""

    MANAGER = "manager"


class Overdue(StrEnum):
    """What holds when nobody has answered in time."""

    HR = "hr"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """A course's `approval`. `deputy` is an address, lower-cased, None for none."""

    by: Approver = Approver.MANAGER
    deputy: str | None = None
    working_days: int = WORKING_DAYS
    overdue: Overdue = Overdue.HR


class AskedOf(StrEnum):
    """Who is asked about a wish; texts are `managers.asked.<value>`."""

    MANAGER = "manager"
    DEPUTY = "deputy"
    HR = "hr"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsk:
    """Who is asked about one wish: by address and name ("" for HR, and where nobody knows yet).

    `wished_at` is when the sign-up was made: it tells this wish from a later one of the same person.
    `asked_at` is when the mail about it was written, None before; `due_at` is when HR takes over, or the
    plan's rule holds; `looked_at` when the directory was asked last. `overdue`: HR has taken over. All UTC.
    """

    course: str
    offering: str
    email: str
    wished_at: datetime
    who: AskedOf
    approver: str = ""
    name: str = ""
    asked_at: datetime | None = None
    due_at: datetime
    looked_at: datetime
    reminded_at: datetime | None = None
    overdue: bool = False

    @property
    def is_hrs(self) -> bool:
        """Whether it is HR who has to decide."""
        return self.overdue or self.who is AskedOf.HR

    @property
    def place(self) -> tuple[str, str, str]:
        """Course, offering, address."""
        return self.course, self.offering, self.email
