"""Approvals as data: what of a plan waits for a person, and what a person has decided about it.

A saved plan is not a decision. What was approved last of a course is its *version in force*; what the plan
says otherwise by now waits, course by course. Does not say what has to wait (`bot.approvals.weighing`) nor
what follows from the plan in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan


class WaitReason(StrEnum):
    """Why a course waits; texts are `approvals.reason.<value>` of the catalogue.

    The public contract of 2026-11 names them.
    """

    PLAN = "plan"
    ID = "id"
    ORGANISER = "organiser"
    GONE = "gone"
    COLUMN = "column"
    EMPTY_GROUP = "empty_group"
    LIMITS = "limits"


class Door(StrEnum):
    """Where a person decided."""

    CLI = "cli"
    DESK = "desk"
    API = "api"


class ApprovalState(StrEnum):
    """Where a course's change is: `done` is an approved one that has been carried out."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"


class Consent(StrEnum):
    """Whether a change may go, as the public contract says it beside each change."""

    NEEDED = "needed"
    GIVEN = "given"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClash:
    """What a waiting change would put at the same time, or into too full a week; names nobody.

    `kind` is "week" for the latter.

    `kind` otherwise of `bot.domain.clashes.Shared`; `titles` those of the other thing, or of the courses of
    the week, which begins with `start`; `limit` so many courses would not be too many. `count` people, rooms
    or speakers. Wall times of the plan's zone.
    """

    kind: str
    titles: tuple[str, ...]
    start: datetime
    end: datetime
    all_day: bool
    count: int
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A course's change that waits since `since` (UTC).

    `checksum` is the course's own, `whole` that of the difference it was last part of.

    `mails` and `people` are how many mails it would cause, and to how many; `clashes` what it would put at
    the same time as something else. `told` is each change in the words of a preview, `letters`
    are the subjects and texts of the invitations that will be, and `found` is what was found for a reason,
    all in the plan's language.
    """

    plan: str
    course: str
    checksum: str
    whole: str
    revision: str
    mails: int
    people: int
    reasons: tuple[WaitReason, ...]
    since: datetime
    clashes: tuple[WaitingClash, ...] = ()
    told: tuple[tuple[str, ...], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one person decided about a course's change, at `at` (UTC).

    `done_at` (UTC): it was carried out whole by then.
    """

    plan: str
    course: str
    checksum: str
    revision: str
    approved: bool
    mails: int
    people: int
    reasons: tuple[WaitReason, ...]
    since: datetime
    by: str
    at: datetime
    door: Door
    comment: str = ""
    done_at: datetime | None = None

    @property
    def word(self) -> str:
        """What was said: approved or rejected."""
        return "approved" if self.approved else "rejected"

    @property
    def state(self) -> ApprovalState:
        """Where it is; whether one person is enough, the number of approvers says."""
        if not self.approved:
            return ApprovalState.REJECTED
        return ApprovalState.APPROVED if self.done_at is None else ApprovalState.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedPlan:
    """What was accepted last of a plan as a whole.

    `shape` are the sheets and columns that it had, () where it has none.
    """

    organiser: str
    timezone: str
    shape: tuple[str, ...] = ()
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that the books say of approvals of one plan.

    `versions` maps courses to the version in force, each a plan of that course alone; `unreadable` are
    courses whose version was written in a way that this program cannot read. `accepted` is None before the
    first sync.
    """

    versions: Mapping[str, CoursePlan]
    accepted: AcceptedPlan | None = None
    unreadable: frozenset[str] = frozenset()
    waiting: tuple[Waiting, ...] = ()
    decisions: tuple[Decision, ...] = ()
