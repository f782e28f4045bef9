"""What is wrong with a plan, and where: the shape in which the parser reports everything at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """An error stops everything that would use the plan; a warning is only told.

    A note says how something was read, and nothing is wrong with it.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem of a plan.

    `code` is from the list in the plan format (`session.end_before_start`), `place` the path in YAML
    (`courses[2].sessions[0].end`) or the cell of a workbook (`Sessioner!D7`), `line` the 1-based line
    of a YAML file or the 1-based row of a sheet. The text is `problems.<code>` of the catalogue,
    filled with `params`. `row` is what the row is called that it stands in, "" where that is not known: it
    tells two alike apart, and is the same wherever the row has gone.
    """

    severity: Severity
    code: str
    place: str
    line: int
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    row: str = field(default="", compare=False)

    @property
    def is_error(self) -> bool:
        """Whether the plan cannot be used because of it."""
        return self.severity is Severity.ERROR

    @property
    def is_note(self) -> bool:
        """Whether nothing is wrong, and it only says how the plan was read."""
        return self.severity is Severity.NOTE
