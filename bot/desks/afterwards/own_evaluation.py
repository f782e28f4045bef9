"""The evaluation of a course by one of those who were there: where their form stands, and keeping it.

Who it is decides whether they are asked, and is written down as "has answered"; what they said is kept apart
from that (`bot.store.evaluations`), without the names that we know (`bot.domain.striking`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.evaluation import (
    EvaluationAnswer,
    EvaluationKind,
    EvaluationState,
    OwnEvaluation,
    form_state,
    is_asked,
    said_of,
    wrong_answers,
)
from bot.domain.participation import Part, part_of
from bot.domain.striking import struck
from bot.i18n.evaluation import evaluation_text
from bot.registrations.attendance import course_attendance
from bot.registrations.listing import wall_time
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.attendance import AttendanceWord
    from bot.domain.evaluation import EvaluationForm, WrongEvaluation
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores
    from bot.registrations.attendance import CourseAttendance

ORDER = (
    EvaluationState.OPEN,
    EvaluationState.ANSWERED,
    EvaluationState.NOT_OPEN,
    EvaluationState.CLOSED,
    EvaluationState.NOT_ASKED,
)
"""Of several dates of one course, the one whose form can be answered comes first."""


@dataclass(frozen=True, kw_only=True)
class Evaluating:
    """Who is asked about one course, by the books; `answered` (offering, address), canonical.

    `shown` are the offerings whose results somebody has seen.
    """

    plan: CoursePlan
    course: Course
    form: EvaluationForm
    rows: tuple[Registration, ...]
    words: tuple[AttendanceWord, ...]
    answered: frozenset[tuple[str, str]]
    people: PeopleIndex
    shown: frozenset[str] = frozenset()

    def own(self, email: str, *, now: datetime) -> OwnEvaluation:
        """Where the form of one person stands; `now` UTC."""
        return min(self._each(email, now), key=lambda one: ORDER.index(one.state))

    @cached_property
    def _known(self) -> CourseAttendance:
        """Who came, worked out once for everybody who is looked at."""
        return course_attendance(self.course, self.rows, self.words, self.people)

    @cached_property
    def _asked(self) -> dict[str, frozenset[str]]:
        """What was worked out of the dates that were looked at."""
        return {}

    def asked(self, offering: str) -> frozenset[str]:
        """The addresses of everybody who is asked about a date."""
        if offering not in self._asked:
            self._asked[offering] = self._asked_about(offering)
        return self._asked[offering]

    def _asked_about(self, offering: str) -> frozenset[str]:
        known = self._known
        said = any(word.offering == offering for word in self.words)
        seats = {row.email: part_of(row) for row in self.rows if row.offering == offering}
        came = {email for (of, email), _ in known.people.items() if of == offering}
        return frozenset(
            email
            for email in {*seats, *came}
            if is_asked(
                known.people.get((offering, email)),
                has_seat=seats.get(email) is Part.SEATED,
                was_said=said,
            )
        )

    def _each(self, email: str, now: datetime) -> Iterable[OwnEvaluation]:
        for name, rules in rules_of(self.plan, self.course).offerings.items():
            state = form_state(
                self.form,
                ends=rules.ends,
                now=now,
                asked=email in self.asked(name),
                answered=(name, email) in self.answered,
                shown=name in self.shown,
            )
            closes = rules.ends + self.form.closes if rules.ends else None
            yield OwnEvaluation(
                form=self.form,
                offering=name,
                state=state,
                closes=wall_time(closes, self.plan) if closes else None,
            )


def evaluating(
    plan: CoursePlan,
    course: Course,
    stores: Stores,
    rows: Iterable[Registration],
    people: PeopleIndex,
) -> Evaluating | None:
    """Who is asked about a course by our own form, None where there is none; reads the books."""
    if course.evaluation_form is None:
        return None
    done = stores.evaluations.load_answered(plan.id, course=course.id)
    return Evaluating(
        plan=plan,
        course=course,
        form=course.evaluation_form,
        rows=tuple(row for row in rows if row.course == course.id),
        words=stores.attendance.load_words(plan.id, course=course.id),
        answered=frozenset((offering, people.canonical(email)) for _, offering, email in done),
        people=people,
        shown=frozenset(of for _, of in stores.evaluations.load_shown(plan.id, course=course.id)),
    )


def keep_evaluation(
    stores: Stores,
    asked: Evaluating,
    own: OwnEvaluation,
    email: str,
    typed: Mapping[str, str],
    *,
    language: Language,
) -> Mapping[str, WrongEvaluation] | None:
    """Keep a form that is open for the person.

    Or by question what has to be put right, of a form with nothing on it under ""; None where they have
    answered already.
    """
    wrong = wrong_answers(own.form, typed)
    if wrong:
        return wrong
    plan, course = asked.plan, asked.course
    names = {one.name for one in asked.people.everybody} | {row.name for row in asked.rows}
    names |= {speaker.name for speaker in course.speakers}
    said = said_of(own.form, typed)
    answers = [
        EvaluationAnswer(
            course=course.id,
            offering=own.offering,
            question=one.id,
            kind=one.kind.value,
            asked=evaluation_text(language, one),
            answer=struck(said[one.id], names, spared=(course.title, plan.organisation))
            if one.kind is EvaluationKind.TEXT
            else said[one.id],
        )
        for one in own.form.questions
        if one.id in said
    ]
    person = asked.people.find(email)
    others = person.addresses if person else frozenset()
    return {} if stores.evaluations.add(plan.id, email, answers, others=frozenset(others)) else None
