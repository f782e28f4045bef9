"""A course as one person sees it: the dates, where they stand, and what would be granted now.

What can be done is what would be granted: each action is tried on the books without writing, so that a page
never offers what is then refused (but for a seat that somebody else takes in between).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.pages import OWN_WISHES, CourseView, OfferingView
from bot.domain.participation import IN_PLAY, is_on, not_their_no, part_of, people_in
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.registrations.own_page import own_sessions, takes_part
from bot.rounds.steps.decide_seats import settle_books
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.evaluation import OwnEvaluation
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import Registration
    from bot.domain.seats import OfferingSeats, Settlement
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings


class OwnCourse:
    """One course and one person (canonical address), by the books as `state` has them; `now` UTC.

    `rows` are the person's registrations on the course, by offering.
    """

    def __init__(
        self,
        settings: Settings,
        plan: CoursePlan,
        state: SeatState,
        course: Course,
        email: str,
        *,
        rows: Mapping[str, Registration],
        now: datetime,
    ) -> None:
        self._settings, self._state, self._course, self._email = settings, state, course, email
        self._rows, self._now = rows, now
        self._rules = rules_of(plan, course)
        self._over = {name for name, one in self._rules.offerings.items() if one.is_over(now)}

    def view(
        self,
        *,
        note: str,
        questions: tuple[GivenAnswer, ...],
        evaluation: OwnEvaluation | None = None,
        with_actions: bool = True,
    ) -> CourseView:
        """The course for its page, with what the person has written to HR and answered.

        Without actions nothing is tried: for lists of courses that are only looked at.
        """
        course, has_been = self._course, self._has_been()
        seats = {one.offering: one for one in self._settled().seats}
        return CourseView(
            course=course.id,
            title=course.title,
            theme=course.theme,
            description=course.description,
            mode=course.enrolment.mode,
            deadline=course.enrolment.deadline,
            open=self._is_open(),
            cancelled=course.status is CourseStatus.CANCELLED,
            over=self._is_over(),
            offerings=tuple(
                self._offering(one, seats.get(one.id), with_actions=with_actions) for one in course.offerings
            ),
            note=note,
            cancel_reason=course.cancel_reason,
            materials=course.materials if has_been else (),
            evaluation=(course.evaluation or "") if has_been else "",
            questions=questions,
            own_evaluation=evaluation,
        )

    def _is_open(self) -> bool:
        """Whether an answer given now is taken, and is not late."""
        rules = self._rules
        if not rules.decides or rules.is_late(self._now):
            return False
        return not self._is_over() and (rules.opens is None or self._now >= rules.opens)

    def _is_over(self) -> bool:
        return bool(self._over) and self._over == self._rules.offerings.keys()

    def _has_been(self) -> bool:
        """Whether the person has taken part in a date that is over."""
        return is_on(self._course) and any(
            takes_part(row) for offering, row in self._rows.items() if offering in self._over
        )

    def _offering(
        self, offering: Offering, seats: OfferingSeats | None, *, with_actions: bool
    ) -> OfferingView:
        row = self._rows.get(offering.id)
        elsewhere = [one for one in self._rows.values() if one.offering != offering.id]
        askable = _askable(row, elsewhere) if with_actions else ()
        granted = {kind: self._would_be(kind, offering) for kind in askable}
        return OfferingView(
            offering=offering.id,
            title=self._called(offering),
            sessions=own_sessions(self._course, offering, self._email, row, self._state.members),
            status=row.status if row else None,
            position=row.position if row else None,
            waiting=seats.waiting if seats else 0,
            free=_free(seats),
            queues=granted.get(RequestKind.CHOOSE) is RegistrationStatus.WAITLISTED,
            asks_manager=granted.get(RequestKind.CHOOSE) is RegistrationStatus.AWAITING,
            switches=self._rules.exclusive and any(part_of(one) in IN_PLAY for one in elsewhere),
            actions=frozenset(kind for kind, status in granted.items() if status is not None),
            unconfirmed=row.unconfirmed if row else False,
            over=offering.id in self._over,
            reason=self._reason(row),
            answered_by=self._answered_by(row),
            not_their_no=not_their_no(row) if row else None,
        )

    def _called(self, offering: Offering) -> str:
        return offering.title or (offering.id if len(self._course.offerings) > 1 else "")

    def _would_be(self, kind: RequestKind, offering: Offering) -> RegistrationStatus | None:
        """Where the person would stand after asking, None when it would be refused."""
        colleague = self._anybody(offering) if kind is RequestKind.HAND_OVER else ""
        if kind is RequestKind.HAND_OVER and not colleague:
            return None
        request = SeatRequest(
            kind=kind,
            course=self._course.id,
            offering=offering.id,
            email=self._email,
            at=self._now,
            source=AnswerSource.WEB,
            to=colleague,
        )
        settlement = self._settled(request)
        if settlement.refusals:
            return None
        place = (offering.id, self._email)
        mine = [one.after for one in settlement.transitions if (one.after.offering, one.after.email) == place]
        return mine[-1].status if mine else None

    def _settled(self, *requests: SeatRequest) -> Settlement:
        return settle_books(self._state, self._settings, now=self._now, requests=requests)

    def _anybody(self, offering: Offering) -> str:
        """Some colleague without a seat: whether a seat could be handed over at all."""
        state, audiences = self._state, self._rules.offerings[offering.id].audiences
        people = people_in(audiences, state.members)
        seated = {one.email for one in state.standings if one.course == self._course.id and one.has_seat}
        return min(people - seated - {self._email}, default="")

    def _answered_by(self, row: Registration | None) -> str:
        """What the delegate is called who said it for the person; "" where none did."""
        if row is None or not row.answered_by:
            return ""
        person = self._state.people.find(row.answered_by)
        return (person.name if person else "") or row.answered_by

    def _reason(self, row: Registration | None) -> str:
        """What HR wrote with its last decision about the person; "" where the last word is another's."""
        if row is None:
            return ""
        place = (self._course.id, row.offering, self._email)
        mine = [one for one in self._state.standings if (one.course, one.offering, one.email) == place]
        return next((one.reason for one in mine if one.source is AnswerSource.HR and one.reason_open), "")


def _askable(row: Registration | None, elsewhere: list[Registration]) -> tuple[RequestKind, ...]:
    """What there is to ask for: of a date that somebody has left alone for another, only that one."""
    return OWN_WISHES if row is not None or not elsewhere else (RequestKind.CHOOSE,)


def _free(seats: OfferingSeats | None) -> int | None:
    """How many seats are free, None where there is no limit."""
    if seats is None or seats.capacity is None:
        return None
    return max(seats.capacity - seats.registered, 0)
