"""Microsoft's own examples: what the documentation shows is read without a stumble.

The examples are where the contract folder is (`KURSUSBOT_GRAPH_CONTRACT`, or beside the repository).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import SessionKey
from bot.graph.errors import error_codes, refused
from bot.graph.wire import key_of, observed_attendee, observed_event

FOLDER = Path(os.environ.get("KURSUSBOT_GRAPH_CONTRACT", Path(__file__).parents[2].parent / "shared" / "contract")) / "examples"
KEY = SessionKey(plan="p", course="c", offering="o", session="s")


def answers() -> dict[str, dict[str, Any]]:
    """Every documented answer, by the file it is in; none where the folder is not here."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")).get("response") or {} for path in sorted(FOLDER.glob("*.json"))}


def events_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    body = answer.get("body")
    items = body.get("value", [body]) if isinstance(body, dict) else []
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("start"), dict) and "dateTime" in item["start"]]


def test_documented_answers_can_be_read() -> None:
    """Events whole, attendees with addresses, errors with codes; nothing raises."""
    if not FOLDER.is_dir():
        pytest.skip("the documented answers are not here (KURSUSBOT_GRAPH_CONTRACT)")
    for name, answer in answers().items():
        try:
            read(answer)
        except Exception as error:
            error.add_note(name)
            raise


def read(answer: dict[str, Any]) -> None:
    for event in events_of(answer):
        observed = observed_event({"id": "id-1", **event}, KEY, "Europe/Copenhagen")
        assert observed is not None
        assert observed.content.subject == str(event.get("subject") or "")
        assert len(observed.attendees) == sum(observed_attendee(one) is not None for one in event.get("attendees") or ())
        assert key_of(event, "p") is None
    if isinstance(answer.get("status"), int) and answer["status"] >= 400:
        content = json.dumps(answer["body"]).encode()
        assert error_codes(content)[:1] == tuple(filter(None, [answer["body"]["error"]["code"]]))
        assert refused("GET", "/users/x/events", answer["status"], {}, content, call="GET").status == answer["status"]


def test_the_examples_hold_events_at_all() -> None:
    """Else the test above would prove nothing, where the folder is here."""
    if FOLDER.is_dir():
        assert sum(map(len, map(events_of, answers().values()))) > 20
