"""The messages that lie in the organiser's inbox when people have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.event_input import read_event
from tests.builders.graph_talk import ORGANISER, small_tenant

if TYPE_CHECKING:
    from bot.sandbox.event_record import Event
    from bot.sandbox.tenant import Tenant

ANNA = "anna@kommune.example"


def meeting(tenant: Tenant) -> Event:
    body = {
        "subject": "Kursus",
        "start": {"dateTime": "2025-06-18T09:00:00", "timeZone": "Europe/Copenhagen"},
        "end": {"dateTime": "2025-06-18T12:00:00", "timeZone": "Europe/Copenhagen"},
        "attendees": [{"emailAddress": {"address": ANNA}, "type": "required"}],
    }
    event, _ = tenant.calendars.create(tenant.mailbox(ORGANISER), read_event(body, creating=True))
    return event


@pytest.mark.parametrize(
    ("response", "message_class", "kind"),
    [
        ("accept", "IPM.Schedule.Meeting.Resp.Pos", "meetingAccepted"),
        ("tentative", "IPM.Schedule.Meeting.Resp.Tent", "meetingTenativelyAccepted"),
        ("decline", "IPM.Schedule.Meeting.Resp.Neg", "meetingDeclined"),
    ],
)
def test_an_answer_is_a_message_about_the_event_with_the_words_before_the_quotation(response: str, message_class: str, kind: str) -> None:
    tenant = small_tenant()
    event = meeting(tenant)
    tenant.people.answer(event, ANNA, response, comment="Må gå før")
    (message,) = tenant.messages.of(tenant.mailbox(ORGANISER), "inbox")
    assert (message.event, message.meeting_type, message.sender and message.sender[1]) == (event.immutable_id, kind, ANNA)
    assert message_class in message.properties.values()
    assert message.html.index("Må gå før") < message.html.index("Oprindelig aftale")


def test_without_words_there_is_no_quotation_and_without_a_response_no_message() -> None:
    tenant = small_tenant()
    event = meeting(tenant)
    tenant.people.answer(event, ANNA, "decline", send_response=False, comment="hemmeligt")
    assert tenant.messages.of(tenant.mailbox(ORGANISER), "inbox") == []
    tenant.people.answer(event, ANNA, "accept")
    (message,) = tenant.messages.of(tenant.mailbox(ORGANISER), "inbox")
    assert "Oprindelig" not in message.html
