"""The tokens of calendarView/delta that Exchange still remembers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.event_record import make_token

if TYPE_CHECKING:
    from datetime import datetime


NEVER_READ = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a token stands for: a window of a mailbox, and how far the client has read."""

    mailbox_id: str
    start: datetime
    end: datetime
    issued: datetime
    since: int
    until: int = 0
    events: tuple[str, ...] = ()
    offset: int = 0


class DeltaTokens:
    """The tokens that Exchange still remembers, oldest first."""

    def __init__(self) -> None:
        """Start with none."""
        self._rounds: dict[str, Round] = {}
        self._numbers = itertools.count(1)

    def keep(self, kept: Round, most: int) -> str:
        """Return a new token for a round; the oldest token falls out when there are `most`."""
        token = make_token("delta", next(self._numbers), kept.mailbox_id)
        self._rounds[token] = kept
        while len(self._rounds) > most:
            self._rounds.pop(next(iter(self._rounds)))
        return token

    def find(self, token: str) -> Round | None:
        """Return what a token stands for."""
        return self._rounds.get(token)

    def forget(self) -> None:
        """Let every token expire."""
        self._rounds.clear()
