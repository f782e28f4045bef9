"""Reports listed and originals found: which requests are made, and how few."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from bot.domain.bounces import Original
from bot.domain.errors import GraphRefused, PermissionMissing
from bot.graph.bounces import MOST_OPENED, GraphReturnedMail
from tests.unit.graph.reports import ORIGINAL, report
from tests.unit.graph.talk import BASE, ORGANISER, Talk, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

INBOX, MESSAGES = f"/users/{ORGANISER}/mailFolders/inbox/messages", f"/users/{ORGANISER}/messages"
SINCE = datetime(2027, 1, 4, 8, tzinfo=UTC)
OF_REPORTS = "singleValueExtendedProperties/any(ep: ep/id eq 'String 0x001A' and contains(ep/value,'.NDR'))"
MEETING = {"@odata.type": "#microsoft.graph.eventMessageRequest", "id": "m-1", "internetMessageId": "<m@a.example>"}


def on(talk: Talk, act: Callable[[GraphReturnedMail], Awaitable[T]]) -> T:
    return talk.run(lambda client: act(GraphReturnedMail(client, organiser=ORGANISER)))


def listed(*messages: dict[str, Any], link: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"value": list(messages)} | ({"@odata.nextLink": link} if link else {}))


def fetch(talk: Talk) -> list[str]:
    return [original for one in on(talk, lambda mail: mail.fetch_reports(since=SINCE)) for original in one.originals]


class TestReports:
    def test_one_request_lists_them_by_class_and_date(self) -> None:
        """As text, with what names the original."""
        talk = Talk()
        talk.graph.get(INBOX).mock(return_value=listed(report(), report(receivedDateTime="2027-01-04T07:00:00Z")))
        assert fetch(talk) == [ORIGINAL]
        (request,) = talk.requests
        assert dict(request.url.params) == {
            "$filter": f"receivedDateTime ge 2027-01-04T08:00:00Z and {OF_REPORTS}",
            "$select": "id,receivedDateTime,hasAttachments,internetMessageHeaders,body",
            "$expand": "singleValueExtendedProperties($filter=id eq 'String 0x001A' or id eq 'String 0x1042')",
            "$top": "50",
        }
        assert request.headers["prefer"] == 'IdType="ImmutableId", outlook.body-content-type="text"'

    def test_a_report_that_only_its_attachment_explains_is_opened(self) -> None:
        """One request for each, and only so many; one that cannot be opened says nothing."""
        bare = report(internetMessageHeaders=None, body={"content": "Could not be delivered"}, hasAttachments=True)
        talk = Talk()
        talk.graph.get(INBOX).mock(
            return_value=listed(bare, report(), report(internetMessageHeaders=None, body=None), *[bare] * MOST_OPENED)
        )
        opened = talk.graph.get(f"{MESSAGES}/r-1/attachments")
        mail = {"@odata.type": "#microsoft.graph.itemAttachment", "item": {"internetMessageId": "<o@a.example>"}}
        opened.side_effect = [listed(mail), refusal(404, "ErrorItemNotFound"), *[listed()] * MOST_OPENED]
        assert fetch(talk) == ["<o@a.example>", ORIGINAL]
        assert opened.call_count == MOST_OPENED
        assert dict(opened.calls[0].request.url.params) == {"$expand": "microsoft.graph.itemAttachment/item"}

    def test_an_inbox_that_is_flooded_is_read_four_pages_deep(self) -> None:
        """A stranger can send as many as they like."""
        talk = Talk()
        talk.graph.get(INBOX).mock(return_value=listed(report(), link=f"{BASE}{INBOX}?$skip=50"))
        assert len(fetch(talk)) == len(talk.requests) == 4

    def test_two_pages_are_two_requests(self) -> None:
        talk = Talk()
        talk.graph.get(INBOX).side_effect = [listed(report(), link=f"{BASE}{INBOX}?$skip=50"), listed(report())]
        assert len(fetch(talk)) == len(talk.requests) == 2

    def test_a_filter_that_is_refused_is_asked_without_the_date(self) -> None:
        talk = Talk()
        talk.graph.get(INBOX).side_effect = [
            refusal(400, "ErrorInvalidRestriction"),
            listed(report(), report(receivedDateTime="2026-01-04T07:00:00Z")),
        ]
        assert fetch(talk) == [ORIGINAL]
        assert talk.requests[1].url.params["$filter"] == OF_REPORTS

    @pytest.mark.parametrize(
        ("answer", "error"), [(refusal(403, "ErrorAccessDenied"), PermissionMissing), (refusal(405, "x"), GraphRefused)]
    )
    def test_another_refusal_is_told(self, answer: httpx.Response, error: type[Exception]) -> None:
        talk = Talk()
        talk.graph.get(INBOX).mock(return_value=answer)
        with pytest.raises(error):
            fetch(talk)
        assert len(talk.requests) == 1


class TestOriginals:
    def test_nothing_asked_is_no_request(self) -> None:
        talk = Talk()
        assert on(talk, lambda mail: mail.find_originals([])) == {}
        assert talk.requests == []

    def test_ten_are_one_request_and_those_in_no_folder_are_left_out(self) -> None:
        """The ids are quoted for OData."""
        talk = Talk()
        talk.graph.get(MESSAGES).mock(return_value=listed({"id": "d-1", "internetMessageId": "<o'1@a.example>"}))
        ids = ["<o'1@a.example>", *(f"<{number}@a.example>" for number in range(10))]
        assert on(talk, lambda mail: mail.find_originals(ids)) == {"<o'1@a.example>": Original(message_id="d-1")}
        assert len(talk.requests) == 2
        asked = talk.requests[0].url.params
        assert asked["$filter"].startswith("internetMessageId eq '<o''1@a.example>' or internetMessageId eq '<0@a.example>' or ")
        assert asked["$select"] == "id,internetMessageId"

    @pytest.mark.parametrize(
        ("answer", "event_id"),
        [
            (httpx.Response(200, json={**MEETING, "event": {"id": "e-1"}}), "e-1"),
            (httpx.Response(200, json=MEETING), None),
            (refusal(404, "ErrorItemNotFound"), None),
        ],
    )
    def test_a_meetings_mail_leads_to_its_event(self, answer: httpx.Response, event_id: str | None) -> None:
        talk = Talk()
        talk.graph.get(MESSAGES).mock(return_value=listed(MEETING))
        talk.graph.get(f"{MESSAGES}/m-1").mock(return_value=answer)
        assert on(talk, lambda mail: mail.find_originals(["<m@a.example>"])) == {
            "<m@a.example>": Original(message_id="m-1", event_id=event_id)
        }
        assert talk.requests[1].url.params["$expand"] == "microsoft.graph.eventMessage/event"

    def test_the_events_of_no_more_than_twenty_are_asked_for(self) -> None:
        """A flood of reports must not keep a round busy."""
        talk = Talk()
        ids = [f"<{number}@a.example>" for number in range(30)]
        pages = [listed(*({**MEETING, "internetMessageId": one} for one in ids[at : at + 10])) for at in (0, 10, 20)]
        talk.graph.get(MESSAGES).side_effect = pages
        talk.graph.get(f"{MESSAGES}/m-1").mock(return_value=httpx.Response(200, json={**MEETING, "event": {"id": "e-1"}}))
        found = on(talk, lambda mail: mail.find_originals(ids))
        assert sum(one.event_id is not None for one in found.values()) == 20
        assert len(talk.requests) == 23
