"""The books of a course as one press sees them: read once, and then as they are after what it decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rounds.steps.decide_seats import after_writing, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.people import PeopleIndex
    from bot.domain.registrations import Registration
    from bot.rounds.steps.decide_seats import Decided, SeatState


@dataclass(slots=True)
class BooksSeen:
    """Everybody known, and the course with who is coming; None before it was read."""

    people: PeopleIndex | None = None
    state: SeatState | None = None
    rows: tuple[Registration, ...] = ()

    def at(self, load: Callable[[], SeatState]) -> SeatState:
        """As they were seen, else as they are loaded now."""
        if self.state is None:
            self.state = load()
            self.rows = rows_of(self.state)
        return self.state

    def decided(self, what: Decided) -> None:
        """They are like that once it is written."""
        self.state, self.rows = after_writing(what), what.registrations
