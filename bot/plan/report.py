"""Problems as people and scripts read them: the text of one, the list for `check`, and its JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.domain.assumptions import condition_text
from bot.domain.people import Language
from bot.domain.problems import Severity
from bot.i18n.catalogue import plural, text
from bot.i18n.money import money_text
from bot.plan.labels import danish_condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.problems import Problem


def problem_text(language: Language, problem: Problem) -> str:
    """What is wrong and what to do about it, one or two sentences, without the place."""
    reason = problem.params.get("reason")
    code = f"problems.{problem.code}.{reason}" if reason else f"problems.{problem.code}"
    return text(
        language, code, **{name: _shown(language, value, problem) for name, value in problem.params.items()}
    )


def _shown(language: Language, value: object, problem: Problem) -> object:
    """Money and conditions in the reader's words, anything else as it is."""
    match value:
        case Decimal():
            return money_text(language, value, str(problem.params["currency"]))
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
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    counts = {
        "errors": plural(language, "plan.report.errors", errors),
        "warnings": plural(language, "plan.report.warnings", len(problems) - errors),
    }
    return "\n".join((*lines, text(language, "plan.report.summary", **counts)))


def place_text(language: Language, problem: Problem) -> str:
    """Where it is: the cell of a workbook, else the line and the place in it."""
    if "!" in problem.place:  # the address of a cell says it all
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
