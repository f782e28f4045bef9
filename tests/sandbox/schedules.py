"""Asking for free and busy times."""

from __future__ import annotations

from typing import Any

from tests.builders.graph_talk import ORGANISER, Talk, contract, when

PATH = f"/users/{ORGANISER}/calendar/getSchedule"
NULL_ITEMS = "scheduleItems: None is not of type 'array'"


def ask(talk: Talk, *names: str, start: str = "2025-06-18T08:00:00", end: str = "2025-06-18T17:00:00", **more: Any) -> list[dict[str, Any]]:
    """Rows of the answer; where it agrees with Microsoft's description in all but the items that are null."""
    body = {"schedules": [f"{name}@kommune.example" for name in names], "startTime": when(start), "endTime": when(end), **more}
    answer = talk.runner.run(talk.client.post(PATH, json={"availabilityViewInterval": 60, **body}))
    assert answer.status_code == 200, answer.text
    rules = contract()
    if rules is not None:
        assert [one for one in rules.check_response("POST", PATH, 200, answer.json()) if not one.endswith(NULL_ITEMS)] == []
    return answer.json()["value"]
