"""Drafts, sending and sent items (graph-facts section 6)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import IMMUTABLE, ORGANISER, STAMP, stamped
from tests.sandbox.messages import MESSAGES, counted, reminder

FIND = f"{MESSAGES}?$filter=singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq 'n1')"


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


def test_messages_of_the_last_minute_and_recipients_of_the_last_day_are_counted(talk):
    for _ in range(3):
        talk.ask("POST", f"/users/{ORGANISER}/sendMail", {"message": reminder("anna", "bo")})
    assert counted(talk) == {"recipients_24h": 6, "messages_60s": 3}
    talk.control("POST", "clock", {"advance_seconds": 61})
    assert counted(talk) == {"recipients_24h": 6}
    talk.control("POST", "clock", {"advance_seconds": 86_400})
    assert counted(talk) == {}


PDF = {
    "@odata.type": "#microsoft.graph.fileAttachment",
    "name": "oversigt.pdf",
    "contentType": "application/pdf",
    "contentBytes": "JVBERg==",
}


def test_a_file_hangs_on_the_sent_copy_and_on_what_its_reader_got(talk):
    draft = talk.ask("POST", MESSAGES, reminder("anna", attachments=[PDF]), **IMMUTABLE).json()
    assert draft["hasAttachments"] is True
    talk.ask("POST", f"{MESSAGES}/{draft['id']}/send")
    (file,) = talk.get(f"{MESSAGES}/{draft['id']}/attachments", **IMMUTABLE)["value"]
    assert (file["name"], file["size"], file["contentBytes"], file["isInline"]) == ("oversigt.pdf", 4, "JVBERg==", False)
    (short,) = talk.get(f"{MESSAGES}/{draft['id']}/attachments?$select=name,size", **IMMUTABLE)["value"]
    assert {*short} == {"@odata.type", "id", "name", "size"}
    inbox = "/users/anna@kommune.example/mailFolders/Inbox/messages"
    (got,) = talk.get(inbox)["value"]
    assert got["hasAttachments"] is True
    (theirs,) = talk.get(f"/users/anna@kommune.example/messages/{got['id']}/attachments")["value"]
    assert theirs["contentBytes"] == "JVBERg=="


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([{name: value for name, value in PDF.items() if name != "@odata.type"}], "RequestBodyRead"),
        ([PDF | {"@odata.type": "#microsoft.graph.itemAttachment"}], "RequestBodyRead"),
        ([PDF | {"contentBytes": "%PDF-1.7"}], "RequestBodyRead"),
        ([PDF | {"contentBytes": "JVBERg"}], "RequestBodyRead"),
        ([PDF | {"contentBytes": ""}], "ErrorRequiredPropertyMissing"),
        ([PDF | {"name": " "}], "ErrorRequiredPropertyMissing"),
        ([PDF | {"size": 4}], "RequestBodyRead"),
        (["fil"], "RequestBodyRead"),
        ({"fil": PDF}, "RequestBodyRead"),
    ],
)
def test_a_file_that_graph_would_not_take_is_400_and_leaves_nothing(talk, tenant, wrong, code):
    assert talk.refused("POST", MESSAGES, reminder("anna", attachments=wrong)) == (400, code)
    assert tenant.messages.messages == {}


def test_a_request_of_more_than_four_megabytes_is_413(talk, tenant):
    large = [PDF | {"contentBytes": "JVBE" * 1_048_576}]
    assert talk.refused("POST", MESSAGES, reminder("anna", attachments=large)) == (413, "RequestEntityTooLarge")
    assert tenant.messages.messages == {}
