"""What the people of a course answered to its questions: person by person, and in numbers (pure).

| the person | is |
|---|---|
| has a seat, said maybe or waits in line | asked: every question has their answer, or none |
| is anything else | not asked; what they answered before is shown nowhere |

In the numbers of a question count those who are asked: each option with how many chose it, what was written
in free text, and how many have not answered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.participation import IN_PLAY, part_of, parts_of_course
from bot.domain.questions import SeenBy, answers_of
from bot.domain.registrations import is_stand_in
from bot.i18n.asked import given_text, question_text, wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.questions import GivenAnswer, Question, QuestionAnswer
    from bot.domain.registrations import Registration

AnswersByPerson = dict[tuple[str, str], dict[str, "QuestionAnswer"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionNumbers:
    """One question in numbers: of `asked` people each value with how many gave it, in the question's order.

    `texts` are what was written, each once with how often, the most frequent first.
    """

    question: Question
    asked: int
    answered: int
    values: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, int], ...]


def by_person(answers: Iterable[QuestionAnswer], people: PeopleIndex) -> AnswersByPerson:
    """By (course, canonical address) and question; of two under two addresses the later one."""
    found: defaultdict[tuple[str, str], dict[str, QuestionAnswer]] = defaultdict(dict)
    for one in sorted(answers, key=lambda answer: answer.at):
        found[one.course, people.canonical(one.email)][one.question] = one
    return dict(found)


def asked_people(rows: Iterable[Registration]) -> frozenset[str]:
    """Who of a course is asked, by the table above; `rows` are the course's."""
    parts = parts_of_course(rows)
    return frozenset(email for email, part in parts.items() if part in IN_PLAY and not is_stand_in(email))


def answers_in_course(
    course: Course, rows: Sequence[Registration], answers: AnswersByPerson, reader: SeenBy
) -> dict[str, tuple[GivenAnswer, ...]]:
    """By address what everybody who is asked answered to the questions that the reader sees."""
    seen = tuple(question for question in course.questions if question.is_for(reader))
    if not seen:
        return {}
    words = {question.id: wordings(question) for question in seen}
    return {
        email: answers_of(seen, answers.get((course.id, email), {}), words)
        for email in sorted(asked_people(rows))
    }


def answers_in_plan(
    plan: CoursePlan,
    rows: Iterable[Registration],
    answers: Iterable[QuestionAnswer],
    people: PeopleIndex,
    reader: SeenBy,
) -> dict[tuple[str, str], tuple[GivenAnswer, ...]]:
    """The same of every course of the plan, by (course, address)."""
    given = by_person(answers, people)
    of_course: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        of_course[row.course].append(row)
    return {
        (course.id, email): found
        for course in plan.courses
        if course.questions
        for email, found in answers_in_course(course, of_course[course.id], given, reader).items()
    }


def shown_answers(
    given: Mapping[tuple[str, str], Sequence[GivenAnswer]], row: Registration
) -> Sequence[GivenAnswer]:
    """What stands on a row: of somebody with several, on those where they have a place."""
    return given.get((row.course, row.email), ()) if part_of(row) in IN_PLAY else ()


def columns_of(
    given: Mapping[tuple[str, str], Sequence[GivenAnswer]], language: Language, courses: Iterable[str]
) -> tuple[str, ...]:
    """The headings of a list with a column for each question of these courses, in their order.

    What is asked in the same words is one column, whichever courses ask it.
    """
    by_course: dict[str, Sequence[GivenAnswer]] = {}
    for (course, _), answers in given.items():
        by_course.setdefault(course, answers)
    return tuple(
        dict.fromkeys(
            question_text(language, one.question) for course in courses for one in by_course.get(course, ())
        )
    )


def cells_of(answers: Sequence[GivenAnswer], columns: Sequence[str], language: Language) -> tuple[str, ...]:
    """What stands under the headings of `columns_of` for somebody; "" where there is no answer."""
    found: dict[str, list[str]] = {}
    for one in answers:
        found.setdefault(question_text(language, one.question), []).append(given_text(language, one))
    return tuple(" / ".join(filter(None, found.get(column, ()))) for column in columns)


def for_everybody(
    given: Mapping[tuple[str, str], Sequence[GivenAnswer]],
) -> dict[tuple[str, str], tuple[GivenAnswer, ...]]:
    """What may lie open at the door: of questions whose answers all participants see."""
    return {
        place: tuple(one for one in answers if one.question.is_for(SeenBy.PARTICIPANTS))
        for place, answers in given.items()
    }


def numbers_of(given: Mapping[str, Sequence[GivenAnswer]]) -> tuple[QuestionNumbers, ...]:
    """Each question of a course in numbers; `given` as `answers_in_course` has it."""
    if not given:
        return ()
    columns = zip(*given.values(), strict=True)
    return tuple(_numbers(column) for column in columns)


def _numbers(column: Sequence[GivenAnswer]) -> QuestionNumbers:
    question = column[0].question
    said = Counter(one.answer for one in column if one.answer)
    return QuestionNumbers(
        question=question,
        asked=len(column),
        answered=said.total(),
        values=tuple((value, said[value]) for value in question.values),
        texts=() if question.values else tuple(sorted(said.items(), key=lambda one: (-one[1], one[0]))),
    )


def unanswered(
    plan: CoursePlan, rows: Iterable[Registration], answers: Iterable[QuestionAnswer], people: PeopleIndex
) -> frozenset[tuple[str, str]]:
    """(course, address) of everybody who has been asked something and has left some of it open."""
    found = answers_in_plan(plan, rows, answers, people, SeenBy.HR)
    return frozenset(place for place, given in found.items() if any(not one.answer for one in given))
