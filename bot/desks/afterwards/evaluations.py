"""What was said of courses that are over, by course, theme and year.

For HR, and of one course for who is given its link.

Only what may be shown (`bot.domain.evaluation_results`); a course that has no form of our own is not here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.desks.afterwards.own_evaluation import Evaluating
from bot.domain.evaluation import READY_EVALUATION
from bot.domain.evaluation_links import results_owner
from bot.domain.evaluation_results import (
    CourseEvaluation,
    EvaluatedDate,
    EvaluationBatch,
    EvaluationGroup,
    Evaluations,
    added_up,
    batches_of,
)
from bot.i18n.evaluation import evaluation_text
from bot.registrations.listing import wall_time
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.evaluation import EvaluationAnswer
    from bot.domain.evaluation_results import QuestionResult
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.opening.stores import Stores


def evaluations_of(plan: CoursePlan, stores: Stores, *, now: datetime) -> Evaluations:
    """Reads the books; `now` UTC. Raises DatabaseFailed."""
    asked = [course for course in plan.courses if course.evaluation_form is not None]
    if not asked:
        return Evaluations(courses=(), themes=(), years=())
    found = _courses(plan, stores, asked, now)
    themes: defaultdict[str, list[EvaluationBatch]] = defaultdict(list)
    years: defaultdict[str, list[EvaluationBatch]] = defaultdict(list)
    for one in found:
        for batch in one.batches:
            themes[one.theme].append(batch)
            closed = wall_time(batch.closed, plan) if batch.closed else None
            years[str(closed.year) if closed else ""].append(batch)
    return Evaluations(
        courses=found,
        themes=tuple(_group(name, batches) for name, batches in sorted(themes.items()) if name),
        years=tuple(_group(name, batches) for name, batches in sorted(years.items(), reverse=True) if name),
    )


def evaluation_of(plan: CoursePlan, stores: Stores, course: str, *, now: datetime) -> CourseEvaluation | None:
    """One course; None where the plan has no such course with a form of our own. Raises DatabaseFailed."""
    found = plan.course(course)
    if found is None or found.evaluation_form is None:
        return None
    return next(iter(_courses(plan, stores, [found], now)))


def results_generation(plan: CoursePlan, stores: Stores, course: str) -> int:
    """How often HR ended the links to the results of a course, under any id that it had.

    A new link has to say so. Raises DatabaseFailed.
    """
    made = stores.links.load_generations(plan.id)
    return max(made.get(results_owner(one), 0) for one in _ids_of(plan, stores, course))


def end_results_links(plan: CoursePlan, stores: Stores, course: str, *, now: datetime) -> None:
    """Let no link to the results of a course that was given away open anything any more; `now` UTC."""
    later = results_generation(plan, stores, course) + 1
    stores.links.save_generation(plan.id, results_owner(course), later, now=now)


def _ids_of(plan: CoursePlan, stores: Stores, course: str) -> set[str]:
    old = stores.links.load_old_courses(plan.id)
    today = old.get(course, course) if plan.course(course) is None else course
    return {today, course, *(one for one, now in old.items() if now == today)}


def question_words(language: Language, result: QuestionResult) -> str:
    """What was asked: in the reader's language where the words are ours."""
    ready = READY_EVALUATION.get(result.question)
    return (
        evaluation_text(language, ready) if ready is not None and ready.kind is result.kind else result.asked
    )


def _courses(
    plan: CoursePlan, stores: Stores, courses: Iterable[Course], now: datetime
) -> tuple[CourseEvaluation, ...]:
    """As they are shown; what is shown for the first time is written down first, and then read once more."""
    wanted = tuple(courses)
    found = _read(plan, stores, wanted, now)
    shown = stores.evaluations.load_shown(plan.id, course=frozenset(one.id for one in wanted))
    fresh = [
        (one.course, {batch.number: batch.dates})
        for one in found
        for batch in one.batches
        if any((one.course, offering) not in shown for offering in batch.dates)
    ]
    for course, batches in fresh:
        stores.evaluations.note_shown(plan.id, course, batches)
    return _read(plan, stores, wanted, now) if fresh else found


def _read(
    plan: CoursePlan, stores: Stores, courses: Iterable[Course], now: datetime
) -> tuple[CourseEvaluation, ...]:
    wanted = {course.id: course for course in courses}
    state = load_state(plan, stores, course=frozenset(wanted))
    rows, words = rows_of(state), stores.attendance.load_words(plan.id, course=frozenset(wanted))
    said: defaultdict[str, list[EvaluationAnswer]] = defaultdict(list)
    for answer in stores.evaluations.load_answers(plan.id, course=frozenset(wanted)):
        said[answer.course].append(answer)
    shown = stores.evaluations.load_shown(plan.id, course=frozenset(wanted))
    found = []
    for course in wanted.values():
        form = course.evaluation_form
        if form is not None:
            evaluating = Evaluating(
                plan=plan,
                course=course,
                form=form,
                rows=tuple(row for row in rows if row.course == course.id),
                words=tuple(word for word in words if word.course == course.id),
                answered=frozenset(),
                people=state.people,
            )
            together = {of: number for (which, of), number in shown.items() if which == course.id}
            found.append(_course(plan, evaluating, said[course.id], together, now))
    return tuple(found)


def _course(
    plan: CoursePlan,
    asked: Evaluating,
    said: Iterable[EvaluationAnswer],
    together: Mapping[str, int],
    now: datetime,
) -> CourseEvaluation:
    course, form = asked.course, asked.form
    dates = _dates(plan, asked, said, together)
    batches = batches_of(course.id, dates, now=now)
    closing = [one.closes for one in dates if one.closes is not None and not one.is_closed(now)]
    still = [one for one in closing if one - form.closes + form.opens <= now]
    forms = sum(one.forms for one in dates if one.is_closed(now))
    return CourseEvaluation(
        course=course.id,
        title=course.title,
        theme=course.theme,
        shown=added_up(batches),
        batches=batches,
        open_until=wall_time(max(still), plan) if still else None,
        held_back=forms > sum(one.forms for one in batches),
    )


def _dates(
    plan: CoursePlan, asked: Evaluating, said: Iterable[EvaluationAnswer], together: Mapping[str, int]
) -> list[EvaluatedDate]:
    """Those of the plan that have an end, and those that the plan knows no more and something was said of."""
    by_date: defaultdict[str, list[EvaluationAnswer]] = defaultdict(list)
    for answer in said:
        by_date[answer.offering].append(answer)
    ends = {name: rules.ends for name, rules in rules_of(plan, asked.course).offerings.items()}
    known = [name for name, end in ends.items() if end is not None or name in by_date]
    return [
        EvaluatedDate(
            offering=name,
            closes=end + asked.form.closes if (end := ends.get(name)) is not None else None,
            asked=len(asked.asked(name)),
            answers=tuple(by_date[name]),
            shown=together.get(name),
        )
        for name in dict.fromkeys([*known, *by_date])
    ]


def _group(name: str, batches: list[EvaluationBatch]) -> EvaluationGroup:
    whole = added_up(batches)
    ours = tuple(one for one in whole.questions if one.question in READY_EVALUATION and one.mean is not None)
    shown = type(whole)(asked=whole.asked, forms=whole.forms, questions=ours)
    return EvaluationGroup(name=name, courses=len({one.course for one in batches}), shown=shown)
