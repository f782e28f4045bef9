"""The book of what HR writes to people in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.broadcasts import Broadcast, BroadcastProgress
    from bot.domain.messages import Message


class BroadcastBook(Protocol):
    """Drafts, and what was sent, stopped, and became of it."""

    def load_broadcast(self, plan: str, broadcast: str) -> Broadcast | None:
        """One of them, None where there is none."""

    def load_broadcasts(self, plan: str, *, course: str | None = None) -> tuple[Broadcast, ...]:
        """All of the plan, or of one course; what was written last comes first."""

    def load_progress(self, plan: str, *, course: str | None = None) -> dict[str, BroadcastProgress]:
        """Of each that was sent, how many of its messages are where; mails to try it out are none of it."""

    def save_draft(self, draft: Broadcast, *, instead_of: str = "") -> None:
        """Keep a draft, in the place of another that was not sent; one that is there stays as it is."""

    def drop_draft(self, plan: str, broadcast: str) -> None:
        """Throw a draft away; one that was sent stays."""

    def send_broadcast(
        self, sent: Broadcast, outgoing: Iterable[Message], *, noted: Iterable[Action] = ()
    ) -> bool:
        """Let a draft become sent, with its messages and the line that tells of it: all or nothing.

        False where it is not a draft any more.
        """

    def stop_broadcast(
        self, plan: str, broadcast: str, *, by: str, at: datetime, noted: Iterable[Action] = ()
    ) -> int:
        """What has not been begun does not go: returns how many that were; what is under way is looked up.

        Nothing where it is a draft, or was stopped before. `at` UTC.
        """
