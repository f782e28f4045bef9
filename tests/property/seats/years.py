"""What may happen to a course between its first invitation and its day, as a list of (event, number) that hypothesis can shrink.

Each event takes a number and makes its choices from it; one that finds nothing to happen to does nothing.
The events are HR's edits of the plan, HR's hand, people's answers and wishes, the directory's, and the clock's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.events import ResponseStatus
from bot.domain.plan import CourseStatus, Offering
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from tests.builders.samples import make_course, make_session
from tests.property.seats.office import GUEST, STAFF, Office

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from bot.domain.plan import CourseSession

T = TypeVar("T")
Happening = "Callable[[Year, int], None]"

FIRST_DAY = datetime(2025, 6, 2, 9, 0)
DEADLINES = (datetime(2025, 5, 20, 12, 0), datetime(2025, 5, 12, 12, 0), None)
EVERYBODY = (*(one.email for one in STAFF), GUEST.email)
STATUSES = (CourseStatus.APPROVED, CourseStatus.CANCELLED, CourseStatus.SAVE_THE_DATE, CourseStatus.PROPOSED, CourseStatus.DRAFT)
RESPONSES = (ResponseStatus.ACCEPTED, ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED)
CHOOSE, LINK, SIGNUP = {"mode": EnrolmentMode.CHOOSE}, {"mode": EnrolmentMode.CHOOSE, "via": ChooseVia.LINK}, {"mode": EnrolmentMode.SIGNUP}
KINDS: tuple[dict[str, object], ...] = (
    CHOOSE | {"capacity": 1, "waiting_list": True},
    CHOOSE | {"unanswered": Unanswered.ASSIGN, "deadline": DEADLINES[0], "capacity": 2},
    CHOOSE | {"unanswered": Unanswered.RELEASE, "deadline": DEADLINES[0]},
    {"capacity": 1, "waiting_list": True, "handover": True},
    {"deadline": DEADLINES[0], "late": LateAnswer.REFUSE},
    LINK | {"capacity": 1, "waiting_list": True, "unanswered": Unanswered.ASSIGN, "deadline": DEADLINES[0]},
    SIGNUP | {"capacity": 2, "waiting_list": True},
)


@dataclass(slots=True)
class Year:
    """The office, and the dates that HR has taken out of the plan. `wishes` are the requests so far."""

    office: Office
    put_away: list[Offering] = field(default_factory=list)
    wishes: list[SeatRequest] = field(default_factory=list)


def begin(loop: asyncio.AbstractEventLoop, kind: int, shape: int) -> Year:
    """One course with its dates in June, nobody invited yet."""
    sessions = ((1, 1), (2, 1), (1,), (2,))[shape]
    offerings = tuple(_dated(f"h{at}", at * 3, count) for at, count in enumerate(sessions, 1))
    course = make_course("k", offerings=offerings, enrolment=Enrolment(**KINDS[kind]))  # type: ignore[arg-type]
    return Year(Office(loop, course))


def chosen(number: int, options: Sequence[T]) -> tuple[T, int]:
    """One of the options, and what is left of the number for the next choice."""
    return options[number % len(options)], number // len(options)


def a_day(number: int) -> datetime:
    return FIRST_DAY + timedelta(days=number % 24)


def _dated(name: str, day: int, count: int = 1) -> Offering:
    return Offering(id=name, title=name.title(), sessions=tuple(make_session(f"s{at}", start=a_day(day + at)) for at in range(count)))


# -- HR's edits of the plan


def _edit(year: Year, **changes: object) -> None:
    year.office.written = replace(year.office.written, **changes)  # type: ignore[arg-type]


def _edit_one(year: Year, number: int, change: Callable[[Offering, int], Sequence[Offering]]) -> None:
    offerings = year.office.written.offerings
    if offerings:
        one, left = chosen(number, offerings)
        _edit(year, offerings=tuple(made for other in offerings for made in (change(one, left) if other is one else [other])))


def take_out(year: Year, number: int) -> None:
    def change(one: Offering, _left: int) -> Sequence[Offering]:
        year.put_away.append(one)
        return []

    _edit_one(year, number, change)


def put_back(year: Year, number: int) -> None:
    """As it was, or on another date."""
    if year.put_away:
        one = year.put_away.pop(number % len(year.put_away))
        back = one if number % 2 else replace(one, sessions=tuple(_moved(session, number) for session in one.sessions))
        if one.id not in {other.id for other in year.office.written.offerings}:
            _edit(year, offerings=(*year.office.written.offerings, back))


def split(year: Year, number: int) -> None:
    """One becomes two: it goes on as half of them, or both are new."""

    def change(one: Offering, left: int) -> Sequence[Offering]:
        names = (one.id, f"{one.id}b") if left % 2 else (f"{one.id}a", f"{one.id}b")
        taken = {other.id for other in year.office.written.offerings if other is not one}
        return [one] if taken & {*names} else [replace(one, id=names[0]), _dated(names[1], left)]

    if len(year.office.written.offerings) < 3:
        _edit_one(year, number, change)


def _moved(session: CourseSession, number: int) -> CourseSession:
    start = a_day(number)
    return replace(session, start=start, end=start + timedelta(hours=3))


def move(year: Year, number: int) -> None:
    _edit_session(year, number, lambda one, left: [_moved(one, left)])


def lose_the_date(year: Year, number: int) -> None:
    _edit_session(year, number, lambda one, _left: [replace(one, start=None, end=None)])


def replace_a_session(year: Year, number: int) -> None:
    """Under another id, on the same date or on another."""

    def change(one: CourseSession, left: int) -> Sequence[CourseSession]:
        other = replace(one, id=f"{one.id[:2]}{'xyz'[left % 3]}")
        return [_moved(other, left)] if left % 4 else [other]

    _edit_session(year, number, change)


def add_or_drop_a_session(year: Year, number: int) -> None:
    def change(one: Offering, left: int) -> Sequence[Offering]:
        if len(one.sessions) > 1:
            return [replace(one, sessions=one.sessions[left % 2 :][:1])]
        return [replace(one, sessions=(*one.sessions, make_session("ny", start=a_day(left))))] if one.sessions[0].id != "ny" else [one]

    _edit_one(year, number, change)


def _edit_session(year: Year, number: int, change: Callable[[CourseSession, int], Sequence[CourseSession]]) -> None:
    def of_one(offering: Offering, left: int) -> Sequence[Offering]:
        session, left = chosen(left, offering.sessions)
        sessions = [made for one in offering.sessions for made in (change(one, left) if one is session else [one])]
        return [replace(offering, sessions=tuple({one.id: one for one in sessions}.values()))]

    _edit_one(year, number, of_one)


def set_status(year: Year, number: int) -> None:
    _edit(year, status=chosen(number, STATUSES)[0])


def cancel_and_approve_on_another_date(year: Year, number: int) -> None:
    _edit(year, status=STATUSES[1 + number % 4])
    year.office.sync()
    _edit(year, status=CourseStatus.APPROVED)
    move(year, number // 4)


def set_seats(year: Year, number: int) -> None:
    _rule(year, capacity=chosen(number, [1, 2, 3, None])[0])


def set_rules(year: Year, number: int) -> None:
    deadline, left = chosen(number, DEADLINES)
    late, left = chosen(left, list(LateAnswer))
    _rule(year, deadline=deadline, late=late, waiting_list=left % 2 == 0)


def _rule(year: Year, **changes: object) -> None:
    _edit(year, enrolment=replace(year.office.written.enrolment, **changes))  # type: ignore[arg-type]


# -- people


def answer(year: Year, number: int) -> None:
    """In Outlook; the guest answers an invitation that was forwarded."""
    events = year.office.live()
    if events:
        event, left = chosen(number, events)
        email, left = chosen(left, EVERYBODY)
        response, left = chosen(left, RESPONSES)
        if email == GUEST.email or email in {one.email for one in event.attendees}:
            year.office.answer(event, email, response)
        if left % 2:
            year.office.collect()


def change_ones_mind(year: Year, number: int) -> None:
    """Yes, then maybe, then no."""
    for response in (ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED):
        events = year.office.live()
        if events:
            event, left = chosen(number, events)
            here = sorted(one.email for one in event.attendees)
            if here:
                year.office.answer(event, chosen(left, here)[0], response)
            year.office.collect()


def wish(year: Year, number: int) -> None:
    """By link, or by HR's hand."""
    kind, left = chosen(number, list(RequestKind))
    by_link = kind in {RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER}
    email, left = chosen(left, EVERYBODY)
    to, left = chosen(left, EVERYBODY)
    if year.office.course.offerings:
        year.office.now += timedelta(minutes=1)
        asked = SeatRequest(
            kind=kind, course="k", offering=chosen(left, year.office.course.offerings)[0].id, email=email, at=year.office.now,
            source=AnswerSource.WEB if by_link else AnswerSource.HR, to=to, queue=left % 2 == 0,
        )  # fmt: skip
        year.wishes.append(asked)
        year.office.decide(asked)


def somebody_leaves_or_returns(year: Year, number: int) -> None:
    one = STAFF[number % len(STAFF)]
    if year.office.staff.pop(one.email, None) is None:
        year.office.staff[one.email] = one


# -- the clock, and rounds


def time_passes(year: Year, number: int) -> None:
    year.office.now += timedelta(hours=chosen(number, [1, 24, 24 * 10, 24 * 20])[0])


def a_round_of_answers(year: Year, number: int) -> None:
    year.office.collect()


def a_crash(year: Year, number: int) -> None:
    year.office.sync_through_a_crash(number % 8)


EDITS = (
    take_out, put_back, split, move, lose_the_date, replace_a_session, add_or_drop_a_session, set_status, set_seats, set_rules,
    cancel_and_approve_on_another_date,
)  # fmt: skip
OTHERS = (answer, answer, answer, change_ones_mind, wish, wish, somebody_leaves_or_returns, time_passes, a_round_of_answers, a_crash)
