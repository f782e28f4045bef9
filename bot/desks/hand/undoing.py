"""The way back from what HR's hand did: the opposite wish, where there is one (pure).

| the line | the way back |
|---|---|
| withdrew somebody with a seat | enrol |
| withdrew somebody who waited | enrol, and a place in line will do: at the end of it |
| withdrew somebody else | none: they had neither, and HR enrols whom it wants to |
| enrolled, queued or promoted somebody | withdraw |
| moved somebody who had a seat on another offering | move there |
| moved somebody else | withdraw |
| gave somebody's seat to a colleague | the colleague hands it back |
| turned somebody away | none: nobody of ours invited them |

It is offered for `A_WHILE`, as long as the person stands where the line put them. Nothing is undone in
secret: the way back is an act like any other, and mails that went stay sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.seats import Standing, Transition

A_WHILE = timedelta(days=1)
GIVEN = frozenset({Cause.ENROLLED, Cause.QUEUED, Cause.PROMOTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """The wish that takes an act back.

    `to` whom a seat is handed back to, `queue`: a place in line will do.
    """

    kind: RequestKind
    offering: str
    email: str
    to: str = ""
    queue: bool = False


def way_back(lines: Sequence[Transition], standings: Iterable[Standing], *, now: datetime) -> WayBack | None:
    """How the act that wrote these lines is taken back, by the table above; `now` UTC."""
    by_hand = _by_hand(lines)
    if not by_hand or now - by_hand[0].after.since >= A_WHILE:
        return None
    stands = {(one.offering, one.email): (one.status, one.cause) for one in standings}
    if any(stands.get(_where(one)) != (one.after.status, one.after.cause) for one in by_hand):
        return None
    return _opposite(by_hand, lines)


def way_back_of(lines: Sequence[Transition]) -> WayBack | None:
    """The opposite of these lines, wherever people stand by now: what is looked for where it may be done."""
    by_hand = _by_hand(lines)
    return _opposite(by_hand, lines) if by_hand else None


def _by_hand(lines: Iterable[Transition]) -> list[Transition]:
    return [one for one in lines if one.after.source is AnswerSource.HR and not one.noted]


def _opposite(by_hand: Sequence[Transition], lines: Sequence[Transition]) -> WayBack | None:
    first, last = by_hand[0], by_hand[-1].after
    if last.cause is Cause.WITHDRAWN and first.before in {
        RegistrationStatus.REGISTERED,
        RegistrationStatus.WAITLISTED,
    }:
        waited = first.before is RegistrationStatus.WAITLISTED
        return WayBack(kind=RequestKind.ENROL, offering=last.offering, email=last.email, queue=waited)
    if last.cause is Cause.TAKEN_OVER:
        giver = first.after.email
        return WayBack(kind=RequestKind.HAND_OVER, offering=last.offering, email=last.email, to=giver)
    left = [
        one.after.offering
        for one in lines
        if (one.after.email, one.after.cause) == (last.email, Cause.FREED)
        and one.before is RegistrationStatus.REGISTERED
    ]
    if last.cause is Cause.MOVED and left:
        return WayBack(kind=RequestKind.MOVE, offering=left[0], email=last.email)
    if last.cause is Cause.MOVED or last.cause in GIVEN:
        return WayBack(kind=RequestKind.WITHDRAW, offering=last.offering, email=last.email)
    return None


def _where(line: Transition) -> tuple[str, str]:
    return line.after.offering, line.after.email
