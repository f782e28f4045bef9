"""What people write with their answers, as the rounds need it.

Their messages, and the book of what they said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.comments import AnswerComment, MeetingReply


class ReplyMail(Protocol):
    """The response messages in the organiser mailbox, with what people wrote in them. Needs Mail.Read."""

    async def fetch_replies(self, *, since: datetime) -> tuple[MeetingReply, ...]:
        """Those received at or after `since` (UTC), in every folder; one request for each 50.

        Anybody may have written them.
        """

    async def find_events(self, message_ids: Sequence[str]) -> Mapping[str, str]:
        """The immutable id of the event that each is about, by message; one request each.

        Those about none are left out.
        """


class CommentBook(Protocol):
    """What people wrote with their answers; the last words of each person about each session."""

    def load_comments(self, plan: str) -> tuple[AnswerComment, ...]:
        """Every one of the plan, by session and address."""

    def save_comments(self, plan: str, comments: Iterable[AnswerComment], *, looked_at: datetime) -> None:
        """Insert or replace (an empty text deletes), and note until when the mailbox was read (UTC).

        One transaction.
        """

    def last_look(self, plan: str) -> datetime | None:
        """Until when the mailbox was looked at (UTC), None before the first time."""

    def has_answers_since(self, plan: str, at: datetime) -> bool:
        """Whether an answer was read after an instant (UTC)."""

    def erase_comments(self, plan: str, courses: Iterable[str]) -> int:
        """Delete the comments on these courses and return how many there were."""


class ReadBook(Protocol):
    """Until when what people wrote has been read by HR, by person and course."""

    def load(self, plan: str) -> dict[tuple[str, str], datetime]:
        """Course and canonical address to the instant (UTC) until which it has been read."""

    def mark(
        self, plan: str, course: str, email: str, *, until: datetime, noted: Iterable[Action] = ()
    ) -> bool:
        """Read until an instant (UTC), with who did it (`noted`); False where it was already."""
