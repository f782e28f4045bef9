"""What a change of the plan does to seats: dates that go, and dates that come back (pure).

A part of `bot.seats.settle`; only a sync takes an offering out of the calendars, so only a sync decides this.

An offering is gone when its first session has not begun, and

    the course        the offering                              gone
    invites           has a date in the plan                    no
    invites           has none any more                         when the books have an event of it ahead
    does not invite   has a date in the plan (it is cancelled,  yes
    any more          on hold, only listed …)
    any               is not in the plan any more               when the books have an event of it ahead
    any               never had a date                          no: HR gave the seat, and nobody was told a date

What is past is history and stays. Everybody with a line in the log, or an answer, then stands nowhere on it
(`offering_gone`), but for those whom HR took off and who left. What a seat had freed is open again when no
date of the course is left on which the person has, or had, a seat (`invited_again`); by link the message
alone asks them. Nothing that was said counts any more where somebody is invited again.

When the offering is back, everybody of its audience is invited again, and nothing doubles: who has a seat on
another date by then keeps that one (`freed`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.enrolment import LateAnswer
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus, is_stand_in
from bot.domain.seats import Cause, Dropped
from bot.seats.seat_table import STANDS, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.seats import Standing
    from bot.seats.enrolment_rules import CourseRules
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus
INVITING = frozenset({CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE})
HAD_SOMETHING = frozenset({Status.REGISTERED, Status.WAITLISTED, Status.AWAITING})
"""With a seat, or a yes that nobody had read yet, in line, or waiting for a manager."""
IN_PLAY = HAD_SOMETHING | {Status.TENTATIVE}


def is_gone(rules: CourseRules, offering: str, ahead: Collection[tuple[str, str]], now: datetime) -> bool:
    """Whether an offering is gone, by the table above.

    `ahead` are the (course, offering) with an event in the books that has not ended.
    """
    rules_here, in_books = rules.offerings.get(offering), (rules.course.id, offering) in ahead
    if rules_here is None or rules_here.begins is None:
        return in_books
    return not rules_here.has_begun(now) and rules.course.status not in INVITING


def follow_plan(table: SeatTable) -> None:
    """Write what goes and what comes back, by the text above."""
    if not table.has_read:
        return
    _take_away(table)
    for (offering, email), standing in sorted(table.standings.items(), key=lambda item: item[0]):
        if (
            standing.cause is Cause.OFFERING_GONE
            and table.is_open(offering)
            and email in table.today.get(offering, ())
        ):
            _bring_back(table, offering, email)
    freed = {email for (_, email), standing in table.standings.items() if standing.cause is Cause.FREED}
    had_one = {
        email
        for (_, email), standing in table.standings.items()
        if standing.had_seat and standing.cause is not Cause.OFFERING_GONE
    }
    for email in sorted(freed - had_one):
        _open_again(table, email)


def whose_date_goes(table: SeatTable) -> list[Dropped]:
    """Whose seat or place in line went with its offering, and whether another date is open to them.

    To be asked when all is decided.
    """
    return [
        Dropped(
            course=table.rules.course.id,
            offering=offering,
            email=email,
            waited=waited,
            chooses=table.rules.exclusive
            and not table.has_a_seat(email)
            and bool(dates_to_choose(table, email)),
        )
        for (offering, email), waited in table.dropped.items()
    ]


def dates_to_choose(table: SeatTable, email: str) -> list[str]:
    """The offerings, in the plan's order, that somebody without a seat may still take."""
    if not table.rules.decides or (
        table.rules.is_late(table.now) and table.rules.course.enrolment.late is LateAnswer.REFUSE
    ):
        return []
    return [
        offering
        for offering in table.rules.offerings
        if table.is_open(offering)
        and table.is_member(offering, email)
        and not table.is_kept_away(offering, email)
    ]


def without_a_place(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The lost seats of who has nothing since their date went and has not said no to another.

    For HR, who may give them another date; sorted by course, offering and address.
    """
    mine: dict[tuple[str, str], list[Standing]] = {}
    for standing in standings:
        mine.setdefault((standing.course, standing.email), []).append(standing)
    left_without: list[Standing] = []
    for lines in mine.values():
        lost = [standing for standing in lines if standing.cause is Cause.OFFERING_GONE and standing.had_seat]
        if lost and not any(standing.status in IN_PLAY for standing in lines):
            since = min(standing.since for standing in lost)
            if not any(standing.said_at is not None and standing.said_at > since for standing in lines):
                left_without += lost
    return tuple(
        sorted(left_without, key=lambda standing: (standing.course, standing.offering, standing.email))
    )


def _take_away(table: SeatTable) -> None:
    """End what stands on the offerings that are gone."""
    answered = {
        key: claim.answered_at
        for key, claim in table.claims.items()
        if claim.invited and claim.answered_at is not None
    }
    for offering, email in sorted(key for key in {*table.standings, *answered} if key[0] in table.gone):
        standing = table.standing(offering, email)
        if standing is None or standing.cause not in STANDS | {Cause.OFFERING_GONE}:
            status = standing.status if standing is not None else table.claims[offering, email].status
            if status in HAD_SOMETHING and not is_stand_in(email):
                table.dropped[offering, email] = _is_off_the_event(status, standing)
            table.write(
                offering,
                email,
                None,
                Cause.OFFERING_GONE,
                Origin(at=table.now, answered_at=answered.get((offering, email))),
            )
        elif standing.cause is Cause.OFFERING_GONE and _is_newer(
            answered.get((offering, email)), standing.answered_at
        ):
            # The event is still there, because the calendar could not be written: a word to it is one to
            # nothing.
            table.note(standing, None, answered[offering, email])


def _is_off_the_event(status: Status, standing: Standing | None) -> bool:
    """Whether somebody waits whom Outlook tells nothing: in line, or for a yes to a sign-up by link."""
    by_answer = standing is None or standing.source is AnswerSource.OUTLOOK
    return status is Status.WAITLISTED or (status is Status.AWAITING and not by_answer)


def _is_newer(answer: datetime | None, considered: datetime | None) -> bool:
    return answer is not None and (considered is None or answer > considered)


def _open_again(table: SeatTable, email: str) -> None:
    """Take back what the lost seat had freed."""
    for offering in table.rules.offerings:
        standing = table.standing(offering, email)
        if (
            standing is not None
            and standing.cause is Cause.FREED
            and table.is_open(offering)
            and table.is_member(offering, email)
        ):
            _bring_back(table, offering, email)


def _bring_back(table: SeatTable, offering: str, email: str) -> None:
    if table.rules.exclusive and table.has_a_seat(email):
        table.write(offering, email, None, Cause.FREED, Origin(at=table.now))
    else:
        table.invite(offering, email, Cause.INVITED_AGAIN)
