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
    from bot.domain.changed_ids import ChangedId
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
    the same time as something else. `told` is each change in the words of a preview, and `found` is what was
    found for a reason, both in the plan's language; `ids` are those of it that look changed. Whom it mails,
    and what with, is `WaitingMail`.
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
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: tuple[ChangedId, ...] = ()


class MailedFor(StrEnum):
    """What somebody is mailed for; texts are `web.changes.mailed.<value>` of the catalogue."""

    INVITED = "invited"
    CHANGED = "changed"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDate:
    """One event that a letter is the text of; wall times of `timezone`.

    `subject` as Outlook titles it; `place` "" where the plan names none.
    """

    subject: str
    start: datetime
    end: datetime
    timezone: str
    all_day: bool = False
    place: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetter:
    """One text that people will get, with the dates that it goes for (a message of our own has none).

    `kind` is "invitation", "cancellation" or the kind of a message. `html` is its body, "" where `plain` is
    all of it. `before` is the body that stands in the calendar now, where the new one is another; "" else.
    `people` are those who get it, `sender` is the mailbox.
    """

    kind: str
    subject: str
    language: str
    sender: str
    people: int
    html: str = ""
    plain: str = ""
    before: str = ""
    dates: tuple[LetterDate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMail:
    """Whom a course's waiting change mails, by address and what for, and what they get.

    Kept apart from `Waiting`: it may be hundreds of people, and is read only where somebody asks.
    """

    course: str
    mailed: Mapping[MailedFor, tuple[str, ...]] = field(default_factory=dict)
    letters: tuple[WaitingLetter, ...] = ()


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
