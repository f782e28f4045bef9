"""What a message says as a response: odd content is no reason to stop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.events import ResponseStatus
from bot.graph.replies import reply_of


def message(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "m-1",
        "receivedDateTime": "2025-03-03T08:00:00Z",
        "from": {"emailAddress": {"address": "Anna@kommune.example"}},
        "body": {"contentType": "text", "content": "Syg"},
        "singleValueExtendedProperties": [{"id": "String 0x001A", "value": "IPM.Schedule.Meeting.Resp.Neg"}],
    }
    return given | changes


@pytest.mark.parametrize("identity", ["String 0x001A", "String 0x1a", "string 0x1A"])
def test_the_class_tells_the_answer_however_graph_writes_the_tag(identity: str) -> None:
    said = [{"id": "String 0x1042", "value": "x"}, {"id": identity, "value": "IPM.Schedule.Meeting.Resp.Tent"}]
    found = reply_of(message(singleValueExtendedProperties=said))
    assert found is not None
    assert (found.sender, found.response, found.text) == ("Anna@kommune.example", ResponseStatus.TENTATIVE, "Syg")
    assert found.at == datetime(2025, 3, 3, 8, tzinfo=UTC)


def test_a_body_in_html_is_read_as_its_lines() -> None:
    body = {"contentType": "html", "content": "<div>Syg<br>i dag</div><style>p{}</style><p>-----Oprindelig aftale-----</p>"}
    found = reply_of(message(body=body))
    assert found is not None
    assert found.text.splitlines() == ["Syg", "i dag", "", "-----Oprindelig aftale-----"]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"receivedDateTime": "i går"},
        {"from": None},
        {"from": {"emailAddress": {"address": ""}}},
        {"singleValueExtendedProperties": None},
        {"singleValueExtendedProperties": [{"id": "String", "value": "IPM.Schedule.Meeting.Resp.Neg"}]},
        {"singleValueExtendedProperties": [{"id": "String 0x001A", "value": "IPM.Schedule.Meeting.Request"}]},
        {"singleValueExtendedProperties": [{"id": "String 0x001A", "value": "IPM.Schedule.Meeting.Resp.Andet"}]},
    ],
    ids=str,
)
def test_what_is_no_response_or_tells_nobody_is_none(changes: dict[str, Any]) -> None:
    assert reply_of(message(**changes)) is None
    assert reply_of(message(body=None)) is not None
