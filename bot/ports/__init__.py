"""What the stages need from the world, as protocols: the calendar, the directory, the books.

Adapters (`bot.graph`, `bot.store`) implement them; `bot.opening` puts them together. All instants
are aware and UTC. Every method may raise from the tree in `bot.errors`; what each error means for a
write is told there (`GraphUnclear`: it may have happened).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.bounces import Bounce, BounceReport, Original, UnplacedReturn
    from bot.domain.events import (
        DesiredEvent,
        EventContent,
        EventField,
        LedgerEntry,
        ObservedAttendee,
        ObservedEvent,
        OutlookEdit,
        SessionKey,
    )
    from bot.domain.messages import Letter, Message
    from bot.domain.notes import Note
    from bot.domain.people import LeftOut, Person
    from bot.domain.postage import Budget, Wait
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import Standing, Transition
    from bot.domain.teams import Notification, PostOutcome
    from bot.domain.templates import MessageKind


class CalendarDelta(Protocol):
    """One answer of the delta query."""

    @property
    def events(self) -> Sequence[ObservedEvent]:
        """Events of ours that changed, with the stamp where the caller's `keys` knew it."""

    @property
    def removed(self) -> Sequence[str]:
        """Event ids that are gone from the window."""

    @property
    def link(self) -> str:
        """The delta link to store, whole."""


class Calendar(Protocol):
    """The organiser mailbox's calendar, seen through our stamp only."""

    @property
    def mailbox(self) -> str:
        """Whose calendar it is: the address, lower-cased."""

    def elsewhere(self, mailbox: str) -> Calendar:
        """The calendar of another mailbox, where a plan's events may be after it named a new one."""

    async def fetch_events(self, *, plan: str, since: datetime) -> tuple[ObservedEvent, ...]:
        """Every stamped event of the plan that ends after `since` and is not cancelled.

        One request for each 100 events.
        """

    async def fetch_event(self, event_id: str, key: SessionKey) -> ObservedEvent | None:
        """One event by its immutable id, or None when it is gone or cancelled."""

    async def find_events(self, key: SessionKey) -> tuple[ObservedEvent, ...]:
        """The events that carry exactly this stamp: how an unclear creation is looked up."""

    async def create_event(self, desired: DesiredEvent, *, transaction_id: str) -> ObservedEvent:
        """Create the event once and return Outlook's echo.

        An unclear outcome (no answer, 5xx) is looked up by the stamp before the creation is repeated
        with the same transaction id. A Teams meeting is verified: where the echo has no join link
        the event is read again and, if need be, patched once.
        """

    async def update_content(
        self, observed: ObservedEvent, content: EventContent, fields: Iterable[EventField]
    ) -> ObservedEvent:
        """PATCH exactly the named fields (`start` and `end` together).

        Keeps the Teams join block in a new body.
        """

    async def replace_attendees(
        self,
        observed: ObservedEvent,
        attendees: Sequence[ObservedAttendee],
        *,
        guests: frozenset[str] = frozenset(),
    ) -> ObservedEvent:
        """PATCH the attendee list and nothing else.

        `If-Match` with the etag: GraphConflict when it changed since.

        `guests` are addresses on the list that we did not put there: the first to be suspected where the list
        is refused.
        """

    async def rewrite_stamp(self, observed: ObservedEvent) -> ObservedEvent:
        """Write `observed.key` on the event as its stamp, and nothing else: nobody is mailed.

        GraphGone when it is not there.
        """

    async def cancel_event(self, event_id: str, *, comment: str) -> None:
        """Cancel and mail the attendees; a 404 or an already cancelled event is done."""

    async def fetch_delta(
        self, *, link: str | None, start: datetime, end: datetime, keys: Mapping[str, SessionKey]
    ) -> CalendarDelta:
        """Events changed since `link`; with `link` None, all of the window.

        `keys` maps event ids to sessions.

        Raises SyncStateLost when the link is too old: call again with None.
        """


