"""A course as HR's hand finds it in the books: its offerings and seats, and where each person stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.hand.story import seats_text
from bot.domain.participation import people_in
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import text
from bot.i18n.dates import span_text
from bot.messages.characters import one_line
from bot.registrations.listing import status_text
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.plan_changes import IN_PLAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, Offering
    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingInHand:
    """One offering: what it is called ("" where it is the only one), when it is, and its seats, in words."""

    id: str
    title: str
    when: str
    seats: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseInHand:
    """A course of the plan in force. `rows` are those of the course, `people` all that the books know.

    `members` are the addresses of its audience.
    """

    id: str
    title: str
    offerings: tuple[OfferingInHand, ...]
    people: PeopleIndex
    rows: tuple[Registration, ...]
    handover: bool
    members: frozenset[str]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everybody who stands somewhere on the course."""
        return tuple(dict.fromkeys(row.email for row in self.rows))

    @property
    def titles(self) -> dict[str, str]:
        """Offering to what it is called."""
        return {one.id: one.title for one in self.offerings}

    def choices_for(self, kind: RequestKind, email: str) -> tuple[OfferingInHand, ...]:
        """The offerings that HR may choose: for a move those where somebody does not stand yet."""
        if kind is not RequestKind.MOVE:
            return self.offerings
        taken = {row.offering for row in self.rows if row.email == email and row.status in IN_PLAY}
        return tuple(one for one in self.offerings if one.id not in taken) or self.offerings

    def standings_of(self, email: str, language: Language) -> tuple[tuple[str, str], ...]:
        """(Offering, status) of one person, where they stand."""
        return tuple(
            (
                self.titles.get(row.offering, row.offering),
                status_text(row.status, language)
                if row.invited
                else text(
                    language, "registrations.outsider", status=status_text(row.said or row.status, language)
                ),
            )
            for row in self.rows
            if row.email == email
        )


def course_in_hand(books: BookWork, course_id: str, language: Language) -> CourseInHand | None:
    """The course, None where the plan in force has none of this id; raises DatabaseFailed."""
    if books.plan.course(course_id) is None:
        return None
    state = load_state(books.plan, books.stores, course=course_id)
    course, rows = state.plan.known_course(course_id), rows_of(state)
    return CourseInHand(
        id=course_id,
        title=one_line(course.title),
        offerings=tuple(_offering(course, one, rows, language) for one in course.offerings),
        people=state.people,
        rows=rows,
        handover=course.enrolment.handover,
        members=people_in(course.invited_audiences, state.members),
    )


def _offering(
    course: Course, offering: Offering, rows: Sequence[Registration], language: Language
) -> OfferingInHand:
    counted = Counter(row.status for row in rows if row.offering == offering.id)
    spans = [
        span_text(language, one.start, one.end, all_day=one.all_day)
        for one in offering.sessions
        if one.start is not None and one.end is not None
    ]
    return OfferingInHand(
        id=offering.id,
        title=one_line(offering.title or offering.id) if len(course.offerings) > 1 else "",
        when="; ".join(spans),
        seats=seats_text(
            counted[RegistrationStatus.REGISTERED],
            course.capacity_of(offering),
            counted[RegistrationStatus.WAITLISTED],
            language,
        ),
    )
