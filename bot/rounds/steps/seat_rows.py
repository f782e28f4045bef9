"""What the books have of a plan's seats, read once.

Whoever shows what waits decides twice, by the plan as it is written and by what of it may go; the rows are
the same for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.messages import Message
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import Standing
    from bot.opening.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRows:
    """The log of answers, the standings with the log's last number, the messages, and the rows shown.

    And who belonged to each audience when it was last read. Whatever the plan says by now.
    """

    answers: tuple[Answer, ...]
    last: int
    standings: tuple[Standing, ...]
    messages: tuple[Message, ...]
    previous: tuple[Registration, ...]
    members: Mapping[str, frozenset[str]]


def load_rows(plan: str, stores: Stores, *, course: str | frozenset[str] | None = None) -> SeatRows:
    """The rows of a plan, of one course of it, or of several. Raises DatabaseFailed."""
    answers = stores.answers.load_answers(plan, course=course)
    last, standings = stores.seats.load_standings(plan, course=course)
    return SeatRows(
        answers=answers,
        last=last,
        standings=standings,
        messages=stores.outbox.load_messages(plan, course=course),
        previous=stores.answers.load_registrations(plan, course=course),
        members=stores.books.audiences.load_members(plan),
    )
