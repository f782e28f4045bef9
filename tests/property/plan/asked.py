"""Questions of a course by chance: ready-made ones too, as far as they may say more."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.questions import READY_MADE, Question, QuestionKind, SeenBy
from bot.plan.labels import READY_MADE as READY_WORDS
from bot.plan.labels import word_for


@st.composite
def _any_question(draw, ids, words, options):
    kind = draw(st.sampled_from(QuestionKind))
    ready = draw(st.none() | st.sampled_from(sorted(READY_MADE)))
    days = st.integers(1, 400)
    return Question(
        id=draw(ids | st.just(ready or "bus")),
        text=ready or draw(words.filter(lambda text: word_for(READY_WORDS, text) is None)),
        kind=kind,
        options=draw(st.lists(options, unique=True, min_size=2, max_size=3).map(tuple)) if kind is QuestionKind.CHOICE else (),
        required=draw(st.booleans()),
        seen_by=draw(st.sampled_from(SeenBy)),
        # What is ready-made is not kept for ever by silence.
        keep_days=draw(days if ready else st.none() | days),
    )


def questions(ids, words, options):
    """A question; what ids, words and options look like is the plan's."""
    return st.sampled_from(sorted(READY_MADE.values(), key=lambda one: one.id)) | _any_question(ids, words, options)
