"""Answers to questions by chance: in whatever order they were given and read, each person has one, and numbers add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import PeopleIndex, Person
from bot.domain.questions import Question, QuestionAnswer, QuestionKind, SeenBy
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.registrations.question_answers import answers_in_plan, asked_people, by_person, numbers_of
from tests.builders.samples import make_course, make_plan

AT = datetime(2025, 5, 1, tzinfo=UTC)
EMAILS = [f"p{number}@demo.example" for number in range(4)]
PEOPLE = PeopleIndex([Person(email=EMAILS[0], aliases=frozenset({EMAILS[1]}))])
QUESTIONS = (
    Question(id="a", text="A?", kind=QuestionKind.CHOICE, options=("x", "y")),
    Question(id="b", text="B?", seen_by=SeenBy.PARTICIPANTS),
    Question(id="c", text="C?", kind=QuestionKind.YES_NO, seen_by=SeenBy.RESPONSIBLE),
)
PLAN = make_plan(make_course(questions=QUESTIONS))
answers = st.builds(
    QuestionAnswer,
    plan=st.just("demo"),
    course=st.just("kursus"),
    question=st.sampled_from(("a", "b", "c", "gone")),
    email=st.sampled_from(EMAILS),
    answer=st.sampled_from(("x", "y", "z", "yes", "no")),
    kind=st.sampled_from(QuestionKind),
    asked=st.sampled_from(("A?", "B?", "C?", "D?")),
    at=st.integers(0, 10_000).map(lambda minutes: AT + timedelta(minutes=minutes)),
)
several = st.lists(answers, max_size=12, unique_by=lambda one: one.at)
rows = st.lists(
    st.builds(
        Registration,
        course=st.just("kursus"),
        offering=st.just("main"),
        email=st.sampled_from([EMAILS[0], *EMAILS[2:]]),
        name=st.just(""),
        status=st.sampled_from(RegistrationStatus),
        since=st.just(AT),
        source=st.just(AnswerSource.WEB),
        invited=st.booleans(),
    ),
    unique_by=lambda row: row.email,
)


@given(several, st.data())
def test_the_order_of_answers_changes_nothing_and_the_last_one_counts(found, data):
    told = data.draw(st.permutations(found))
    assert by_person(told, PEOPLE) == by_person(found, PEOPLE)
    last = {(PEOPLE.canonical(one.email), one.question): one for one in sorted(found, key=lambda answer: answer.at)}
    assert {(email, name): one for (_, email), theirs in by_person(found, PEOPLE).items() for name, one in theirs.items()} == last


@given(rows, several, st.sampled_from(SeenBy))
def test_everybody_with_a_place_has_each_question_that_is_seen_and_numbers_add_up(listed, found, reader):
    given_answers = answers_in_plan(PLAN, listed, found, PEOPLE, reader)
    seen = [question.id for question in QUESTIONS if question.is_for(reader)]
    assert {email for _, email in given_answers} == asked_people(listed)
    assert all([one.question.id for one in theirs] == seen for theirs in given_answers.values())
    for numbers in numbers_of({email: theirs for (_, email), theirs in given_answers.items()}):
        assert numbers.asked == len(given_answers)
        assert sum(count for _, count in (*numbers.values, *numbers.texts)) == numbers.answered <= numbers.asked
