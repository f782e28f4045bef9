"""The source: bytes of a YAML file or a workbook become a checked `CoursePlan`, or a list of problems.

bytes ─ parse ─┬─ yaml_source ───────────────────────────────────┬─► nodes ─ read_root ─► placed plan ─ checks
─► ParsedPlan
               └─ workbook_scan ─ workbook_rows ─ workbook_source ┘
CoursePlan ─ document ─┬─ yaml_writer
                       └─ workbook_writer

A plan goes by one of these names, wherever it is handed on:

    parsed      a document with its problems, and its plan where there are none; placed, while checks need the places
    whole       with all that it says, decided or not
    written     as it is decided (`bot.domain.decided`): what the document says today, approved or not
    in force    of each course what was approved last (`bot.approvals.versions`): what people are told of
    it stands   as that, with what is kept of edits in Outlook (`bot.invitations.as_it_stands`)
    loaded      by the service (`jobs.plans`), with when it was read and what was wrong with it
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.plan.files import read_plan_file
    from bot.plan.parse import ParsedPlan, parse_plan
    from bot.plan.report import problem_text, problems_json, problems_report
    from bot.plan.shapes import vanished_text
    from bot.plan.workbook_writer import render_workbook
    from bot.plan.yaml_writer import render_yaml

__all__ = [
    "ParsedPlan",
    "parse_plan",
    "problem_text",
    "problems_json",
    "problems_report",
    "read_plan_file",
    "render_workbook",
    "render_yaml",
    "vanished_text",
]

# Who reads a plan shall not pay for writing workbooks: each is imported when it is first asked for.
_MODULES = {
    "ParsedPlan": "parse",
    "parse_plan": "parse",
    "problem_text": "report",
    "problems_json": "report",
    "problems_report": "report",
    "read_plan_file": "files",
    "render_workbook": "workbook_writer",
    "render_yaml": "yaml_writer",
    "vanished_text": "shapes",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
