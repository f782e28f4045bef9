"""Registrations as data: who is coming, since when, and by which answer we know.

The log of answers is append-only; a `Registration` is what the log says now.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import ResponseStatus, SessionKey


ERASED_PREFIX = "erased-"
"""What stands in for the address of somebody who was erased: it counts, and says nothing of the person."""


OUTSIDER = "outsider"
"""The cause of a row of somebody who was not invited.

They never had a seat, whatever they answered (`said`).
"""


def is_stand_in(email: str) -> bool:
    """Whether an address is that of somebody who was erased."""
    return email.startswith(ERASED_PREFIX) and "@" not in email


class RegistrationStatus(StrEnum):
    """`declined` never had a seat; `withdrawn` gave one up; `awaiting` waits for the manager's yes."""

    INVITED = "invited"
    REGISTERED = "registered"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    WAITLISTED = "waitlisted"
    AWAITING = "awaiting"

    @property
    def public(self) -> str:
        """As the public contract has it, which knows no `awaiting`: waitlisted, without a place in line."""
        return (RegistrationStatus.WAITLISTED if self is RegistrationStatus.AWAITING else self).value

    WITHDRAWN = "withdrawn"


class AnswerSource(StrEnum):
    """Where a status comes from."""

    OUTLOOK = "outlook"
    WEB = "web"
    TEAMS = "teams"
    HR = "hr"
    RULE = "rule"


BY_THEMSELVES = frozenset({AnswerSource.OUTLOOK, AnswerSource.WEB, AnswerSource.TEAMS})
"""The doors by which people speak for themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of the append-only log.

    `email` is the canonical address (an alias is resolved before), `response` what was answered,
    `responded_at` when (UTC, by Exchange's clock), `seen_at` when we read it (UTC). `known` is False for
    somebody we did not invite (a forwarded invitation), `timed` where Outlook did not tell when it was
    answered: then `responded_at` is when we first saw it. The same (key, email, response, responded_at) is
    one answer however often it is read.
    """

    key: SessionKey
    email: str
    name: str
    response: ResponseStatus
    responded_at: datetime
    seen_at: datetime
    source: AnswerSource = AnswerSource.OUTLOOK
    known: bool = True
    timed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One person and one offering.

    `since` UTC: when the status began; `position` 1-based in the waiting list.

    `invited` is False for somebody who answered without our invitation (a forwarded one): `declined`, because
    they never had a seat. `late`: by an answer after the deadline. `cause` is a `bot.domain.seats.Cause`, ""
    where the invitation put them. `answers` are the person's own sessions with what was said to each, for
    offerings of several sessions, sorted by session id.

    `said` is the last thing that the person themselves said of the offering, by whatever door, at `said_at`
    (UTC): `registered` for yes, `tentative`, `declined` or `withdrawn`; None where they said nothing, or said
    it to an event that is gone. Who said yes and got the seat from the waiting list by rule has still said
    yes. `unconfirmed`: has a seat, or may come, and neither said so nor got the seat since the date was
    moved. `reopened`: gave a chosen seat up in time while other dates are open, so they count as not having
    answered (`bot.seats.reopening`). `answered_by` is the canonical address of the delegate who said so for
    them, "" for themselves and where nobody said it.
    """

    course: str
    offering: str
    email: str
    name: str
    status: RegistrationStatus
    since: datetime
    source: AnswerSource
    position: int | None = None
    department: str = ""
    invited: bool = True
    answers: tuple[tuple[str, RegistrationStatus], ...] = ()
    late: bool = False
    cause: str = ""
    said: RegistrationStatus | None = None
    said_at: datetime | None = None
    unconfirmed: bool = False
    reopened: bool = False
    answered_by: str = ""
