"""The difference between plan and Outlook, as data: each change explains itself and counts its mails.

A change set is computed without touching anything; `bot.rounds.steps.apply_changes` carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, assert_never

from bot.domain.events import DesiredEvent, EventContent, EventField, LedgerEntry, ObservedEvent, SessionKey

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import UnknownGroup
    from bot.domain.renames import Renamed
    from bot.domain.seats import OfferingSeats, Transition


class Reason(StrEnum):
    """Why a change is there; texts are `preview.reason.<value>` of the catalogue."""

    PLAN = "plan"
    AUDIENCE = "audience"
    SEATS = "seats"
    NEW = "new"
    STATUS_CANCELLED = "status_cancelled"
    GONE_FROM_PLAN = "gone_from_plan"
    UNDATED = "undated"
    NOT_APPROVED = "not_approved"
    LISTED = "listed"
    RESTORED = "restored"
    ADOPTED = "adopted"
    AGREED = "agreed"
    UNFINISHED = "unfinished"
    DRIFT = "drift"
    BOTH = "both"
    VANISHED = "vanished"
    UNKNOWN_NAME = "unknown_name"
    DIRECTORY_NAME = "directory_name"
    NEW_ADDRESS = "new_address"
    DUPLICATE = "duplicate"
    PAST = "past"
    ONLINE_STAYS = "online_stays"
    ONLINE_MISSING = "online_missing"
    ROOM_DECLINED = "room_declined"
    MAILBOX = "mailbox"
    SPEAKER_DECLINED = "speaker_declined"
    HISTORY = "history"
    AUDIENCE_UNKNOWN = "audience_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    key: SessionKey
    course: str
    subject: str
    reason: Reason
    mails: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(_Change):
    """Put a new event in the calendar and invite its attendees. `held`: the audience is unknown, so it waits.

    `instead` is the same session's event in the mailbox that the plan named before (`entry.organiser`): it is
    cancelled first. `moved_at` (UTC) is when what people had said yes to was moved, where it takes the place
    of that.
    """

    desired: DesiredEvent
    entry: LedgerEntry | None = None
    held: bool = False
    instead: ObservedEvent | None = None
    moved_at: datetime | None = None
    action: Literal["create"] = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(_Change):
    """Change content or attendees (in requests of their own) of an event of ours, or only the books on it.

    `fields` in the order of `EventField`; `add` and `remove` are canonical addresses, sorted. The people
    removed are removed first and the people added are added last, so that each gets one mail. Of those
    removed, `released` lost the place by rule or answer, and not because the audience shrank. `lists_only`:
    content was not compared, so the books on it stay as they are. `readdressed` are (address on the event,
    canonical address) of people whose invitation goes to another address: two mails each. `again` of the
    `mails` go to people on the event only because this tenant mails everybody when a list changes. `invite`
    has no fields; `adopt` takes an event into the ledger, with what differs on it.
    """

    desired: DesiredEvent
    observed: ObservedEvent
    entry: LedgerEntry | None = None
    fields: tuple[EventField, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    readdressed: tuple[tuple[str, str], ...] = ()
    lists_only: bool = False
    again: int = 0
    action: Literal["update", "invite", "adopt"] = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_Change):
    """Cancel a future event. `gone`: nobody said so in words, so it counts against the safety limit.

    `told` is the reason that its people are given, in the plan's language; "" for none.
    """

    observed: ObservedEvent
    entry: LedgerEntry | None = None
    gone: bool = True
    told: str = ""
    action: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget(_Change):
    """Stop keeping the books on an event that is past, or gone on both sides. Outlook is not touched."""

    action: Literal["forget"] = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(_Change):
    """Somebody changed or deleted what we manage; listed and reported, Outlook is not touched.

    `missing` are canonical addresses: people taken off by hand (or there by an unknown name), rooms or
    speakers that declined; of a directory name that is nobody's, what it is called. `entry` is the ledger's,
    where a vanished event is to be marked in it. Of `fields` that were edited, `stands` is what Outlook says,
    `planned` what the plan says, and `modified_at` (UTC) when Outlook last saw the event change, None where
    it does not tell.
    """

    entry: LedgerEntry | None = None
    fields: tuple[EventField, ...] = ()
    missing: tuple[str, ...] = ()
    stands: EventContent | None = None
    planned: EventContent | None = None
    modified_at: datetime | None = None
    action: Literal["conflict"] = "conflict"


Change = Create | Update | Cancel | Forget | Conflict


def writes_to_outlook(change: Change) -> bool:
    """Whether applying the change makes a request that alters something in Outlook."""
    match change:
        case Create():
            return not change.held
        case Update():
            return bool(change.fields or change.add or change.remove or change.readdressed)
        case Cancel():
            return True
        case Forget() | Conflict():
            return False
        case _ as unreachable:
            assert_never(unreachable)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyFacts:
    """The numbers that the safety limits are held against."""

    managed_future_events: int
    cancelled_gone: int
    places: int
    places_removed: int
    mails: int
    all_courses_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Everything a sync would do, in the order it would do it: cancel, update, create, then the books.

    `checksum` is a hex digest of what would be done, equal for equal differences whatever the input order.
    `moves` are the lines of the seat log that go with it, `messages` the mails that tell people of them (or
    ask them to choose), `seats` what is taken then. `unknown_groups`, `without_address`, `unmatched`,
    `groups_as_people`, `unknown_delegates`
    and `without_link` (courses that cannot be announced without a web address) are told to
    HR beside the changes. `renamed` are events that get a new name on their stamp, which nobody is mailed
    for.
    """

    plan: str
    revision: str
    checksum: str
    changes: tuple[Change, ...]
    facts: SafetyFacts
    moves: tuple[Transition, ...] = ()
    messages: tuple[Message, ...] = ()
    seats: tuple[OfferingSeats, ...] = ()
    unknown_groups: tuple[UnknownGroup, ...] = ()
    without_address: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    groups_as_people: tuple[str, ...] = ()
    unknown_delegates: tuple[str, ...] = ()
    without_link: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @property
    def mails(self) -> int:
        """People who would get a mail, counted once for each mail: Outlook's own, and our messages."""
        return sum(change.mails for change in self.changes) + len(self.messages)

    @property
    def needs_approval(self) -> bool:
        """Whether applying it reaches anybody: something in Outlook is altered, or a message goes out."""
        return bool(self.messages) or any(writes_to_outlook(change) for change in self.changes)


