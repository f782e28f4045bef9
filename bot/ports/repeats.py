"""What the house needs of whoever remembers what was asked under which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.repeats import Repeat


class RepeatBook(Protocol):
    """Requests by the digest of who asked and their key. All raise DatabaseFailed; instants are UTC."""

    def begin(self, key: str, asked: str, *, begun_at: datetime, now: datetime) -> Repeat:
        """What this key means now; `asked` is the digest of the request.

        `begun_at` is by the clock of the books, `now` by the machine's: by it keys are forgotten.
        """

    def keep(self, key: str, status: int, answer: str) -> None:
        """It was answered so."""

    def let_go(self, key: str, *, now: datetime) -> None:
        """It came to no answer: whoever asks again has the next turn at once."""

    def forget(self, *, now: datetime) -> None:
        """Delete what no key is good for any more."""
