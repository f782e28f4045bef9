"""Seats as data: where each person stands with each offering, why, and what that means for the calendar.

A `Standing` is the last line of the append-only seat log for one person and one offering; somebody
without a line is where the invitation put them. `Cause` is the vocabulary of everything that may move
somebody, and `RULES` is the table that says what each cause means: what it does to the attendees of the
offering's events, and which message it sends. The transitions, and who may bring them about, are drawn in
`bot.seats.settle`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.registrations import BY_THEMSELVES, AnswerSource, RegistrationStatus
from bot.domain.templates import MessageKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Cause(StrEnum):
    """Why somebody stands where they stand; texts are `seats.cause.<value>` of the catalogue."""

    ANSWERED = "answered"
    QUEUED = "queued"
    FULL = "full"
    TOO_LATE = "too_late"
    CHOSEN = "chosen"
    GAVE_UP = "gave_up"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    ENROLLED = "enrolled"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    PROMOTED = "promoted"
    FREED = "freed"
    SEAT_OFFERED = "seat_offered"
    ASSIGNED = "assigned"
    UNANSWERED = "unanswered"
    LEFT = "left"
    RETURNED = "returned"
    TURNED_AWAY = "turned_away"
    OFFERING_GONE = "offering_gone"
    INVITED_AGAIN = "invited_again"
    AWAITS_MANAGER = "awaits_manager"
    APPROVED = "approved"
    APPROVED_IN_LINE = "approved_in_line"
    DISAPPROVED = "disapproved"


class Place(StrEnum):
    """What a standing wants of the attendee lists of the offering's events.

    `STAYS`: whoever is in the audience or on the event already stays, nobody is put on for it.
    """

    ON = "on"
    OFF = "off"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRule:
    """What a cause means.

    `message` is sent to the person it happens to, None where Outlook's own mail says it all.
    """

    place: Place
    message: MessageKind | None = None


RULES: Mapping[Cause, CauseRule] = MappingProxyType(
    {
        Cause.ANSWERED: CauseRule(place=Place.STAYS),
        Cause.QUEUED: CauseRule(place=Place.OFF, message=MessageKind.PLACED_IN_LINE),
        Cause.FULL: CauseRule(place=Place.OFF, message=MessageKind.FULL),
        Cause.TOO_LATE: CauseRule(place=Place.OFF, message=MessageKind.TOO_LATE),
        Cause.CHOSEN: CauseRule(place=Place.ON),
        Cause.GAVE_UP: CauseRule(place=Place.OFF),
        Cause.HANDED_OVER: CauseRule(place=Place.OFF, message=MessageKind.HANDED_OVER),
        Cause.TAKEN_OVER: CauseRule(place=Place.ON, message=MessageKind.TAKEN_OVER),
        Cause.ENROLLED: CauseRule(place=Place.ON),
        Cause.MOVED: CauseRule(place=Place.ON, message=MessageKind.MOVED),
        Cause.WITHDRAWN: CauseRule(place=Place.OFF, message=MessageKind.WITHDRAWN),
        Cause.PROMOTED: CauseRule(place=Place.ON, message=MessageKind.SEAT_OFFERED),
        Cause.FREED: CauseRule(place=Place.OFF),
        Cause.SEAT_OFFERED: CauseRule(place=Place.ON, message=MessageKind.SEAT_OFFERED),
        Cause.ASSIGNED: CauseRule(place=Place.ON, message=MessageKind.ASSIGNED),
        Cause.UNANSWERED: CauseRule(place=Place.OFF),
        Cause.LEFT: CauseRule(place=Place.OFF),
        Cause.RETURNED: CauseRule(place=Place.STAYS),
        Cause.TURNED_AWAY: CauseRule(place=Place.OFF),
        Cause.OFFERING_GONE: CauseRule(place=Place.OFF),
        Cause.INVITED_AGAIN: CauseRule(place=Place.STAYS),
        Cause.AWAITS_MANAGER: CauseRule(place=Place.STAYS, message=MessageKind.AWAITS_APPROVAL),
        Cause.APPROVED: CauseRule(place=Place.ON),
        Cause.APPROVED_IN_LINE: CauseRule(place=Place.OFF, message=MessageKind.PLACED_IN_LINE),
        Cause.DISAPPROVED: CauseRule(place=Place.OFF, message=MessageKind.DISAPPROVED),
    }
)
LATELY = timedelta(minutes=15)
"""How long events are looked after for somebody HR has turned away.

