"""What answers in Outlook do to seats: which are new, and what each leads to (pure).

A part of `bot.seats.settle`, whose table has every move. Which answers are taken; the first line that fits:

| the answer | is taken |
|---|---|
| to an offering that is not in the plan, is over, or is taken out of the calendars | no |
| of somebody who is not invited to it; or there is none | no |
| of somebody about whom nothing is decided: a no to one session of several, the rest unanswered | no |
| of such a one, known to be of no audience | no: they left and are still on the event, or are new; a sync knows |
| considered before, and what got the yes is gone, all that is left got a no before | yes |
| considered before | no |
| any other | yes |

It counts from when the claim's status began: a repeated yes from the first. Where that was considered before,
and with a claim that is open again, from the last answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.enrolment import LateAnswer
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Place
from bot.seats.approving import make_wish
from bot.seats.seat_table import STANDS, Origin

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.seats import Claim, Standing
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus
TURNED_DOWN = frozenset({Status.DECLINED, Status.WITHDRAWN})
SAID_YES_ALREADY = frozenset({Status.REGISTERED, Status.WAITLISTED, Status.AWAITING})
GIVEN_BY_ANSWER = frozenset({Status.REGISTERED, Status.TENTATIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """A claim that is to be taken: when its last answer was given, and from when it counts (both UTC)."""

    claim: Claim
    answered_at: datetime
    counts_from: datetime


def new_answers(table: SeatTable) -> list[NewAnswer]:
    """The answers not yet considered, by the table above, in the order in which they are taken."""
    order = {offering: at for at, offering in enumerate(table.rules.offerings)}
    answers = [answer for claim in table.claims.values() if (answer := _new_answer(table, claim)) is not None]
    return sorted(
        answers,
        key=lambda answer: (answer.counts_from, answer.claim.email, order[answer.claim.offering]),
    )


def _new_answer(table: SeatTable, claim: Claim) -> NewAnswer | None:
    if not table.is_running(claim.offering) or not claim.invited or claim.answered_at is None:
        return None
    standing = table.standing(claim.offering, claim.email)
    is_new = _is_first_word(table, claim) if standing is None else _moves_anew(standing, claim)
    if not is_new:
        return None
    seen = standing.answered_at if standing is not None else None
    is_open_again = claim.status is Status.INVITED
    counts_from = claim.since if not is_open_again and _is_after(claim.since, seen) else claim.answered_at
    return NewAnswer(claim=claim, answered_at=claim.answered_at, counts_from=counts_from)


def _is_first_word(table: SeatTable, claim: Claim) -> bool:
    return claim.status is not Status.INVITED and not table.is_stranger(claim.offering, claim.email)


def _moves_anew(standing: Standing, claim: Claim) -> bool:
    return not _is_considered(standing, claim) or _only_a_no_is_left(standing, claim)


def _is_after(moment: datetime, seen: datetime | None) -> bool:
    return seen is None or moment > seen


def _is_considered(standing: Standing, claim: Claim) -> bool:
    return claim.answered_at is not None and not _is_after(claim.answered_at, standing.answered_at)


def _only_a_no_is_left(standing: Standing, claim: Claim) -> bool:
    """Of an answer that was considered.

    Whether the session that took the seat is gone, and the others had got a no before.
    """
    by_answer = standing.has_seat and standing.cause is Cause.ANSWERED
    return by_answer and claim.status in TURNED_DOWN and claim.source is not AnswerSource.RULE


def take_answer(table: SeatTable, answer: NewAnswer) -> None:
    """Write what the answer leads to, as things stand now: others before it may have moved the person."""
    claim = answer.claim
    standing = table.standing(claim.offering, claim.email)
    if standing is not None and _is_considered(standing, claim):
        if _only_a_no_is_left(standing, claim):
            origin = Origin(at=table.now, source=claim.source)
            table.write(claim.offering, claim.email, Status.WITHDRAWN, Cause.ANSWERED, origin)
    elif standing is not None and (
        _says_nothing_new(standing, claim.status) or _is_outdated(table, standing, answer)
    ):
        table.note(standing, claim, answer.answered_at)
    else:
        _follow(table, answer, standing)


def _follow(table: SeatTable, answer: NewAnswer, standing: Standing | None) -> None:
    claim = answer.claim
    had_seat = _had_seat(table, standing, claim)
    origin = Origin(
        at=answer.counts_from,
        source=claim.source,
        answered_at=answer.answered_at,
        late=table.rules.is_late(answer.counts_from),
        had_seat=had_seat,
    )
    match claim.status:
        case Status.REGISTERED:
            _accept(table, claim, origin)
        case Status.TENTATIVE | Status.INVITED:
            table.write(claim.offering, claim.email, claim.status, Cause.ANSWERED, origin)
        case _:
            status = Status.WITHDRAWN if had_seat else Status.DECLINED
            table.write(claim.offering, claim.email, status, _cause_of_a_no(standing, claim), origin)


def _accept(table: SeatTable, claim: Claim, origin: Origin) -> None:
    offering, rule = claim.offering, table.rules.course.enrolment.late
    if origin.late and rule is LateAnswer.REFUSE:
        table.write(offering, claim.email, Status.DECLINED, Cause.TOO_LATE, origin)
    elif table.rules.needs_yes:
        if not make_wish(table, offering, claim.email, origin):
            table.write(offering, claim.email, Status.DECLINED, Cause.FULL, origin)
    elif table.is_free(offering) and not (origin.late and rule is LateAnswer.WAITLIST):
        table.seat(offering, claim.email, Cause.ANSWERED, origin)
    elif table.rules.takes_a_place_in_line(offering, origin.at):
        table.write(offering, claim.email, Status.WAITLISTED, Cause.QUEUED, origin)
    else:
        table.write(offering, claim.email, Status.DECLINED, Cause.FULL, origin)


def _cause_of_a_no(standing: Standing | None, claim: Claim) -> Cause:
    if standing is not None and standing.place is Place.OFF:
        # In line, so not on the event any more: giving that up must not bring the invitation back.
        return Cause.GAVE_UP
    return Cause.LEFT if claim.source is AnswerSource.RULE else Cause.ANSWERED


def _had_seat(table: SeatTable, standing: Standing | None, claim: Claim) -> bool:
    """Whether a no to this gives a seat up.

    There was one, or a yes that is read together with the no would have got one.
    """
    if standing is not None and standing.had_seat:
        return True
    if table.rules.needs_yes:
        return False
    seen = standing.answered_at if standing is not None else None
    accepted = claim.accepted_at
    if accepted is None or not _is_after(accepted, seen):
        return False
    came_in_time = not table.rules.is_late(accepted)
    return table.is_free(claim.offering) and (
        came_in_time or table.rules.course.enrolment.late is LateAnswer.ACCEPT
    )


def _says_nothing_new(standing: Standing, answer: Status) -> bool:
    if standing.cause in STANDS:
        return True
    if answer is Status.REGISTERED:
        return standing.status in SAID_YES_ALREADY
    if answer is Status.INVITED:  # a seat that was not taken by an answer is not given up by what is none
        if standing.status is Status.AWAITING:
            return standing.source is not AnswerSource.OUTLOOK
        return standing.status not in GIVEN_BY_ANSWER or standing.cause is not Cause.ANSWERED
    if standing.status is answer or {standing.status, answer} <= TURNED_DOWN:
        return True
    return standing.place is Place.OFF and standing.status is not Status.WAITLISTED


def _is_outdated(table: SeatTable, standing: Standing, answer: NewAnswer) -> bool:
    """Whether the person or HR has had a later word than this answer, which was read late."""
    claim = answer.claim
    if _is_a_later_word(standing, answer):
        return True
    if claim.status is not Status.REGISTERED or not (table.rules.exclusive or standing.cause is Cause.FREED):
        return False
    elsewhere = (
        table.standing(offering, claim.email)
        for offering in table.rules.offerings
        if offering != claim.offering
    )
    return any(
        other is not None and other.has_seat and _is_a_later_word(other, answer) for other in elsewhere
    )


def _is_a_later_word(standing: Standing, answer: NewAnswer) -> bool:
    return standing.source is not AnswerSource.RULE and answer.answered_at < standing.since
