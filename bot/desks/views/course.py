"""One course for HR, by the books alone: its head, and what each of its views shows.

    view        shows
    people      everybody once, in the group that counts them (`bot.registrations.course_people`)
    answers     how answers came in, day by day
    questions   what people answered to its questions, as far as the reader sees it
    messages    what was sent and what became of it, and what is coming, as its reader gets it
    history     the seat log in words
    money       what the course costs, from which pool, and how departments share it
    about       all that the plan says of it

Every look reads the books anew, those of the one course only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.delivery.accounts import accounts
from bot.desks.messages.coming_messages import SHOWN_STATUSES, shown_courses
from bot.desks.messages.readers import reader_for
from bot.desks.registrations.question_answers import given_answers
from bot.desks.views.courses import wall_of
from bot.domain.called_off import title_in_whole
from bot.domain.decided import values_of
from bot.domain.participation import asked_by_link, insiders
from bot.domain.questions import SeenBy
from bot.domain.reminders import items_of, kinds_of
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.i18n.dates import short_day_text
from bot.overview.costs import course_costs
from bot.overview.courses import course_lines
from bot.overview.lines import Counts, Seats
from bot.overview.one_course import course_head
from bot.overview.seats import seats_of
from bot.registrations.answers_by_day import answers_by_day
from bot.registrations.attendance import NOTHING_KNOWN, CourseAttendance, course_attendance
from bot.registrations.course_people import course_people
from bot.registrations.participants import without_place_list
from bot.registrations.seat_history import seat_history
from bot.rounds.steps.ask_managers import open_asks
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.rounds.steps.look_at_outlook import said_by_people
from bot.seats.plan_changes import without_a_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from bot.delivery.accounts import Account
    from bot.desks.messages.shown import ShownMessage
    from bot.domain.funding import FundingPool
    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import Course
    from bot.domain.questions import GivenAnswer, Question
    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork
    from bot.overview.lines import CourseCost, CourseLine
    from bot.overview.one_course import CourseHead
    from bot.registrations.answers_by_day import AnswerDay
    from bot.registrations.course_people import CoursePerson
    from bot.registrations.said import Said
    from bot.registrations.seat_history import HistoryLine
    from bot.rounds.steps.decide_seats import SeatState


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseMoney:
    """The course as a line of the overview, with what it costs, by currency, and the pools by id."""

    line: CourseLine | None
    costs: tuple[CourseCost, ...]
    pools: Mapping[str, FundingPool]
    questions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseMail:
    """What was sent of a course, by kind with the first and the last time (UTC), and what comes."""

    sent: tuple[tuple[Account, datetime | None, datetime | None], ...]
    coming: tuple[ShownMessage, ...]


class CoursePage:
    """A course of the plan, or one that only the books know; raises DatabaseFailed."""

    def __init__(self, work: BookWork, course: str, *, reader: SeenBy = SeenBy.RESPONSIBLE) -> None:
        self._work, self.id, self._reader = work, course, reader

    @cached_property
    def state(self) -> SeatState:
        """The books of this course, with the plan as people have it in their calendars."""
        return load_state(self._work.plan, self._work.stores, course=self.id)

    @cached_property
    def rows(self) -> tuple[Registration, ...]:
        """Who is coming."""
        return rows_of(self.state)

    @cached_property
    def told(self) -> Course | None:
        """The course as people have been told of it."""
        return self.state.plan.course(self.id)

    @cached_property
    def course(self) -> Course | None:
        """That, else as it is written, None where it is in no plan."""
        return self.told or self._work.whole.course(self.id)

    @property
    def is_known(self) -> bool:
        """Whether plan or books know such a course."""
        return self.course is not None or bool(self.state.entries or self.rows or self.state.standings)

    @property
    def today(self) -> date:
        """The day that it is where the plan is."""
        return wall_of(self._work).date()

    @property
    def audiences(self) -> dict[str, str]:
        """What the plan's audiences are called, by id."""
        return {one.id: one.name or one.id for one in self._work.whole.audiences}

    @cached_property
    def head(self) -> CourseHead:
        """What stands on top."""
        plan, course = self._work.plan, self.course
        return course_head(
            course,
            self.rows,
            identity=(self.id, title_in_whole(plan, self.id) or self.id),
            seats=seats_of(course, self.rows, self._asked, self.attendance.attended) if course else Seats(),
            responsible=plan.looks_after(course) if course else (plan.contact,),
            is_told=self.told is not None,
            wall=wall_of(self._work),
        )

    @cached_property
    def said(self) -> Said:
        """What people wrote, and what speakers and rooms said."""
        return said_by_people(self.state, self._work.stores)

    @cached_property
    def attendance(self) -> CourseAttendance:
        """Who came, as far as anybody has said."""
        words = self._work.stores.attendance.load_words(self._work.plan.id, course=self.id)
        if self.told is None or not words:
            return NOTHING_KNOWN
        return course_attendance(self.told, self.rows, words, self.state.people)

    def asked_managers(self, language: Language) -> dict[tuple[str, str], str]:
        """By (offering, address) who is asked about a sign-up that waits, and until when, in words."""
        people, zone = self.state.people, ZoneInfo(self._work.plan.timezone)
        asks = open_asks(self.state.plan, self._work.stores, people, now=self._work.now(), course=self.id)
        told = {}
        for ask in asks:
            who = "overdue" if ask.overdue and ask.approver else "hr" if ask.is_hrs else ask.who.value
            due = ask.due_at.astimezone(zone).replace(tzinfo=None)
            words = text(language, f"managers.asked.{who}", name=ask.name or ask.approver)
            until = (
                ""
                if ask.is_hrs
                else f" ({text(language, 'managers.until', when=short_day_text(language, due))})"
            )
            told[ask.offering, people.canonical(ask.email)] = words + until
        return told

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the course asks whoever signs up, of that what the reader sees."""
        asked = self.told.questions if self.told else ()
        return tuple(question for question in asked if question.is_for(self._reader))

    @property
    def has_hidden_questions(self) -> bool:
        """Whether it asks more than the reader sees."""
        return self.told is not None and len(self.questions) < len(self.told.questions)

    @cached_property
    def given(self) -> dict[str, tuple[GivenAnswer, ...]]:
        """By address what everybody who is asked answered to those."""
        plan, stores, people = self.state.plan, self._work.stores, self.state.people
        found = given_answers(plan, stores, self.rows, people, reader=self._reader, course=self.id)
        return {email: answers for (_, email), answers in found.items()}

    @cached_property
    def _asked(self) -> dict[str, datetime]:
        return asked_by_link(self.told, self.state.announced, self.state.members) if self.told else {}

    def people(self, language: Language) -> tuple[CoursePerson, ...]:
        """Everybody of the course."""
        state = self.state
        lost = without_place_list(state.plan.courses, without_a_place(state.standings), state.people)
        return course_people(
            state.plan,
            self.id,
            self.rows,
            asked=self._asked,
            without_place=lost,
            people=state.people,
            said=self.said,
            language=language,
        )

    def answers(self) -> tuple[AnswerDay, ...]:
        """How answers came in."""
        plan, stores = self._work.plan, self._work.stores
        return answers_by_day(
            stores.answers.load_answers(plan.id, course=self.id),
            [line for _, line in stores.seats.load_log(plan.id, course=self.id)],
            self.state.people,
            invited=_offerings_by_person(insiders(self.rows)),
            timezone=plan.timezone,
        )

    def history(self, language: Language) -> tuple[HistoryLine, ...]:
        """The seat log in words, the latest first."""
        log = self._work.stores.seats.load_log(self._work.plan.id, course=self.id)
        return seat_history(log, self.course, self.state.people, language)

    def mail(self) -> CourseMail:
        """What was sent and what is coming, in the plan's language.

        Raises InputError for words of HR's own that cannot be used.
        """
        coming: tuple[ShownMessage, ...] = ()
        if self.course is not None and self.course.status in SHOWN_STATUSES:
            plan = (
                replace(self.state.plan, courses=(self.course,), heads=())
                if self.told is None
                else self.state.plan
            )
            reader = reader_for(self._work.settings, plan, self.state.people, self.state.members)
            for _, shown in shown_courses(plan.for_course(self.id), reader):
                coming = shown
        return CourseMail(sent=tuple(_sent(self._messages())), coming=coming)

    def _messages(self) -> Sequence[Message]:
        """Those about the course, also what stands in a mail about several."""
        outbox, plan = self._work.stores.outbox, self._work.plan.id
        together = [
            message
            for kind in (MessageKind.DIGEST, MessageKind.COPY)
            for message in outbox.load_messages(plan, kind=kind)
            if message.course != self.id and any(item.course == self.id for item in items_of(message))
        ]
        return [*self.state.messages, *together]

    def money(self) -> CourseMoney:
        """What the course costs and who pays, with the seats as they are."""
        whole = self._work.whole
        counts = Counts(seats={self.id: self.head.seats}, members={}, on_events=frozenset())
        only = whole.only({self.id})
        line = next(iter(course_lines(only, counts, values_of(whole))), None)
        return CourseMoney(
            line=line,
            costs=course_costs(only, (line,)) if line else (),
            pools={pool.id: pool for pool in whole.funding},
            questions={one.id: one.question or one.id for one in whole.assumptions},
        )


def _offerings_by_person(rows: Iterable[Registration]) -> dict[str, set[str]]:
    """What each of them is asked about, or was."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.email, set()).add(row.offering)
    return found


def _sent(
    messages: Sequence[Message],
) -> list[tuple[Account, datetime | None, datetime | None]]:
    moments: dict[str, list[datetime]] = {}
    for message in messages:
        if message.sent_at is not None:
            for kind in kinds_of(message):
                moments.setdefault(kind, []).append(message.sent_at)
    return [
        (one, min(moments.get(one.kind, ()), default=None), max(moments.get(one.kind, ()), default=None))
        for one in accounts(messages)
    ]
