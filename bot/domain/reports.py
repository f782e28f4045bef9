"""HR's report as data: what one reader is told about the courses that are theirs.

Says what stands in it. What goes into it is `bot.hr_report.compose`'s, when it goes `bot.hr_report.due`'s,
how it reads `bot.messages.report`'s. Titles and names are as plan and directory have them, not yet made fit
to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.approvals import WaitingClash
    from bot.domain.changed_ids import ChangedId
    from bot.domain.placeholders import LapsedDate


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Something about one course.

    Its id ("" for none) and what it is called, with the offering where that matters.
    """

    course: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAnswers(_Told):
    """Answers to one course since the last report: people, each counted once.

    `declined` the names of those who said no.

    `in_all` are yes, maybe and no as everybody has answered by now, with those of before.
    """

    yes: int
    maybe: int
    no: int
    declined: tuple[str, ...] = ()
    in_all: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests(_Told):
    """People on the events of an offering who were not invited, each by name and by address.

    HR decides about them.
    """

    offering: str
    names: tuple[str, ...]
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftWithout(_Told):
    """People whose seat went with its date, by name: they have no other of the course."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpsForHr(_Told):
    """People whose sign-up waits for a yes, by name, where it is HR who decides: no manager has in time."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(_Told):
    """How many have answered nothing of a course.

    `deadline` is wall time of the plan's zone, None without one.
    """

    count: int
    deadline: datetime | None = None
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCount(_Told):
    """One offering that has not begun; `capacity` None: no limit."""

    offering: str
    registered: int
    tentative: int
    waiting: int
    capacity: int | None = None
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTrouble(_Told):
    """A room that said no, or has not said yes shortly before.

    `start` is the wall time of the event's zone.
    """

    start: datetime | None
    room: str
    declined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerTrouble(_Told):
    """A speaker who said no.

    `start` is the wall time of the event's zone, `comment` what they wrote with it.
    """

    start: datetime | None
    name: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked(_Told):
    """What somebody wrote.

    With an answer in Outlook (`response` of `ResponseStatus`), or to HR on their own page (None). `email` is
    canonical, `at` (UTC) when it was found, or written.
    """

    name: str
    text: str
    response: str | None = None
    email: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedClash(_Told):
    """What somebody did in Outlook.

    `reason` of `bot.domain.changes.Reason`, `differences` a sentence each, `people` by name.
    """

    reason: str
    differences: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLimit:
    """A safety limit that the whole difference passes.

    `number` of `of` (0: no meaning) where `allowed` were.
    """

    limit: str
    number: int
    of: int
    allowed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCourse(_Told):
    """A course whose change waits for a person since `since` (wall time of the plan's zone).

    `checksum` is the course's own.

    `mails` and `people` are how many mails it would cause, and to how many. `reasons` are each of
    `bot.domain.approvals.WaitReason` with what was found, in the plan's language; `clashes` what it would put
    at the same time as something else, `told` each change in the words of a preview, `ids`
    those of it that look changed.
    """

    checksum: str
    since: datetime
    mails: int
    people: int
    reasons: tuple[tuple[str, ...], ...] = ()
    clashes: tuple[WaitingClash, ...] = ()
    told: tuple[tuple[str, ...], ...] = ()
    ids: tuple[ChangedId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What of the reader's courses waits: for a person (`courses`), or for a group.

    `waiting` changes wait for a group that is not known; `unknown_groups` are (group, reason).
    """

    courses: tuple[PendingCourse, ...] = ()
    waiting: int = 0
    limits: tuple[HeldLimit, ...] = ()
    unknown_groups: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(_Told):
    """Messages of one kind that did not go, for one reason.

    `state` of `bot.domain.messages.DeliveryState`, `cause` a code or "".
    """

    kind: str
    state: str
    cause: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullWeek(_Told):
    """People who were not reminded of a course, because they had had their mails of the week; by name."""

    kind: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming(_Told):
    """How many a rule will write to on a day (of the plan's zone) about one course."""

    day: date
    rule: str
    template: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureWaits:
    """Letting go of old personal data waits for a person.

    `why` of `bot.domain.letting_go.WaitsFor`, `since` wall time or None.
    """

    why: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UntoldProgram:
    """A program that calls were given up to: the machine that it is on, how many, since when (wall time)."""

    receiver: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one reader (`address`, lower-cased) is told.

    `since` None: this is the first. Wall times of the plan's zone.
    """

    address: str
    at: datetime
    since: datetime | None = None
    pending: Pending | None = None
    speakers: tuple[SpeakerTrouble, ...] = ()
    clashes: tuple[ReportedClash, ...] = ()
    rooms: tuple[RoomTrouble, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    full_weeks: tuple[FullWeek, ...] = ()
    guests: tuple[Guests, ...] = ()
    left_without: tuple[LeftWithout, ...] = ()
    sign_ups: tuple[SignUpsForHr, ...] = ()
    lapsed: tuple[LapsedDate, ...] = ()
    answers: tuple[CourseAnswers, ...] = ()
    remarks: tuple[Remarked, ...] = ()
    silent: tuple[Silent, ...] = ()
    seats: tuple[SeatCount, ...] = ()
    coming: tuple[Coming, ...] = ()
    erasure: ErasureWaits | None = None
    untold: tuple[UntoldProgram, ...] = ()

    @property
    def is_worth_sending(self) -> bool:
        """Whether there is anything to say.

        How many seats are taken is told beside it, and is no reason to write.
        """
        troubles = (self.pending, self.speakers, self.clashes, self.rooms, self.undelivered, self.full_weeks)
        to_decide = (
            self.guests, self.left_without, self.sign_ups, self.lapsed, self.erasure, self.untold
        )  # fmt: skip
        news = (self.answers, self.remarks, self.silent, self.coming)
        return any((*troubles, *to_decide, *news)) or any(count.waiting for count in self.seats)

    @property
    def titles(self) -> tuple[str, ...]:
        """The courses that it speaks of, each once, in the order of the report."""
        told: tuple[_Told, ...] = (
            *self.speakers,
            *self.clashes,
            *self.rooms,
            *self.undelivered,
            *self.full_weeks,
        )
        told += (
            *self.guests,
            *self.left_without,
            *self.sign_ups,
            *self.answers,
            *self.remarks,
            *self.silent,
            *self.seats,
            *self.coming,
        )
        return tuple(filter(None, dict.fromkeys(one.title for one in told)))
