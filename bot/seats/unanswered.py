"""What becomes of those who chose nothing, once the deadline has passed (pure).

A part of `bot.seats.settle`; of courses where people choose between dates. By the plan's `unanswered`:

| `unanswered` | then |
|---|---|
| `remind` | nothing here: `bot.reminders` asks on |
| `release` | they are let go of; by link nothing: they were never on an event |
| `assign` | each gets a seat on one date that is required of them, or HR is told that there was none |

Assigned fairly, and the same every time: who has fewest dates to go to comes first, each to the date with
most room. A seat that falls free after the deadline is for those who waited in time, once HR says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode, Unanswered
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause
from bot.seats.plan_changes import IN_PLAY
from bot.seats.reopening import reopened
from bot.seats.seat_table import Origin

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.seats import Standing
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus
ASKED_ANEW = frozenset({Cause.RETURNED, Cause.INVITED_AGAIN})


def after_deadline(table: SeatTable) -> None:
    """Write what the plan says about those who chose nothing, by the table above."""
    enrolment, deadline = table.rules.course.enrolment, table.rules.deadline
    if enrolment.mode is not EnrolmentMode.CHOOSE or deadline is None or table.now <= deadline:
        return
    if enrolment.unanswered is Unanswered.ASSIGN:
        _assign(table, deadline)
    elif enrolment.unanswered is Unanswered.RELEASE and not table.rules.by_link:
        _release(table, deadline)


def _release(table: SeatTable, deadline: datetime) -> None:
    for email, offerings in _unanswered(table, deadline, frozenset()).items():
        for offering in offerings:
            table.write(offering, email, None, Cause.UNANSWERED, Origin(at=table.now))


def _assign(table: SeatTable, deadline: datetime) -> None:
    awaited = {
        offering
        for (offering, _), standing in table.standings.items()
        if standing.status is Status.WAITLISTED and not standing.late
    }
    gave_up = frozenset(email for _, email in reopened(table))
    unanswered = _unanswered(table, deadline, gave_up)
    for email in sorted(unanswered, key=lambda email: (len(unanswered[email]), email)):
        required = [
            offering for offering in unanswered[email] if table.is_member(offering, email, required=True)
        ]
        free = [offering for offering in required if _has_room(table, offering) and offering not in awaited]
        if free:
            table.seat(max(free, key=table.room), email, Cause.ASSIGNED, Origin(at=table.now))
        elif required:
            table.unplaced[required[0]].append(email)


def _has_room(table: SeatTable, offering: str) -> bool:
    """Whether there is a seat beyond those of who waits for a manager's yes."""
    free = table.free(offering)
    return free is None or free > len(table.wishes(offering))


def _unanswered(table: SeatTable, deadline: datetime, gave_up: frozenset[str]) -> dict[str, list[str]]:
    """Address to the offerings somebody was asked about in time and has said nothing to.

    In the plan's order.

    `gave_up` are those who gave a chosen seat up in time: what that seat had freed is what they have not
    answered.
    """
    ahead = [offering for offering in table.rules.offerings if table.is_open(offering)]
    people = table.asked if table.rules.by_link else {email for (_, email) in table.claims}
    unanswered: dict[str, list[str]] = {}
    for email in sorted(people):
        if any(table.status(offering, email) in IN_PLAY for offering in table.rules.offerings):
            continue
        asked = [
            offering
            for offering in ahead
            if (email in gave_up and _was_freed(table.standing(offering, email)))
            or _was_asked(table, offering, email, deadline)
        ]
        if asked:
            unanswered[email] = asked
    return unanswered


def _was_freed(standing: Standing | None) -> bool:
    return standing is not None and standing.cause is Cause.FREED


def _was_asked(table: SeatTable, offering: str, email: str, deadline: datetime) -> bool:
    standing = table.standing(offering, email)
    if table.rules.by_link:
        is_open = standing is None or (standing.cause in ASKED_ANEW and standing.since <= deadline)
        return is_open and table.asked[email] <= deadline
    if table.status(offering, email) is not Status.INVITED:
        return False
    return (standing.since if standing is not None else table.claims[offering, email].since) <= deadline
