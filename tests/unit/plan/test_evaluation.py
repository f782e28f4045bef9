"""How a course is evaluated, in YAML and in a workbook: a link, the ready-made form, or one of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.evaluation import READY_EVALUATION, STANDARD, EvaluationForm, EvaluationKind, EvaluationQuestion
from bot.plan import parse_plan
from bot.plan.document import plan_document
from tests.unit.plan.plan_format import FORMAT

NOW = datetime(2024, 1, 1, tzinfo=UTC)
LINK = "https://a.example/e"
DAY = timedelta(days=1)
THREE = "[overall, {text: 'Det bedste'}, {id: mad, text: Mad?}]"


def parsed(written):
    return parse_plan(FORMAT.replace(f"evaluation: {LINK}", f"evaluation: {written}").encode(), name="plan.yaml", now=NOW)


def course_of(written):
    found = parsed(written)
    assert found.plan is not None, found.problems
    return found.plan.courses[0]


@pytest.mark.parametrize(
    ("written", "link", "form", "back"),
    [
        (LINK, LINK, None, LINK),
        ("standard", None, EvaluationForm(), "standard"),
        ("{form: Standard}", None, EvaluationForm(), "standard"),
        ("{}", None, EvaluationForm(), "standard"),
        (f"{{form: '{LINK}'}}", LINK, None, LINK),
        ("{closes: 1w}", None, EvaluationForm(closes=7 * DAY), {"form": "standard", "closes": "1w"}),
        ("{form: standard, opens: 1d}", None, EvaluationForm(opens=DAY), {"form": "standard", "opens": "1d"}),
    ],
)
def test_what_stands_there_is_a_link_or_a_form_and_is_written_back_in_short(written, link, form, back):
    found = parsed(written)
    course = course_of(written)
    assert (course.evaluation, course.evaluation_form) == (link, form)
    assert plan_document(found.plan)["courses"][0]["evaluation"] == back


def test_questions_are_ready_made_by_a_word_or_ones_own():
    form = course_of(f"{{questions: {THREE}}}").evaluation_form
    assert form.questions == (
        READY_EVALUATION["overall"],
        READY_EVALUATION["best"],
        EvaluationQuestion(id="mad", text="Mad?"),
    )
    kinds = "[{id: a, text: A?, kind: text}, {id: b, text: B?, options: [x, y]}, {id: c, text: useful}]"
    assert course_of(f"{{questions: {kinds}}}").evaluation_form.questions == (
        EvaluationQuestion(id="a", text="A?", kind=EvaluationKind.TEXT),
        EvaluationQuestion(id="b", text="B?", kind=EvaluationKind.CHOICE, options=("x", "y")),
        EvaluationQuestion(id="c", text="useful"),
    )
    assert len(STANDARD) == 6


@pytest.mark.parametrize(
    ("written", "code", "reason"),
    [
        ("http://a.example", "value.invalid", "url"),
        ("[standard]", "value.invalid", "shape_mapping"),
        (f"{{form: '{LINK}', closes: 7d}}", "value.invalid", "contradiction"),
        (f"{{form: standard, questions: {THREE}}}", "value.invalid", "contradiction"),
        ("{form: andet}", "value.invalid", "url"),
        ("{opens: 7d, closes: 7d}", "value.invalid", "evaluation_times"),
        ("{closes: 61d}", "value.invalid", "evaluation_long"),
        ("{questions: [overall, useful]}", "value.invalid", "evaluation_questions"),
        ("{questions: [overall, overall, useful]}", "id.duplicate", None),
        ("{questions: [overall, useful, best, taugt]}", "value.invalid", "choice_near"),
        ("{questions: [overall, useful, {text: taught, kind: text}]}", "value.invalid", "contradiction"),
        ("{questions: [overall, useful, {id: a, text: A?, kind: text, options: [a, b]}]}", "value.invalid", "contradiction"),
        ("{questions: [overall, useful, {id: a, text: A?, kind: choice}]}", "key.missing", None),
    ],
)
def test_what_cannot_be_is_told(written, code, reason):
    found = [one for one in parsed(written).problems if one.severity.value == "error"]
    assert found[0].code == code
    assert reason is None or found[0].params.get("reason") == reason, found[0].params