The books say nothing of them by then.
"""
ANEW = frozenset({Cause.RETURNED, Cause.OFFERING_GONE, Cause.INVITED_AGAIN})
"""Causes after which what was said before counts no more: it was said to an invitation that is gone."""
SAID_YES = frozenset({Cause.QUEUED, Cause.FULL, Cause.TOO_LATE, Cause.CHOSEN, Cause.AWAITS_MANAGER})
"""Causes by which somebody who said yes ends wherever there is room for them."""

OF_OTHERS = frozenset({Cause.TAKEN_OVER, Cause.APPROVED, Cause.APPROVED_IN_LINE, Cause.DISAPPROVED})
"""Causes that are nobody's own word, by whatever door it came: a colleague's, or a manager's."""


def own_word(
    status: RegistrationStatus | None, cause: Cause, source: AnswerSource
) -> RegistrationStatus | None:
    """What the person themselves said with a line of the log.

    None for the word of HR, of a colleague, of a manager or of a rule.

    `registered` is yes, whether or not there was a seat.
    """
    if source not in BY_THEMSELVES or cause in OF_OTHERS or status is RegistrationStatus.INVITED:
        return None
    return RegistrationStatus.REGISTERED if cause in SAID_YES else status


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody has said in Outlook about one offering, or that they are only invited.

    All sessions are taken together.

    `status` is one of invited, registered, tentative, declined, withdrawn. `since` (UTC) is when it
    became so, `answered_at` the time of the last answer, `accepted_at` of the last yes to any session, None
    without one. `invited` is False for somebody who answered without our invitation. `answers` are
    (session id, status) where there are several.
    """

    course: str
    offering: str
    email: str
    name: str
    status: RegistrationStatus
    since: datetime
    source: AnswerSource = AnswerSource.OUTLOOK
    answered_at: datetime | None = None
    accepted_at: datetime | None = None
    invited: bool = True
    department: str = ""
    answers: tuple[tuple[str, RegistrationStatus], ...] = ()

    @property
    def said(self) -> RegistrationStatus | None:
        """What the person said of the offering as a whole.

        None where they said nothing, or not yet of every session.
        """
        says_nothing = (
            self.answered_at is None
            or self.status is RegistrationStatus.INVITED
            or self.source not in BY_THEMSELVES
        )
        return None if says_nothing else self.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands with one offering: the last line of the seat log.

    `status` None: no row (another date was taken, the invitation was released). `since` (UTC) orders the
    waiting list. `answered_at` is the last answer in Outlook that has been considered. `late`: by an answer
    after the deadline. `by` and `reason` are what HR or the person said with it. `said` and `said_at` (UTC)
    are the last word of the person themselves, as in `Registration`; `had_seat`: there was a seat since they
    were invited (anew), so a no is giving it up. `reason_open`: the reason may be shown to the person; one
    that was written before anybody said so may not.
    """

    course: str
    offering: str
    email: str
    status: RegistrationStatus | None
    since: datetime
    cause: Cause
    source: AnswerSource
    answered_at: datetime | None = None
    late: bool = False
    by: str = ""
    reason: str = ""
    said: RegistrationStatus | None = None
    said_at: datetime | None = None
    had_seat: bool = False
    reason_open: bool = field(default=True, compare=False)

    @property
    def has_seat(self) -> bool:
        """Whether a seat of the offering is taken."""
        return self.status is RegistrationStatus.REGISTERED

    @property
    def place(self) -> Place:
        """What the attendee lists should say: a seat is always on them, else as the cause says."""
        return Place.ON if self.has_seat else RULES[self.cause].place