class Directory(Protocol):
    """People and groups of the tenant."""

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Mail to object id of the groups that this instance had to look up, "" for what is no group."""

    async def fetch_members(self, group: str) -> tuple[Person | str, ...]:
        """A group's people (by mail or object id), nested ones too, names of those without address.

        Raises GraphError.
        """

    async def fetch_left_out(self, group: str) -> tuple[LeftOut, ...]:
        """The members of a group that `fetch_members` leaves out, contacts of the address book too.

        Raises GraphError.
        """

    async def groups_among(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses that are the mail of a group; raises GraphError."""

    async def find_named(self, names: Collection[str]) -> tuple[Person, ...]:
        """The people who have one of these directory names (`/o=…/cn=…`) among their X500 addresses.

        Raises GraphError.
        """

    async def find_person(self, address: str) -> Person | None:
        """Whose address this is (mail, sign-in name or alias).

        None when nobody with an open account has it.
        """


class Ledger(Protocol):
    """What we applied, one entry for each session (and part)."""

    def load_entries(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> dict[SessionKey, LedgerEntry]:
        """Every entry of the plan, or of one course of it."""

    def load_edits(self, plan: str) -> dict[SessionKey, OutlookEdit]:
        """What people have made of the plan's events in Outlook, where that is kept."""

    def load_plans(self) -> tuple[str, ...]:
        """The ids of the plans that have entries, sorted, whether they are served or not."""

    def save_entries(self, entries: Iterable[LedgerEntry]) -> None:
        """Insert or replace, in one transaction."""

    def remove_entries(self, keys: Iterable[SessionKey]) -> None:
        """Drop entries, in one transaction; unknown keys are no error."""


class GroupMemory(Protocol):
    """How many members a group had when it was last read: an empty answer after that is suspicious."""

    def load_counts(self, plan: str) -> dict[str, int]:
        """Group to member count."""

    def save_counts(self, plan: str, counts: Mapping[str, int], *, now: datetime) -> None:
        """Remember the counts of groups that were read."""

    def load_ids(self, plan: str, *, since: datetime) -> dict[str, str]:
        """Group mail to object id, of those looked up at or after `since`."""

    def save_ids(self, plan: str, ids: Mapping[str, str], *, now: datetime) -> None:
        """Remember which objects the mails were just found to stand for."""


class MailboxMemory(Protocol):
    """Which accounts mailboxes' addresses were found to stand for."""

    def load_ids(self, plan: str, *, since: datetime) -> dict[str, str]:
        """Address to object id, of those found at or after `since`."""

    def save_ids(self, plan: str, ids: Mapping[str, str], *, now: datetime) -> None:
        """Remember what was just found."""


class Accounts(Protocol):
    """The accounts behind mailboxes' addresses."""

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Address (lower-cased) to object id, of those that were looked up and found by this process."""


class PeopleBook(Protocol):
    """The people that we have invited or heard from, with every address we know them by."""

    def load_people(self, plan: str) -> tuple[Person, ...]:
        """Everybody known, sorted by address."""

    def save_people(self, plan: str, people: Iterable[Person], *, now: datetime) -> None:
        """Insert or replace by address (and by directory id, where known)."""


class CourseDigests(Protocol):
    """Whether a course's rows have changed since they were looked at."""

    def load_digests(self, plan: str) -> dict[str, int]:
        """By course, of every course that has rows; another number for other rows.

        Equal within a process only.
        """
        ...


class AnswerLog(Protocol):
    """The append-only log of answers and the registrations that follow from it."""

    def append_answers(self, answers: Iterable[Answer]) -> int:
        """Append those not there yet (uniqueness is the database's); returns how many were new."""

    def load_answers(self, plan: str, *, course: str | frozenset[str] | None = None) -> tuple[Answer, ...]:
        """Every answer of the plan, or of one course of it, by responded_at, then seen_at, then address."""

    def load_delta_link(self, plan: str, organiser: str) -> tuple[str, datetime, datetime] | None:
        """The plan's stored link on the mailbox with its window's start and end, or None."""

    def save_delta(
        self,
        plan: str,
        organiser: str,
        *,
        link: str,
        start: datetime,
        end: datetime,
        answers: Iterable[Answer],
    ) -> int:
        """The link and the answers that came with it, in one transaction.

        Returns how many answers were new.
        """

    def forget_delta_link(self, plan: str, organiser: str) -> None:
        """Drop the link: the next round reads everything."""

    def save_registrations(
        self, plan: str, registrations: Iterable[Registration], *, course: str | frozenset[str] | None = None
    ) -> None:
        """Replace the current registrations of the plan, or of one course of it."""

    def load_registrations(
        self, plan: str, *, course: str | frozenset[str] | None = None, emails: Collection[str] | None = None
    ) -> tuple[Registration, ...]:
        """The current registrations of the plan, of one course of it, of these addresses.

        Sorted by course, offering, address.
        """


class Mailbox(Protocol):
    """The organiser mailbox's mail: a draft that carries our key, and its sending.

    Needs Mail.ReadWrite and Mail.Send.

    With Mail.Send alone there are no drafts and nothing can be looked up: then `send_mail` is all there is.
    """

    @property
    def keeps_drafts(self) -> bool:
        """Whether messages are drafted, so that an unclear outcome can be looked up."""

    async def find_draft(self, key: str, *, but_not: Collection[str] = ()) -> tuple[str, bool] | None:
        """The message that carries this key: its immutable id and whether it was sent.

        None when there is none but those of `but_not`.
        """

    async def is_sent(self, draft_id: str) -> bool | None:
        """Whether the message of this id was sent; None when there is no such message."""

    async def create_draft(self, key: str, mail: Letter) -> str:
        """Make the draft once and return its immutable id; an unclear outcome is looked up by the key."""

    async def send_draft(self, draft_id: str) -> None:
        """Send it once; an unclear outcome is looked up. A draft that was sent already is done."""

    async def send_mail(self, mail: Letter) -> None:
        """Send without a draft, once: GraphUnclear means that it may have gone, and it is never repeated."""


class ReturnedMail(Protocol):
    """The reports in the organiser mailbox's inbox of mails that came back. Needs Mail.ReadWrite."""

    async def fetch_reports(self, *, since: datetime) -> tuple[BounceReport, ...]:
        """The non-delivery reports received at or after `since` (UTC); one request for each 50.

        Anybody may have written them.
        """

    async def find_originals(self, internet_ids: Sequence[str]) -> Mapping[str, Original]:
        """What these `Message-ID`s are in the mailbox, by id; those that lie in no folder are left out."""


class BounceBook(Protocol):
    """Who was not reached by the mails of which event."""

    def load_bounces(self, plan: str) -> tuple[Bounce, ...]:
        """Every one of the plan, by session and address."""

    def save_bounces(self, bounces: Iterable[Bounce]) -> None:
        """Insert or replace by session and address, in one transaction."""

    def load_unplaced(self, plan: str, *, since: datetime) -> tuple[UnplacedReturn, ...]:
        """The reports that could be placed nowhere and came in at `since` (UTC) or later, by address."""

    def save_unplaced(self, plan: str, new: Iterable[UnplacedReturn]) -> int:
        """Keep the latest of each address, in one transaction; returns how many were new."""


class Feed(Protocol):
    """People's activity feeds in Teams.

    A line that is sent again takes the place of the first. Needs TeamsActivity.Send.
    """

    async def notify(self, user_id: str, notification: Notification) -> bool:
        """Put the line into one person's feed (directory id).

        False where Teams does not reach them: nothing was told.
        """

    async def notify_all(self, user_ids: Sequence[str], notification: Notification) -> bool:
        """Hand the line in for at most a hundred people, which says nothing of the single ones.

        False: nobody was told.
        """


class ChannelPosts(Protocol):
    """Posts in Teams channels: at most once, and nothing to look up."""

    async def post(self, channel: str, message: bytes) -> PostOutcome:
        """Post a message (JSON) in the channel of this name.

        KeyError for a name that the settings do not have.
        """


class Outbox(Protocol):
    """The messages to send, and what became of them."""

    def load_messages(
        self, plan: str, *, course: str | frozenset[str] | None = None, kind: MessageKind | None = None
    ) -> tuple[Message, ...]:
        """Every message of the plan, or of one course or kind, by created_at, then key."""

    def load_pending(self, plan: str) -> tuple[Message, ...]:
        """Those due or under way, by created_at, then key."""

    def load_sent(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those sent at or after `since` (UTC), by created_at, then key."""

    def load_failed(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those that failed at `since` (UTC) or later, by created_at, then key."""

    def load_drafts_of_others(self, plan: str) -> frozenset[str]:
        """The ids of the drafts that the other plans' messages went as."""

    def add_messages(self, messages: Iterable[Message]) -> int:
        """Insert those whose key is new, in one transaction; returns how many were."""

    def save_message(self, *changed: Message) -> None:
        """Write down what became of messages that are there, in one transaction."""

    def replace_reminders(self, plan: str, messages: Iterable[Message]) -> None:
        """Put these in the place of the reminders that are due and not begun, in one transaction.

        A key that is there stays.
        """


class PostageBook(Protocol):
    """What each mailbox has sent in the last day; one budget for every run and process."""

    def reserve(
        self,
        mailbox: str,
        budget: Budget,
        *,
        now: datetime,
        recipients: int,
        comes_first: bool = False,
        paced: bool = True,
    ) -> Wait | None:
        """Write down one message to this many recipients and return None.

        Where it has no room at `now` (UTC), say when it has.
        """

    def release(self, mailbox: str, recipients: int) -> None:
        """Take the last message to so many recipients out again: it did not go."""


class SeatBook(Protocol):
    """The append-only seat log of the plans; where everybody stands is its last lines."""

    def load_standings(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[int, tuple[Standing, ...]]:
        """The plan's last line (0: none) and the standings, of one course or all, in the log's order."""

    def load_log(self, plan: str) -> tuple[tuple[int, Transition], ...]:
        """Every line with its number, oldest first."""

    def append(
        self,
        plan: str,
        transitions: Iterable[Transition],
        messages: Iterable[Message] = (),
        *,
        after: int,
        now: datetime,
    ) -> bool:
        """Append lines and put their messages into the outbox, in one transaction.

        False, and nothing is written, when `after` is no longer the plan's last line: somebody else
        decided meanwhile, so load and decide again.
        """


class AudienceBook(Protocol):
    """Who belonged to each audience when it was last read whole: its past, and who may sign up."""

    def load_members(self, plan: str) -> dict[str, frozenset[str]]:
        """Audience id to addresses."""

    def save_members(self, plan: str, members: Mapping[str, frozenset[str]], *, now: datetime) -> None:
        """Replace the members of the audiences named, in one transaction; others keep theirs."""

    def forget_members(self, plan: str, *, aside: Collection[str]) -> None:
        """Forget the audiences that stood aside (with `@` in their id), but for those named."""


class NoteBook(Protocol):
    """What people wrote to HR about themselves (allergies, access needs).

    One note for a person and a course.
    """

    def load_notes(self, plan: str) -> tuple[Note, ...]:
        """Every note of the plan, by course and address."""

    def save_note(self, note: Note) -> None:
        """Insert or replace; an empty text deletes it."""

    def erase_notes(self, plan: str, courses: Iterable[str]) -> int:
        """Delete the notes of these courses and return how many there were."""


class LinkBook(Protocol):
    """How often the links of a person, or of the feed, were renewed; see `bot.domain.links`."""

    def load_generations(self, plan: str) -> dict[str, int]:
        """By person those of the plan that were ever renewed."""

    def save_generation(self, plan: str, person: str, generation: int, *, now: datetime) -> None:
        """From `now` (UTC) on only links of this generation open anything."""

    def load_old_courses(self, plan: str) -> dict[str, str]:
        """Today's course ids by those that the plan's courses had before, however often they were renamed."""

    def plan_called(self, old: str) -> str | None:
        """Today's id of the plan that was called so, None where none was."""
