"""The collector of problems.

Everything that is wrong is noted, nothing is raised, and it ends in the file's order.

Does not know the rules; it only keeps what they find, once each, and names the nearest known word.
"""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.plan.nodes import Spot

SHOWN_CHARACTERS = 60
# Finding the nearest word is slow; a file with thousands of wrong words must still be reported at once.
NEAREST_LOOKUPS = 500
NEAREST_CANDIDATES = 200


def shown(text: str) -> str:
    """A value as it may stand in a message: one line, at most 60 characters, nothing invisible."""
    clipped = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return "".join(
        sign if sign == " " or unicodedata.category(sign)[0] not in "CZ" else "·" for sign in clipped
    )


class Findings:
    """Problems so far. `reason` picks the text among those of a code (`problems.<code>.<reason>`)."""

    def __init__(self) -> None:
        self._noted: list[tuple[Spot, Problem]] = []
        self._lookups = 0

    def error(self, code: str, spot: Spot, **params: object) -> None:
        """Note something that makes the plan unusable."""
        self._note(Severity.ERROR, code, spot, params)

    def warn(self, code: str, spot: Spot, **params: object) -> None:
        """Note something that a person should look at."""
        self._note(Severity.WARNING, code, spot, params)

    def note(self, code: str, spot: Spot, **params: object) -> None:
        """Note how something was read that is right."""
        self._note(Severity.NOTE, code, spot, params)

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """The known word most like `word`, or "" where none is near (or too many were asked for)."""
        candidates = tuple(known)
        if (
            self._lookups >= NEAREST_LOOKUPS
            or len(candidates) > NEAREST_CANDIDATES
            or len(word) > SHOWN_CHARACTERS
        ):
            return ""
        self._lookups += 1
        matches = get_close_matches(word.casefold(), candidates, n=1)
        return matches[0] if matches else ""

    def near_params(
        self, word: str, known: Iterable[str], *, near: str = "near", far: str = "list"
    ) -> dict[str, str]:
        """`reason` and `nearest` for a message about a word that is not known.

        One text with a suggestion, one without.
        """
        nearest = self.nearest(word, known)
        return {"reason": near if nearest else far, "nearest": nearest}

    @property
    def has_errors(self) -> bool:
        """Whether any error was noted."""
        return any(problem.is_error for _, problem in self._noted)

    def in_order(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of the file. A shared (aliased) value is reported once."""
        seen: set[tuple[str, str, int, tuple[tuple[str, str], ...]]] = set()
        problems: list[Problem] = []
        for _, problem in sorted(self._noted, key=lambda noted: noted[0].order):
            key = (
                problem.code,
                problem.place,
                problem.line,
                tuple((name, str(value)) for name, value in problem.params.items()),
            )
            if key not in seen:
                seen.add(key)
                problems.append(problem)
        return tuple(problems)

    def _note(self, severity: Severity, code: str, spot: Spot, params: dict[str, object]) -> None:
        problem = Problem(
            severity=severity, code=code, place=spot.place, line=spot.line, params=MappingProxyType(params)
        )
        self._noted.append((spot, problem))
