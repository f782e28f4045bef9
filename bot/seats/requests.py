"""What a person asks for by link and what HR asks for.

Granted by a line of the log, or refused with a reason (pure).

A part of `bot.seats.settle`, whose table has every move. First what holds for all, then by kind; the first
line that fits refuses:

    any            the offering is not in the plan; the course is not approved; the offering has begun
    choose         not of the audience, or HR has withdrawn them; has the seat already, or waits and no seat is free;
                   or for a manager's yes; before `opens`; late under `late: refuse`; no seat and no line
    give_up        nothing to give up
    hand_over      the plan does not allow it, or wants a manager's yes (and it is not HR who hands over); no seat;
                   the colleague is not of the audience, was withdrawn by HR (and it is
                   not HR who hands over), or has a seat of the course
    enrol          has the seat already; no seat (with `queue`: gets a place in line; with `above`: gets one)
    withdraw       stands nowhere on the offering; nothing to withdraw from; who came with a forwarded invitation is turned away
    move           has that seat already; stands nowhere in the course; no seat there (with `above`: gets one)
    promote        not in line; no seat (with `above`: gets one)
    with `above`   no reason, where there is no seat
    approve        waits for no yes there; so too disapprove

HR is not held by deadlines, because it is HR who sets them. It seats more than there are seats only where it
says so (`above`) and why: one chair more is a decision about one person, and every number then says 41 of 40.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.domain.enrolment import LateAnswer
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Refusal, RefusalReason, RequestKind, SeatRequest
from bot.seats.approving import answer_wish, make_wish
from bot.seats.seat_table import STANDS, Origin

if TYPE_CHECKING:
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus
Reason = RefusalReason
HAS_ASKED = frozenset({Status.REGISTERED, Status.AWAITING})
IN_LINE = frozenset({Status.WAITLISTED, Status.AWAITING})


def decide_request(table: SeatTable, request: SeatRequest) -> Refusal | None:
    """Write what the request leads to, or tell why it leads to nothing; the table above."""
    reason = _general(table, request) or _by_kind(table, request)
    return None if reason is None else Refusal(request=request, reason=reason)


def _general(table: SeatTable, request: SeatRequest) -> Reason | None:
    if request.offering not in table.rules.offerings:
        return Reason.UNKNOWN_OFFERING
    if not table.rules.decides:
        return Reason.NOT_APPROVED
    return Reason.BEGUN if table.rules.offerings[request.offering].has_begun(request.at) else None


def _by_kind(table: SeatTable, request: SeatRequest) -> Reason | None:  # noqa: PLR0911 - one for each kind
    match request.kind:
        case RequestKind.CHOOSE:
            return _choose(table, request)
        case RequestKind.GIVE_UP:
            return _give_up(table, request, Cause.GAVE_UP)
        case RequestKind.HAND_OVER:
            return _hand_over(table, request)
        case RequestKind.ENROL:
            return _enrol(table, request)
        case RequestKind.WITHDRAW:
            return _withdraw(table, request)
        case RequestKind.MOVE:
            return _move(table, request)
        case RequestKind.PROMOTE:
            return _promote(table, request)
        case RequestKind.APPROVE | RequestKind.DISAPPROVE:
            return answer_wish(table, request)
        case _ as unreachable:
            assert_never(unreachable)


def _choose(table: SeatTable, request: SeatRequest) -> Reason | None:
    offering, email = request.offering, request.email
    current = table.status(offering, email)
    origin, rule = _origin(request, late=table.rules.is_late(request.at)), table.rules.course.enrolment.late
    takes_seat = table.is_free(offering) and not (origin.late and rule is LateAnswer.WAITLIST)
    if not _may_choose(table, request, current):
        return Reason.NOT_INVITED
    if current in HAS_ASKED or (current is Status.WAITLISTED and not takes_seat):
        return Reason.NOTHING_TO_DO
    if table.rules.opens is not None and request.at < table.rules.opens:
        return Reason.NOT_OPEN
    if origin.late and rule is LateAnswer.REFUSE:
        return Reason.CLOSED
    if table.rules.needs_yes and current is not Status.WAITLISTED:
        return None if make_wish(table, offering, email, origin) else Reason.FULL
    return _take(table, request, origin, takes_seat=takes_seat)


def _may_choose(table: SeatTable, request: SeatRequest, current: Status | None) -> bool:
    is_known = current is not None or _belongs(table, request.offering, request.email)
    return is_known and not _is_kept_away(table, request, request.email)


def _take(table: SeatTable, request: SeatRequest, origin: Origin, *, takes_seat: bool) -> Reason | None:
    """A seat, else a place in line."""
    offering, email = request.offering, request.email
    if takes_seat:
        table.seat(offering, email, Cause.CHOSEN, origin)
    elif table.rules.takes_a_place_in_line(offering, request.at):
        table.write(offering, email, Status.WAITLISTED, Cause.QUEUED, origin)
    else:
        return Reason.FULL
    return None


def _give_up(table: SeatTable, request: SeatRequest, cause: Cause) -> Reason | None:
    current = table.status(request.offering, request.email)
    if current is None and cause is Cause.WITHDRAWN:
        return Reason.NOT_THERE
    if current in {Status.DECLINED, Status.WITHDRAWN} or (
        current is None and not _belongs(table, request.offering, request.email)
    ):
        return Reason.NOTHING_TO_DO
    before = table.standing(request.offering, request.email)
    status = Status.WITHDRAWN if before is not None and before.had_seat else Status.DECLINED
    late = cause is Cause.GAVE_UP and table.rules.is_late(request.at)
    table.write(request.offering, request.email, status, cause, _origin(request, late=late))
    return None


def _withdraw(table: SeatTable, request: SeatRequest) -> Reason | None:
    if not table.is_outsider(request.offering, request.email):
        return _give_up(table, request, Cause.WITHDRAWN)
    table.write(request.offering, request.email, None, Cause.TURNED_AWAY, _origin(request))
    return None


def _hand_over(table: SeatTable, request: SeatRequest) -> Reason | None:
    offering, to = request.offering, request.to
    by_hr = request.source is AnswerSource.HR
    if not table.rules.course.enrolment.handover or (table.rules.needs_yes and not by_hr):
        return Reason.NO_HANDOVER
    if table.status(offering, request.email) is not Status.REGISTERED:
        return Reason.NO_SEAT
    if not table.is_member(offering, to) or to == request.email or _is_kept_away(table, request, to):
        return Reason.NOT_INVITED
    if any(table.status(other, to) is Status.REGISTERED for other in table.rules.offerings):
        return Reason.HAS_SEAT
    table.write(offering, request.email, Status.WITHDRAWN, Cause.HANDED_OVER, _origin(request))
    table.seat(offering, to, Cause.TAKEN_OVER, replace(_origin(request), by=request.by or request.email))
    return None


def _enrol(table: SeatTable, request: SeatRequest) -> Reason | None:
    current = table.status(request.offering, request.email)
    lack = _lack_of_a_seat(table, request)
    if current is Status.REGISTERED or (current is Status.WAITLISTED and request.queue and lack is not None):
        return Reason.NOTHING_TO_DO
    if lack is None:
        table.seat(request.offering, request.email, Cause.ENROLLED, _origin(request))
    elif request.queue:
        table.write(request.offering, request.email, Status.WAITLISTED, Cause.QUEUED, _origin(request))
    else:
        return lack
    return None


def _lack_of_a_seat(table: SeatTable, request: SeatRequest) -> Reason | None:
    """Why HR has no seat to give there, None where it has: a free one, or one above them for a reason."""
    if table.is_free(request.offering):
        return None
    if not request.above:
        return Reason.FULL
    return None if request.reason else Reason.REASON_MISSING


def _move(table: SeatTable, request: SeatRequest) -> Reason | None:
    if table.status(request.offering, request.email) is Status.REGISTERED:
        return Reason.NOTHING_TO_DO
    if not any(table.status(offering, request.email) is not None for offering in table.rules.offerings):
        return Reason.NOWHERE
    lack = _lack_of_a_seat(table, request)
    if lack is not None:
        return lack
    table.seat(request.offering, request.email, Cause.MOVED, _origin(request), alone=True)
    return None


def _promote(table: SeatTable, request: SeatRequest) -> Reason | None:
    line = sorted(
        (standing.since, email)
        for (offering, email), standing in table.standings.items()
        if offering == request.offering
        and standing.status in ({Status.WAITLISTED} if not request.email else IN_LINE)
        and request.email in {"", email}
    )
    if not line:
        return Reason.NOT_WAITING
    lack = _lack_of_a_seat(table, request)
    if lack is not None:
        return lack
    table.seat(request.offering, line[0][1], Cause.PROMOTED, _origin(request))
    return None


def _belongs(table: SeatTable, offering: str, email: str) -> bool:
    return (offering, email) in table.standings or table.is_member(offering, email)


def _is_kept_away(table: SeatTable, request: SeatRequest, email: str) -> bool:
    """Whether HR took this person off the offering, or they left: then only HR puts them back."""
    standing = table.standing(request.offering, email)
    return standing is not None and standing.cause in STANDS and request.source is not AnswerSource.HR


def _origin(request: SeatRequest, *, late: bool = False) -> Origin:
    return Origin(at=request.at, source=request.source, late=late, by=request.by, reason=request.reason)