def no_changes(plan: str, revision: str) -> ChangeSet:
    """The difference of a plan that is as it should be, or that nobody has looked at."""
    facts = SafetyFacts(
        managed_future_events=0, cancelled_gone=0, places=0, places_removed=0, mails=0, all_courses_gone=False
    )
    return ChangeSet(plan=plan, revision=revision, checksum="", changes=(), facts=facts)


class NewsKind(StrEnum):
    """What happens to an offering that people wait for.

    All but the first take its events out of the calendars.
    """

    CHANGED = "changed"
    CANCELLED = "cancelled"
    ON_HOLD = "on_hold"
    OTHERS = "others"
    NEW_DATE = "new_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingNews:
    """What a sync does to an offering, told to those in line and to those who were asked to sign up.

    `old` are (start, end, all day) of events that go, ISO wall times. `awaits` are (session key, start) that
    the ledger has once it has happened: ISO UTC, "" for an event that is gone; where the place changes with
    its fingerprint behind it. `place_only`: no time changes. `title` is the subject of the events that go,
    `reason` why they do, where that is written.
    """

    course: str
    offering: str
    kind: NewsKind
    title: str
    old: tuple[tuple[str, str, bool], ...]
    awaits: tuple[tuple[str, ...], ...]
    place_only: bool = False
    reason: str = ""


class Outcome(StrEnum):
    """What became of a change in a sync."""

    APPLIED = "applied"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A change with its outcome.

    `error` is a text code and its parameters, where it failed or has to wait.
    """

    change: Change
    outcome: Outcome
    error: Exception | None = None
