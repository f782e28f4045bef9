"""Problems as people and scripts read them: the text of one, the list for `check`, and its JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.domain.assumptions import condition_text
from bot.domain.people import Language
from bot.domain.wording import InsertField, in_braces
from bot.i18n.catalogue import load_area, plural, text
from bot.i18n.money import money_text
from bot.plan.labels import danish_condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.problems import Problem


def problem_text(language: Language, problem: Problem) -> str:
    """What is wrong and what to do about it, one or two sentences, without the place."""
    reason = problem.params.get("reason")
    key = f"{problem.code}.{reason}" if reason else problem.code
    area = "excel" if is_cell(problem.place) and key in load_area(language, "excel") else "problems"
    return text(
        language,
        f"{area}.{key}",
        **{name: _shown(language, value, problem) for name, value in problem.params.items()},
    )


def is_cell(place: str) -> bool:
    """Whether a place is in a workbook, whose readers have other words than those of YAML."""
    return "!" in place


def _shown(language: Language, value: object, problem: Problem) -> object:
    """Money, fields and conditions in the reader's words, anything else as it is."""
    match value:
        case Decimal():
            return money_text(language, value, str(problem.params["currency"]))
        case (InsertField(), *_):
            return " ".join(in_braces(InsertField(str(field)), language) for field in value)
        case tuple():
            when = condition_text(value)
            return danish_condition(when) if language is Language.DA else when
        case _:
            return value


def problems_report(problems: Sequence[Problem], language: Language) -> str:
    """The problems in the order given (the file's), two lines each: severity and place, then the text.

    Last the counts.
    """
    if not problems:
        return text(language, "plan.report.fine")
    lines: list[str] = []
    for problem in problems:
        severity = text(language, f"plan.report.{problem.severity.value}")
        lines += (
            f"{severity} · {place_text(language, problem)} · {problem.code}",
            f"    {problem_text(language, problem)}",
        )
    errors = sum(problem.is_error for problem in problems)
    warnings = sum(not (problem.is_error or problem.is_note) for problem in problems)
    if not errors + warnings:
        return "\n".join(lines)
    counts = {
        "errors": plural(language, "plan.report.errors", errors),
        "warnings": plural(language, "plan.report.warnings", warnings),
    }
    return "\n".join((*lines, text(language, "plan.report.summary", **counts)))


def place_text(language: Language, problem: Problem) -> str:
    """Where it is: the cell of a workbook, else the line and the place in it."""
    if is_cell(problem.place):  # the address says it all
        return problem.place
    if not problem.place:
        return text(language, "plan.report.line", line=problem.line)
    return text(language, "plan.report.place", line=problem.line, place=problem.place)


def problems_json(problems: Sequence[Problem], language: Language, *, ok: bool) -> dict[str, Any]:
    """The shape of `check --format json`; `message` in the chosen language, `messages` in all."""
    return {
        "ok": ok,
        "problems": [
            {
                "severity": problem.severity.value,
                "code": problem.code,
                "place": problem.place,
                "line": problem.line,
                "message": problem_text(language, problem),
                "messages": {other.value: problem_text(other, problem) for other in Language},
            }
            for problem in problems
        ],
    }
