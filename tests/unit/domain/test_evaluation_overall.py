"""What a course's evaluation is summed up by, and how its questions read."""

from __future__ import annotations

from bot.domain.evaluation import READY_EVALUATION, STANDARD, EvaluationKind, EvaluationQuestion
from bot.domain.evaluation_results import CourseEvaluation, EvaluationSum, QuestionResult
from bot.domain.people import Language
from bot.i18n.evaluation import evaluation_text


def evaluation(*questions):
    shown = EvaluationSum(asked=10, forms=6, questions=questions)
    return CourseEvaluation(course="k", title="K", theme="", shown=shown, batches=(), open_until=None, held_back=False)


def test_a_course_is_summed_up_by_its_first_scale():
    texts = QuestionResult(question="best", kind=EvaluationKind.TEXT, asked="Hvad?", texts=("Kaffen",))
    scale = QuestionResult(question="overall", kind=EvaluationKind.SCALE, asked="Hvor godt?", counts=(("4", 3), ("5", 3)))
    assert evaluation(texts, scale).overall is scale
    assert evaluation(texts).overall is None


def test_our_questions_read_in_both_languages_and_hrs_own_as_they_stand():
    assert {one.text for one in STANDARD} == {*READY_EVALUATION}
    danish, english = (evaluation_text(language, STANDARD[0]) for language in (Language.DA, Language.EN))
    assert danish != english
    own = EvaluationQuestion(id="x", text="Hvad med maden?", kind=EvaluationKind.TEXT)
    assert evaluation_text(Language.EN, own) == "Hvad med maden?"
