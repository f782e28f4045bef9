"""The books: answers, registrations and seats, messages and their postage, notes and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.bounces import Bounce, UnplacedReturn
    from bot.domain.messages import Message
    from bot.domain.notes import Note
    from bot.domain.postage import Budget, Wait
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import Standing, Transition
    from bot.domain.templates import MessageKind


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

    def load_lately(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those made or ended at `since` (UTC) or later, by created_at, then key."""

    def load_drafts_of_others(self, plan: str) -> frozenset[str]:
        """The ids of the drafts that the other plans' messages went as."""

    def add_messages(self, messages: Iterable[Message], *, noted: Iterable[Action] = ()) -> int:
        """Insert those whose key is new, in one transaction; returns how many were.

        `noted` are the lines that tell of it, where any was.
        """

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

    def reserve_several(
        self, mailbox: str, budget: Budget, *, now: datetime, recipients: Sequence[int]
    ) -> int:
        """Write down a message to each of these numbers of recipients, without a pace, in one transaction.

        As many, from the first on, as have room at `now` (UTC); returns how many.
        """

    def release(self, mailbox: str, recipients: int) -> None:
        """Take the last message to so many recipients out again: it did not go."""


class SeatBook(Protocol):
    """The append-only seat log of the plans; where everybody stands is its last lines."""

    def load_standings(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[int, tuple[Standing, ...]]:
        """The plan's last line (0: none) and the standings, of one course or all, in the log's order."""

    def load_log(
        self, plan: str, *, course: str | None = None, numbers: tuple[int, int] | None = None
    ) -> tuple[tuple[int, Transition], ...]:
        """Every line with its number, of one course or all, oldest first.

        With `numbers` those from one to another, both included.
        """

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

    def load_old_parts(self, plan: str, course: str) -> dict[tuple[str, str], frozenset[str]]:
        """What a course's offerings and sessions were called, by today's ids; session "" for an offering."""

    def load_old_plans(self, plan: str) -> frozenset[str]:
        """What the plan was called before, however often it was renamed."""

    def plan_called(self, old: str) -> str | None:
        """Today's id of the plan that was called so, None where none was."""
