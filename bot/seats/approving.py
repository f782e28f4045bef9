"""A sign-up that waits for the nearest manager's yes, where the plan asks for one (pure).

A part of `bot.seats.settle`. A wish is a standing `awaiting`, since the sign-up. It is no seat, and it keeps
its place: nobody who signed up later gets the seat that would be its own, so who is answered first makes no
odds.

| from | by | to | cause | who |
|---|---|---|---|---|
| any but seated, in line | accepts, or signs up by link; a seat beyond those before, or a line | awaiting | awaits_manager | person |
| the same | neither a seat nor a line | declined, or refused by link: the manager is not asked | full | person |
| any but seated | late under `late: refuse` | declined | too_late | person |
| awaiting on another date of an exclusive course | signs up here | none there: the last wish counts | freed | rule |
| awaiting | accepts again | as before (noted) | – | person |
| awaiting | tentative, declines, gives up, is withdrawn by HR, leaves, the date goes | as anybody's in line | | |
| awaiting | yes, a seat beyond those before them | registered | approved | manager, rule |
| awaiting | yes, no such seat, or late under `late: waitlist`; a line | waitlisted since the sign-up | approved_in_line | manager, rule |
| awaiting | yes, no seat and no line any more | declined | full | manager, rule |
| awaiting | no | declined, or withdrawn where there was a seat before | disapproved | manager, rule |
| awaiting | HR enrols, promotes or moves | as anybody: HR's word passes by the manager's | | HR |
| awaiting | the plan asks for no yes any more | as after a yes, in the order of the sign-ups | | rule |
| waitlisted after a yes | a wish before them ends without a seat, also after the deadline | registered | seat_offered | rule |

Those before somebody are the wishes, and who is in line, with an earlier sign-up; ties by address. A seat is
not handed over by a participant where a yes is needed. Who asks the manager, and when, is
`bot.seats.asking_managers`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.enrolment import LateAnswer
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause, RefusalReason, RequestKind
from bot.seats.seat_table import Origin

if TYPE_CHECKING:
    from bot.domain.seats import SeatRequest, Standing
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus


def make_wish(table: SeatTable, offering: str, email: str, origin: Origin) -> bool:
    """Write that somebody waits for the yes; False, and nothing is written, without a seat or a line."""
    free = table.free(offering)
    has_room = free is None or free > len(table.wishes(offering))
    if not (has_room or table.rules.takes_a_place_in_line(offering, origin.at)):
        return False
    if table.rules.exclusive:
        for other in table.rules.offerings:
            if other != offering and table.status(other, email) is Status.AWAITING:
                table.write(other, email, None, Cause.FREED, Origin(at=origin.at))
    table.write(offering, email, Status.AWAITING, Cause.AWAITS_MANAGER, origin)
    return True


def answer_wish(table: SeatTable, request: SeatRequest) -> RefusalReason | None:
    """Write what a yes or a no leads to, by the table above."""
    standing = table.standing(request.offering, request.email)
    if standing is None or standing.status is not Status.AWAITING:
        return RefusalReason.NOT_AWAITED
    origin = Origin(at=request.at, source=request.source, by=request.by, reason=request.reason)
    if request.kind is RequestKind.APPROVE:
        _approve(table, standing, origin)
    else:
        status = Status.WITHDRAWN if standing.had_seat else Status.DECLINED
        table.write(request.offering, request.email, status, Cause.DISAPPROVED, origin)
    return None


def release_wishes(table: SeatTable) -> None:
    """Where the plan asks for no yes any more, every wish is as after one."""
    if table.rules.needs_yes:
        return
    waiting = sorted(
        (standing for standing in table.standings.values() if standing.status is Status.AWAITING),
        key=lambda standing: (standing.since, standing.email, standing.offering),
    )
    for standing in waiting:
        if table.is_ahead(standing.offering):
            _approve(table, standing, Origin(at=table.now))


def _approve(table: SeatTable, standing: Standing, origin: Origin) -> None:
    offering, email = standing.offering, standing.email
    only_in_line = standing.late and table.rules.course.enrolment.late is LateAnswer.WAITLIST
    if table.is_free_beyond(standing) and not only_in_line:
        table.seat(offering, email, Cause.APPROVED, origin)
    elif table.rules.takes_a_place_in_line(offering, standing.since):
        in_line = Origin(
            at=standing.since, source=origin.source, by=origin.by, reason=origin.reason, late=standing.late
        )
        table.write(offering, email, Status.WAITLISTED, Cause.APPROVED_IN_LINE, in_line)
    else:
        table.write(offering, email, Status.DECLINED, Cause.FULL, origin)