def is_outsider(claim: Claim | None, standing: Standing | None) -> bool:
    """Whether somebody came with a forwarded invitation, undecided since they answered."""
    if claim is None or claim.invited or claim.answered_at is None:
        return False
    return standing is None or (standing.status is None and claim.answered_at > standing.since)


StandingKey = tuple[str, str, str]
"""Course, offering, address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One line of the seat log: from `before` (None: no row) to where `after` stands.

    `noted`: an answer was considered and changed nothing (known while it is decided, not kept).
    """

    before: RegistrationStatus | None
    after: Standing
    noted: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether it moves somebody one can see.

        A row comes, goes or changes, or a guest is taken off the events.
        """
        return not self.noted and (
            self.before is not None or self.after.status is not None or self.after.cause is Cause.TURNED_AWAY
        )


class RequestKind(StrEnum):
    """What the person (by link), HR or, with the last two, a manager may ask for."""

    CHOOSE = "choose"
    GIVE_UP = "give_up"
    HAND_OVER = "hand_over"
    ENROL = "enrol"
    WITHDRAW = "withdraw"
    MOVE = "move"
    PROMOTE = "promote"
    APPROVE = "approve"
    DISAPPROVE = "disapprove"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRequest:
    """One wish that is decided at once. `at` UTC. `to` is the colleague of a handover, by canonical address.

    `queue`: HR is content with a place in line where there is no seat. `above`: HR gives a seat also where
    there is none left, and says why.
    """

    kind: RequestKind
    course: str
    offering: str
    email: str
    at: datetime
    source: AnswerSource
    by: str = ""
    reason: str = ""
    to: str = ""
    queue: bool = False
    above: bool = False


class RefusalReason(StrEnum):
    """Why a request moves nobody; texts are `seats.refused.<value>` of the catalogue."""

    FULL = "full"
    CLOSED = "closed"
    NOT_OPEN = "not_open"
    BEGUN = "begun"
    NOT_APPROVED = "not_approved"
    NOT_INVITED = "not_invited"
    NO_SEAT = "no_seat"
    NOT_WAITING = "not_waiting"
    HAS_SEAT = "has_seat"
    NO_HANDOVER = "no_handover"
    UNKNOWN_OFFERING = "unknown_offering"
    NOTHING_TO_DO = "nothing_to_do"
    NOT_THERE = "not_there"
    NOWHERE = "nowhere"
    REASON_MISSING = "reason_missing"
    NOT_AWAITED = "not_awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request and why it was refused."""

    request: SeatRequest
    reason: RefusalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingSeats:
    """The seats of one offering after a settlement: for reports. `capacity` None: no limit."""

    course: str
    offering: str
    capacity: int | None
    registered: int
    tentative: int = 0
    waiting: int = 0
    awaiting: int = 0
    unplaced: tuple[str, ...] = ()

    @property
    def over(self) -> int:
        """How many have a seat beyond the capacity: HR gave it, or it was lowered."""
        return max(self.registered - self.capacity, 0) if self.capacity is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Somebody whose seat, or place in line (`waited`), goes with its offering.

    `chooses`: another date of the course is open to them.
    """

    course: str
    offering: str
    email: str
    waited: bool
    chooses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a settlement decided.

    Lines for the log in order, requests refused, and the seats as they are then.

    `gone` are the (course, offering) that the plan takes out of the calendars, `dropped` whose seats and
    places in line go with them.
    """

    transitions: tuple[Transition, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    seats: tuple[OfferingSeats, ...] = ()
    gone: frozenset[tuple[str, str]] = frozenset()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """What the standings want of one offering's attendee lists, by canonical address.

    `on` are put on them, `off` taken off; of those, `released` lost the place by rule or answer and not
    because the audience shrank. `stays` are left where they are. `turned_away` are those of them whom HR does
    not want on the events although nobody of ours invited them, and since when (UTC): they are in no books.
    """

    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    stays: frozenset[str] = frozenset()
    released: frozenset[str] = field(default_factory=frozenset)
    turned_away: Mapping[str, datetime] = field(default_factory=dict)
