"""What the API answers of what comes after a course, as `openapi.json` tells it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.domain.certificates import LONGEST_TYPED_CODE
from bot.web.api.shapes import AnswerShape, BodyShape


class EvaluationNumbers(AnswerShape):
    """Forms that may be shown: `forms` of `asked` have answered, `rate` in per cent."""

    asked: int
    forms: int
    rate: int
    questions: list[dict[str, Any]]


class EvaluationRow(EvaluationNumbers):
    """One course; without questions and numbers where nothing may be shown yet.

    `open_until` is when its form closes, on the plan's clock; `held_back`: there are answers, too few.
    """

    course: str
    title: str
    theme: str
    is_shown: bool
    open_until: str | None
    held_back: bool


class EvaluationGroupRow(EvaluationNumbers):
    """A theme or a year: the ready-made questions that are answered by a number, added up."""

    name: str
    courses: int


class EvaluationsDocument(AnswerShape):
    """Every course with a form of our own, in the plan's order, and the same by theme and by year."""

    courses: list[EvaluationRow]
    themes: list[EvaluationGroupRow]
    years: list[EvaluationGroupRow]


class CertificateRow(AnswerShape):
    """One person and offering: has earned one that `waits` for HR, or has one `since` then."""

    email: str
    name: str
    offering: str
    waits: bool
    since: str | None
    by: str
    holds: bool
    mail: str | None


class CertificateRows(AnswerShape):
    """By name, those who have one first."""

    items: list[CertificateRow]
    next: str | None


class CodeAsked(BodyShape):
    """A code as it is printed; case, blanks and hyphens make no difference."""

    code: Annotated[str, Field(max_length=LONGEST_TYPED_CODE)]


class CodeHeard(AnswerShape):
    """Whether it is that of a certificate that holds, and nothing else."""

    holds: bool
