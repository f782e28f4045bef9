"""What the house needs of whoever keeps which browsers are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.sign_in import SignIn


class SignInBook(Protocol):
    """Who is signed in where. Every method raises DatabaseFailed."""

    def begin(self, sign_in: SignIn) -> None:
        """Keep a new one."""

    def load(self, key: str) -> SignIn | None:
        """The one with this key, None where there is none (any more)."""

    def note_seen(self, key: str, at: datetime) -> None:
        """That a page was shown; does nothing where it has ended."""

    def end(self, key: str) -> None:
        """This browser is signed out; nothing where it is already."""

    def end_all(self, subject: str) -> int:
        """Every browser of this person is signed out; how many there were."""

    def let_go(self, *, begun_before: datetime, seen_before: datetime) -> int:
        """Delete what began or was last seen before these instants (UTC); how many there were."""
