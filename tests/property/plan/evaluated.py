"""Evaluations by chance, as the plan format can say them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bot.domain.evaluation import (
    FEWEST_QUESTIONS,
    MOST_QUESTIONS,
    READY_EVALUATION,
    STANDARD,
    EvaluationForm,
    EvaluationKind,
    EvaluationQuestion,
)
from bot.plan.labels import READY_EVALUATIONS, word_for

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DAYS = st.integers(1, 30).map(lambda count: timedelta(days=count))


@cache
def evaluations(ids: SearchStrategy[str], words: SearchStrategy[str], options: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    """The two fields of a course: a link, a form of our own, or neither."""
    links = st.sampled_from(("https://svar.example/1", "https://svar.example/2?a=b"))
    link = links.map(lambda one: {"evaluation": one})
    return st.one_of(st.just({}), link, _forms(ids, words, options).map(lambda one: {"evaluation_form": one}))


def _forms(ids: SearchStrategy[str], words: SearchStrategy[str], options: SearchStrategy[str]) -> SearchStrategy[EvaluationForm]:
    free = words.filter(lambda one: word_for(READY_EVALUATIONS, one) is None)
    asked = st.lists(
        st.one_of(st.sampled_from(STANDARD), _questions(ids, free, options)),
        min_size=FEWEST_QUESTIONS,
        max_size=MOST_QUESTIONS,
        unique_by=lambda one: one.id,
    ).map(tuple)
    times = st.one_of(
        st.just({}),
        DAYS.map(lambda opens: {"opens": opens, "closes": 2 * opens}),
        DAYS.map(lambda closes: {"closes": closes}),
    )
    return st.builds(
        lambda questions, said: EvaluationForm(questions=questions, **said),
        st.one_of(st.just(STANDARD), asked),
        times,
    )


def _questions(ids: SearchStrategy[str], words: SearchStrategy[str], options: SearchStrategy[str]) -> SearchStrategy[EvaluationQuestion]:
    plain = st.sampled_from((EvaluationKind.SCALE, EvaluationKind.TEXT))
    several = st.lists(options, min_size=2, max_size=4, unique=True).map(tuple)
    own = ids.filter(lambda one: one not in READY_EVALUATION)
    return st.one_of(
        st.builds(EvaluationQuestion, id=own, text=words, kind=plain),
        st.builds(EvaluationQuestion, id=own, text=words, kind=st.just(EvaluationKind.CHOICE), options=several),
    )
