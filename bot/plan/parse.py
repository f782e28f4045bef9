"""`parse_plan`: bytes → plan and problems, whatever the bytes are.

Pure: no file is read and no clock asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.clashes import COURSES_A_WEEK
from bot.domain.errors import PlanInvalid
from bot.domain.shape import NO_SHAPE
from bot.plan.checks import check_plan
from bot.plan.findings import Findings
from bot.plan.nodes import ROOT
from bot.plan.read_root import read_root
from bot.plan.row_words import with_rows

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.domain.problems import Problem
    from bot.domain.shape import Shape
    from bot.plan.nodes import Node
    from bot.plan.read_root import PlacedPlan


# A plan of 5,000 sessions is about 0.5 MB. More than this is some other file, and reading it would only hurt.
MOST_BYTES = 20_000_000
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"  # the old .xls, and every Office file with a password
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """`plan` is None when any problem is an error; `problems` stand in the order of the file."""

    plan: CoursePlan | None
    problems: tuple[Problem, ...]

    @property
    def is_fine(self) -> bool:
        """Whether there is neither an error nor a warning."""
        return all(problem.is_note for problem in self.problems)

    def usable(self) -> CoursePlan:
        """The plan; raises `PlanInvalid` with the problems when there is an error."""
        if self.plan is None:
            raise PlanInvalid(self.problems)
        return self.plan


def parse_plan(
    data: bytes, *, name: str, now: datetime, courses_a_week: int = COURSES_A_WEEK, doubts: bool = True
) -> ParsedPlan:
    """The plan in `data`, and everything that is wrong with it.

    The content decides the format: a zip is a workbook, anything else YAML. `name` (the file's) only tells a
    broken workbook from YAML. `now` is an aware instant; it only decides which sessions are past. More than
    `courses_a_week` for one audience are warned of. Without `doubts` a usable plan need not come with all its
    warnings.
    """
    if now.tzinfo is None:
        raise ValueError(now)
    findings = Findings()
    node, shape = _read_document(data, name, findings)
    revision = "sha256:" + hashlib.sha256(data).hexdigest()
    placed = read_root(node, revision=revision, findings=findings, shape=shape) if node is not None else None
    parsed = checked_plan(placed, findings, now=now, courses_a_week=courses_a_week, doubts=doubts)
    return ParsedPlan(parsed.plan, with_rows(parsed.problems, node))


def checked_plan(
    placed: PlacedPlan | None, findings: Findings, *, now: datetime, courses_a_week: int, doubts: bool
) -> ParsedPlan:
    """What was read, held against itself, with everything that was found; the rest as for `parse_plan`."""
    if placed is not None:
        check_plan(placed, now=now, findings=findings, courses_a_week=courses_a_week, doubts=doubts)
    problems = findings.in_order()
    return ParsedPlan(None if placed is None or findings.has_errors else placed.plan, problems)


def _read_document(data: bytes, name: str, findings: Findings) -> tuple[Node | None, Shape]:
    if len(data) > MOST_BYTES:
        findings.error("plan.unreadable", ROOT, reason="too_big", limit=MOST_BYTES // 1_000_000)
    elif data.startswith(ZIP):
        from bot.plan.workbook_source import read_workbook

        return read_workbook(data, findings)
    elif data.startswith(OLE):
        findings.error("workbook.unreadable", ROOT, reason="old")
    elif name.lower().endswith(WORKBOOK_ENDINGS):
        findings.error("workbook.unreadable", ROOT, reason="no_workbook")
    else:
        from bot.plan.yaml_source import read_yaml

        return read_yaml(data, findings), NO_SHAPE
    return None, NO_SHAPE
