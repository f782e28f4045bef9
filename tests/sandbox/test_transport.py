"""What becomes of mails that Exchange has accepted: the limits of a mailbox, and what comes back (graph-facts section 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders.graph_talk import IMMUTABLE, NOW, ORGANISER
from tests.sandbox.messages import MESSAGES, counted, reminder

SEND = f"/users/{ORGANISER}/sendMail"
INBOX = f"/users/{ORGANISER}/mailFolders/inbox/messages"
CLASS, REPLY = "String 0x001A", "String 0x1042"
ANSWERED_CLASS = "String 0x1a"  # a tag is given back without its zeros, in small letters
REPORTS = f"{INBOX}?$filter=singleValueExtendedProperties/any(ep: ep/id eq '{CLASS}' and contains(ep/value,'.NDR'))"


def send(talk, *names, times=1):
    for _ in range(times):
        assert talk.ask("POST", SEND, {"message": reminder(*names)}).status_code == 202


def reports(talk):
    return talk.get(f"{REPORTS}&$select=subject,body,internetMessageHeaders", prefer='outlook.body-content-type="text"')["value"]


def test_what_is_over_the_minute_is_accepted_and_delivered_in_later_minutes(talk, tenant):
    """Of five with a limit of two: two at once, two a minute later, one after two; each copy is in Sent Items at once."""
    talk.control("PATCH", "settings", {"messages_per_minute": 2})
    heard = []
    tenant.mail_log.listeners.append(lambda mail: heard.append(mail.time))
    send(talk, "anna", times=5)
    assert [(mail.time - NOW).total_seconds() for mail in tenant.mail_log.mails] == [0, 0, 60, 60, 120]
    assert len(talk.get(f"/users/{ORGANISER}/mailFolders/sentitems/messages")["value"]) == 5
    assert counted(talk) == {"recipients_24h": 5, "messages_60s": 5, "waiting": 3, "delayed": 3}
    assert len(heard) == 2
    talk.control("POST", "clock", {"advance_seconds": 60})
    assert (len(heard), counted(talk)["waiting"]) == (4, 1)
    talk.control("POST", "clock", {"advance_seconds": 60})
    assert heard == [mail.time for mail in tenant.mail_log.mails]


def test_thirty_a_minute_is_what_a_mailbox_may(talk, tenant):
    send(talk, "anna", times=31)
    assert [mail.time for mail in tenant.mail_log.mails][29:] == [NOW, NOW + timedelta(seconds=60)]


def test_who_keeps_the_pace_is_never_delayed(talk):
    talk.control("PATCH", "settings", {"messages_per_minute": 2})
    for _ in range(4):
        send(talk, "anna", times=2)
        talk.control("POST", "clock", {"advance_seconds": 60})
    assert "delayed" not in counted(talk)


def test_invitations_do_not_count_as_messages_of_the_minute(talk):
    talk.control("PATCH", "settings", {"messages_per_minute": 1})
    for _ in range(3):
        talk.create("anna", "bo")
    assert counted(talk) == {"recipients_24h": 6}


def test_over_the_day_a_message_is_accepted_and_comes_back_and_nobody_gets_it(talk):
    """Until 24 hours after the first."""
    talk.control("PATCH", "settings", {"recipients_per_day": 3})
    send(talk, "anna", "bo")
    send(talk, "carl", "dorte")
    send(talk, "carl")
    assert talk.mails() == {"message": ["anna", "bo", "carl"]}
    assert counted(talk) == {"recipients_24h": 3, "messages_60s": 2, "refused": 1}
    (report,) = reports(talk)
    assert "5.1.90" in report["body"]["content"]
    talk.control("POST", "clock", {"advance_seconds": 86_400})
    send(talk, "carl", "dorte")
    assert talk.mails() == {"message": ["carl", "dorte"]}


def test_an_event_over_the_day_invites_nobody_and_comes_back(talk):
    talk.control("PATCH", "settings", {"recipients_per_day": 1})
    talk.create("anna", "bo")
    assert talk.mails() == {}
    (report,) = reports(talk)
    assert "anna@kommune.example, bo@kommune.example" in report["body"]["content"]


def test_an_address_that_nobody_has_gives_a_report_that_names_the_original(talk):
    """By its headers and by its extended properties; the person beside it gets the mail."""
    draft = talk.ask("POST", MESSAGES, reminder("nobody", "anna"), **IMMUTABLE).json()
    assert talk.ask("POST", f"{MESSAGES}/{draft['id']}/send").status_code == 202
    (report,) = reports(talk)
    original = draft["internetMessageId"]
    assert report["subject"] == "Undeliverable: Husk i morgen"
    assert {h["name"]: h["value"] for h in report["internetMessageHeaders"]} == {
        "X-MS-Exchange-Message-Is-Ndr": "", "In-Reply-To": original, "References": original, "Auto-Submitted": "auto-replied",
    }  # fmt: skip
    assert "Recipient Address: nobody@kommune.example" in report["body"]["content"]
    assert "Recipient Address: anna" not in report["body"]["content"]
    assert "5.1.10" in report["body"]["content"]
    whole = talk.get(f"{INBOX}?$expand=singleValueExtendedProperties($filter=id eq '{CLASS}' or id eq '{REPLY}')")["value"][0]
    assert whole["from"]["emailAddress"]["address"] == "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@kommune.example"
    found = {one["id"]: one["value"] for one in whole["singleValueExtendedProperties"]}
    assert found == {ANSWERED_CLASS: "REPORT.IPM.Note.NDR", REPLY: original}
    assert (whole["isDraft"], whole["isRead"]) == (False, False)


def test_a_report_comes_after_a_moment_in_the_language_of_the_mailbox(talk):
    talk.control("PATCH", "settings", {"report_seconds": 30, "report_language": "da"})
    send(talk, "nobody")
    assert reports(talk) == []
    talk.control("POST", "clock", {"advance_seconds": 30})
    assert [one["subject"] for one in reports(talk)] == ["Kan ikke leveres: Husk i morgen"]


def test_a_delayed_message_comes_back_when_it_would_have_been_delivered(talk):
    talk.control("PATCH", "settings", {"messages_per_minute": 1})
    send(talk, "anna")
    send(talk, "nobody")
    assert reports(talk) == []
    talk.control("POST", "clock", {"advance_seconds": 60})
    assert len(reports(talk)) == 1


@pytest.mark.parametrize("code", ["5.2.2", "5.7.1"])
def test_an_address_outside_bounces_when_it_is_told_to(talk, code):
    talk.control("POST", "bounces", {"address": "Ude@andre.example", "code": code})
    message = reminder() | {"toRecipients": [{"emailAddress": {"address": "ude@andre.example"}}]}
    talk.ask("POST", SEND, {"message": message, "saveToSentItems": False})
    (report,) = reports(talk)
    assert f"550 {code}" in report["body"]["content"]
    talk.control("DELETE", "bounces")
    talk.ask("POST", SEND, {"message": message})
    assert len(reports(talk)) == 1


def test_the_report_of_an_invitation_leads_to_the_event(talk):
    """Through the copy in Sent Items, a meeting's mail; the original's headers name everybody who was invited."""
    event = talk.create("anna", "nobody")
    (report,) = reports(talk)
    original = next(h["value"] for h in report["internetMessageHeaders"] if h["name"] == "In-Reply-To")
    (copy,) = talk.get(f"{MESSAGES}?$filter=internetMessageId eq '{original}'", **IMMUTABLE)["value"]
    assert copy["@odata.type"] == "#microsoft.graph.eventMessageRequest"
    whole = talk.get(f"{MESSAGES}/{copy['id']}?$expand=microsoft.graph.eventMessage/event", **IMMUTABLE)
    assert whole["event"]["id"] == event["id"]
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{CLASS}')"
    (one,) = talk.get(f"{INBOX}?{expand}")["value"]
    assert one["singleValueExtendedProperties"] == [{"id": ANSWERED_CLASS, "value": "REPORT.IPM.Schedule.Meeting.Request.NDR"}]
    assert "anna@kommune.example" in report["body"]["content"].partition("Original Message Headers")[2]


def test_a_stranger_can_write_to_the_mailbox(talk):
    mail = {
        "mailbox": ORGANISER,
        "sender": "fremmed@andre.example",
        "subject": "Undeliverable: Kursus",
        "body": "Hej",
        "headers": {"X-A": "1"},
    }
    talk.control("POST", "inbox", mail)
    assert [one["subject"] for one in talk.get(INBOX)["value"]] == ["Undeliverable: Kursus"]
    assert reports(talk) == []


def test_where_an_extended_property_stands_alone_a_date_beside_it_is_refused(talk):
    talk.control("PATCH", "settings", {"stamp_filter_stands_alone": True})
    assert talk.refused("GET", f"{REPORTS} and receivedDateTime ge 2025-05-01T00:00:00Z") == (400, "ErrorInvalidRestriction")
    assert reports(talk) == []
