"""The source: bytes of a YAML file or a workbook become a checked `CoursePlan`, or a list of problems."""

from __future__ import annotations

from bot.plan.files import read_plan_file
from bot.plan.parse import ParsedPlan, parse_plan

__all__ = ["ParsedPlan", "parse_plan", "read_plan_file"]
