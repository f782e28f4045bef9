"""The reports of a meeting: which requests are made, and what is read of their answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from bot.domain.errors import PermissionMissing
from bot.domain.meeting_reports import ListedReport, MeetingRecord
from bot.graph.meetings import GraphMeetingReports
from tests.unit.graph.talk import BASE, Talk, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

ORGANISER = "dc17674c-81d9-4adb-bfb2-8f6a442e4622"
LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MGQ4%40thread.v2/0?context=%7b%22Tid%22%3a%22909c%22%7d"
AT = f"/users/{ORGANISER}/onlineMeetings"
NINE = datetime(2030, 1, 8, 9, tzinfo=UTC)
HEAD = {
    "id": "r1",
    "meetingStartDateTime": "2030-01-08T09:00:00Z",
    "meetingEndDateTime": "2030-01-08T11:00:00Z",
}
REPORT = ListedReport(mailbox=ORGANISER, meeting="M1", id="r1", start=NINE, end=NINE + timedelta(hours=2))


def on(talk: Talk, act: Callable[[GraphMeetingReports], Awaitable[T]]) -> T:
    return talk.run(lambda client: act(GraphMeetingReports(client)))


def answer(*rows: Any, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"value": [*rows], **more})


def test_a_meeting_is_asked_for_by_its_link_written_once_over() -> None:
    talk = Talk()
    talk.graph.get(AT).mock(return_value=answer({"id": "M1"}))
    talk.graph.get(f"{AT}/M1/attendanceReports").mock(return_value=answer({**HEAD, "attendanceRecords": []}))
    assert on(talk, lambda one: one.listed(ORGANISER, LINK)) == (REPORT,)
    first, _ = talk.requests
    assert first.url.params["$filter"] == f"JoinWebUrl eq '{LINK}'"
    assert b"19%253ameeting_" in first.url.query


def test_where_there_is_no_meeting_or_no_report_yet_nothing_is_read() -> None:
    talk = Talk()
    talk.graph.get(AT).mock(side_effect=[answer(), answer({"id": "M1"}), answer({"id": "M1"})])
    talk.graph.get(f"{AT}/M1/attendanceReports").mock(side_effect=[refusal(404, "NotFound"), answer({"id": "half a one"})])
    for _ in range(3):
        assert on(talk, lambda one: one.listed(ORGANISER, LINK)) == ()


def test_a_report_is_read_with_all_pages_of_its_records() -> None:
    talk = Talk()
    more = f"{BASE}{AT}/M1/attendanceReports/r1/attendanceRecords"
    anna = {
        "emailAddress": "anna@kommune.example",
        "identity": {"id": "A1", "displayName": " Anna \u200b Ager "}, "totalAttendanceInSeconds": 9,
        "attendanceIntervals": [{"joinDateTime": "2030-01-08T09:00:00Z", "leaveDateTime": "2030-01-08T09:10:00Z"}, {"joinDateTime": None}],
    }  # fmt: skip
    phone = {"emailAddress": None, "identity": None, "totalAttendanceInSeconds": 60, "attendanceIntervals": []}
    first = {**HEAD, "attendanceRecords": [anna], "attendanceRecords@odata.nextLink": f"{more}?$skip=1"}
    talk.graph.get(f"{AT}/M1/attendanceReports/r1").mock(return_value=httpx.Response(200, json=first))
    talk.graph.get(f"{AT}/M1/attendanceReports/r1/attendanceRecords", params={"$skip": "1"}).mock(
        return_value=answer(phone, **{"@odata.nextLink": f"{more}?$skip=2"})
    )
    talk.graph.get(f"{AT}/M1/attendanceReports/r1/attendanceRecords", params={"$skip": "2"}).mock(return_value=answer({}, "no row"))
    assert on(talk, lambda one: one.read(REPORT)) == (
        MeetingRecord(directory_id="a1", email="anna@kommune.example", name="Anna Ager", times=((NINE, NINE + timedelta(minutes=10)),)),
        MeetingRecord(times=((NINE, NINE + timedelta(minutes=1)),)),
        MeetingRecord(),
    )
    assert talk.requests[0].url.params["$expand"] == "attendanceRecords"


@pytest.mark.parametrize(
    ("refused", "permission"), [(AT, "OnlineMeetings.Read.All"), (f"{AT}/M1/attendanceReports", "OnlineMeetingArtifact.Read.All")]
)
def test_what_may_not_be_read_names_the_right(refused: str, permission: str) -> None:
    talk = Talk()
    talk.graph.get(AT).mock(return_value=refusal(403, "Forbidden") if refused == AT else answer({"id": "M1"}))
    talk.graph.get(f"{AT}/M1/attendanceReports").mock(return_value=refusal(403, "Forbidden"))
    with pytest.raises(PermissionMissing) as caught:
        on(talk, lambda one: one.listed(ORGANISER, LINK))
    assert caught.value.params["permission"] == permission


def test_a_list_without_an_end_is_left() -> None:
    talk = Talk()
    talk.graph.get(AT).mock(return_value=answer(**{"@odata.nextLink": f"{BASE}{AT}?$skip=1"}))
    assert on(talk, lambda one: one.listed(ORGANISER, LINK)) == ()
    assert len(talk.requests) == 50
