"""A course whose participants check themselves in, on the morning of its first session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.check_in import SessionPlace
from bot.domain.programme import AttendanceRules
from config.settings import Settings
from tests.builders.course_books import LEADERSHIP, PLAN

START = datetime(2025, 6, 18, 7, tzinfo=UTC)
CHECKED = replace(PLAN, courses=(replace(LEADERSHIP, attendance=AttendanceRules(self_check_in=True)), *PLAN.courses[1:]))
PLACE = SessionPlace(plan="by", course=LEADERSHIP.id, offering="hold-1", session="dag-1")
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}


def settings_at(now, url="sqlite://"):
    return Settings(database_url=url, now=now, plan="plan.yaml", graph=GRAPH)
