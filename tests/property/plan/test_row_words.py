"""However many rows are put above it, a mistake is known again; and no two mistakes are one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import PlanInvalid
from bot.domain.plan_files import BadSave, SavedFile
from bot.plan import parse_plan

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FILE = SavedFile(drive="b!d", item="01I", name="p.yaml", web_address="", c_tag="2", saved_by="", saved_by_email="", saved_at=None)
HEAD = {
    "version": 1, "id": "by", "organisation": "By", "timezone": "Europe/Copenhagen", "language": "da", "organiser": "kurser@by.example",
    "contact": "hr@by.example", "audiences": {"ledere": {"groups": ["ledere@by.example"]}},
}  # fmt: skip


def course(number, status="approved"):
    session = {"id": "dag", "start": f"2026-05-{number + 1:02}T09:00", "end": f"2026-05-{number + 1:02}T12:00"}
    return {"id": f"k-{number}", "title": f"Kursus {number}", "status": status, "audience": "ledere", "sessions": [session]}


def mistakes(courses):
    parsed = parse_plan(json.dumps(HEAD | {"courses": courses}, indent=1).encode(), name="p.yaml", now=NOW)
    return BadSave(file=FILE, error=PlanInvalid(parsed.problems), good="").mistakes


@settings(max_examples=25)
@given(order=st.permutations(range(8)), wrong=st.sets(st.integers(0, 7), min_size=1))
def test_a_mistake_is_known_by_its_row_in_any_order(order, wrong):
    status = {number: "sikkert" if number in wrong else "approved" for number in range(8)}
    found = mistakes([course(number, status[number]) for number in order])
    assert {*found} == {*mistakes([course(number, status[number]) for number in range(8)])}
    assert len({*found}) == len(found) == len(wrong)
