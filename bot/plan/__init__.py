"""The source: bytes of a YAML file or a workbook become a checked `CoursePlan`, or a list of problems.

bytes ─ parse ─┬─ yaml_source ───────────────────────────────────┬─► nodes ─ read_root ─► placed plan ─ checks ─► ParsedPlan
               └─ workbook_scan ─ workbook_rows ─ workbook_source ┘
CoursePlan ─ document ─┬─ yaml_writer
                       └─ workbook_writer
"""

from __future__ import annotations

from bot.plan.files import read_plan_file
from bot.plan.parse import ParsedPlan, parse_plan
from bot.plan.report import problem_text, problems_json, problems_report
from bot.plan.shapes import vanished_text
from bot.plan.starter import starter
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
    "starter",
    "vanished_text",
]
