"""Questions of a course by chance: ready-made ones too, as far as they may say more."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from bot.domain.questions import READY_MADE, Question, QuestionKind, SeenBy
from bot.plan.labels import READY_MADE as READY_WORDS
from bot.plan.labels import word_for

KINDS, SEEN_BY, FLAGS = st.sampled_from(QuestionKind), st.sampled_from(SeenBy), st.booleans()
READY = st.none() | st.sampled_from(sorted(READY_MADE))
DAYS = st.integers(1, 400)
MAYBE_DAYS = st.none() | DAYS


@st.composite
def _any_question(draw, ids, words, options):
    kind = draw(KINDS)
    ready = draw(READY)
    return Question(
        id=draw(_id_or(ids, ready or "bus")),
        text=ready or draw(_own(words)),
        kind=kind,
        options=draw(_several(options)) if kind is QuestionKind.CHOICE else (),
        required=draw(FLAGS),
        seen_by=draw(SEEN_BY),
        # What is ready-made is not kept for ever by silence.
        keep_days=draw(DAYS if ready else MAYBE_DAYS),
    )


@cache
def _id_or(ids, other):
    return ids | st.just(other)


@cache
def _own(words):
    return words.filter(lambda text: word_for(READY_WORDS, text) is None)


@cache
def _several(options):
    return st.lists(options, unique=True, min_size=2, max_size=3).map(tuple)


@cache
def questions(ids, words, options):
    """A question; what ids, words and options look like is the plan's."""
    return st.sampled_from(sorted(READY_MADE.values(), key=lambda one: one.id)) | _any_question(ids, words, options)
