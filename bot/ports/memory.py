"""What is remembered of the world as it was last seen: our events, groups, audiences, people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.events import LedgerEntry, OutlookEdit, SessionKey
    from bot.domain.people import Person
    from bot.domain.plan_files import KeptFile
    from bot.domain.templates import MessageKind


class Ledger(Protocol):
    """What we applied, one entry for each session (and part)."""

    def load_entries(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> dict[SessionKey, LedgerEntry]:
        """Every entry of the plan, or of one course of it."""

    def load_edits(self, plan: str) -> dict[SessionKey, OutlookEdit]:
        """What people have made of the plan's events in Outlook, where that is kept."""

    def load_courses(self, plan: str) -> frozenset[str]:
        """The ids of the courses that have entries."""

    def load_places(self, plan: str) -> frozenset[tuple[str, str, str]]:
        """Course, offering and session of what has an event in Outlook."""

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


class PlanFileBook(Protocol):
    """Which file in Microsoft 365 each plan is read from, as it could be read last."""

    def load_file(self, source: str) -> KeptFile | None:
        """What is kept of it, by the plan's name (`PlanSource`); None where nothing is."""

    def save_file(self, source: str, kept: KeptFile) -> None:
        """Insert or replace."""


class PeopleBook(Protocol):
    """The people that we have invited or heard from, with every address we know them by."""

    def load_people(self, plan: str) -> tuple[Person, ...]:
        """Everybody known, sorted by address."""

    def save_people(self, plan: str, people: Iterable[Person], *, now: datetime) -> None:
        """Insert or replace by address (and by directory id, where known)."""


class CourseDigests(Protocol):
    """Whether a course's rows have changed since they were looked at."""

    def load_digests(
        self, plan: str, *, messages_as: str | None = None, kinds: Collection[MessageKind] = ()
    ) -> dict[str, int]:
        """By course, of every course that has rows; another number for other rows. Of use in this process.

        `messages_as` is what the digest of all messages is to stand under, None: they are left unread.
        Messages of these `kinds` count for the course that they are about, "" for those about several.
        """
        ...


class AudienceBook(Protocol):
    """Who belonged to each audience when it was last read whole: its past, and who may sign up."""

    def load_members(self, plan: str) -> dict[str, frozenset[str]]:
        """Audience id to addresses."""

    def save_members(self, plan: str, members: Mapping[str, frozenset[str]], *, now: datetime) -> None:
        """Replace the members of the audiences named, in one transaction; others keep theirs."""

    def forget_members(self, plan: str, *, aside: Collection[str]) -> None:
        """Forget the audiences that stood aside (with `@` in their id), but for those named."""
