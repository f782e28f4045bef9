"""Drafts, sending and sent items (graph-facts section 6)."""

from __future__ import annotations

import pytest

from tests.sandbox.graph_talk import IMMUTABLE, ORGANISER, STAMP, stamped

MESSAGES = f"/users/{ORGANISER}/messages"
FIND = f"{MESSAGES}?$filter=singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq 'n1')"


def reminder(*names, **more):
    to = [{"emailAddress": {"address": f"{n}@kommune.example"}} for n in names]
    return {"subject": "Husk i morgen", "body": {"contentType": "html", "content": "<p>Husk</p>"}, "toRecipients": to, **more}


def test_send_mail_answers_202_and_keeps_a_copy_unless_told(talk):
    path = f"/users/{ORGANISER}/sendMail"
    assert talk.ask("POST", path, {"message": reminder("anna", "bo")}).status_code == 202
    assert talk.ask("POST", path, {"Message": reminder("carl"), "SaveToSentItems": False}).status_code == 202
    assert talk.mails() == {"message": ["anna", "bo", "carl"]}
    sent = talk.get(f"/users/{ORGANISER}/mailFolders/SentItems/messages")["value"]
    assert [(m["subject"], m["isDraft"]) for m in sent] == [("Husk i morgen", False)]


def test_a_draft_is_sent_once_and_its_immutable_id_finds_the_sent_copy(talk):
    draft = talk.ask("POST", MESSAGES, reminder("anna", singleValueExtendedProperties=stamped("n1")), **IMMUTABLE).json()
    ordinary = talk.get(FIND)["value"][0]["id"]
    assert draft["isDraft"] is True
    assert talk.mails() == {}
    assert talk.ask("POST", f"{MESSAGES}/{draft['id']}/send").status_code == 202
    assert talk.mails() == {"message": ["anna"]}
    assert talk.get(f"{MESSAGES}/{draft['id']}", **IMMUTABLE)["isDraft"] is False
    assert talk.refused("GET", f"{MESSAGES}/{ordinary}") == (404, "ErrorItemNotFound")
    assert talk.refused("POST", f"{MESSAGES}/{draft['id']}/send")[0] == 404
    assert talk.mails() == {}


def test_a_message_is_found_by_its_stamp(talk):
    draft = talk.ask("POST", MESSAGES, reminder("anna", singleValueExtendedProperties=stamped("n1")), **IMMUTABLE).json()
    talk.ask("POST", MESSAGES, reminder("bo"))
    got = talk.get(f"{FIND}&$select=isDraft&$expand=singleValueExtendedProperties($filter=id eq '{STAMP}')", **IMMUTABLE)
    assert [(m["id"], m["singleValueExtendedProperties"]) for m in got["value"]] == [(draft["id"], stamped("n1"))]


def test_a_draft_can_be_changed_and_deleted(talk):
    draft = talk.ask("POST", MESSAGES, reminder("anna"), **IMMUTABLE).json()
    assert talk.ask("PATCH", f"{MESSAGES}/{draft['id']}", {"subject": "Ny"}).json()["subject"] == "Ny"
    assert talk.ask("DELETE", f"{MESSAGES}/{draft['id']}").status_code == 204
    assert talk.refused("GET", f"{MESSAGES}/{draft['id']}")[0] == 404


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"internetMessageHeaders": [{"name": "List-Unsubscribe", "value": "x"}]}, "InvalidInternetMessageHeader"),
        ({"internetMessageHeaders": []}, "InvalidInternetMessageHeaderCollection"),
        ({"internetMessageHeaders": [{"name": f"x-{n}", "value": "x"} for n in range(6)]}, "InvalidInternetMessageHeaderCollection"),
        ({"toRecipients": [{"emailAddress": {"address": "nej"}}]}, "ErrorInvalidRecipients"),
        ({"isDraft": False}, "RequestBodyRead"),
        ({"titel": "x"}, "RequestBodyRead"),
    ],
)
def test_a_message_with_a_mistake_is_400_and_leaves_nothing(talk, tenant, more, code):
    assert talk.refused("POST", f"/users/{ORGANISER}/sendMail", {"message": reminder("anna") | more}) == (400, code)
    assert tenant.messages.messages == {}
    assert talk.mails() == {}


def test_a_message_to_nobody_is_not_sent(talk):
    assert talk.refused("POST", f"/users/{ORGANISER}/sendMail", {"message": reminder()}) == (400, "ErrorInvalidRecipients")


def counted(talk):
    return {name: count for name, count in talk.control("GET", "state")["limits"][ORGANISER].items() if count}


def test_messages_of_the_last_minute_and_recipients_of_the_last_day_are_counted(talk):
    for _ in range(3):
        talk.ask("POST", f"/users/{ORGANISER}/sendMail", {"message": reminder("anna", "bo")})
    assert counted(talk) == {"recipients_24h": 6, "messages_60s": 3}
    talk.control("POST", "clock", {"advance_seconds": 61})
    assert counted(talk) == {"recipients_24h": 6}
    talk.control("POST", "clock", {"advance_seconds": 86_400})
    assert counted(talk) == {}
