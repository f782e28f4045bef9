"""Graph's mail: sendMail, drafts, sending, and finding what was sent.

Turns requests into acts on `messages.py`. Facts: graph-facts section 6 (2026-11-22); of a meeting's mail "Get
eventMessage" in the contract folder: its event is expanded for one message, never in a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.sandbox.attachments import PROPERTIES as PROPERTIES_OF_FILES
from bot.sandbox.attachments import write_attachment
from bot.sandbox.calendar_endpoints import filter_of, next_link
from bot.sandbox.content import as_text, preview
from bot.sandbox.directory import User
from bot.sandbox.event_json import Item, write_event
from bot.sandbox.messages import Message
from bot.sandbox.odata import Look, extended_ids, parse_select, read_number
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, bad_request, item_not_found

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

FOLDERS = {
    "drafts": "Kladder",
    "sentitems": "Sendt post",
    "inbox": "Indbakke",
    "deleteditems": "Slettet post",
}
FILTERABLE = frozenset(
    {"subject", "isdraft", "createddatetime", "sentdatetime", "receiveddatetime", "id"}
    | {"lastmodifieddatetime", "singlevalueextendedproperties", "categories", "internetmessageid"}
)
PROPERTIES = frozenset(
    {
        "id", "createdDateTime", "lastModifiedDateTime", "changeKey", "categories", "receivedDateTime",
        "sentDateTime", "hasAttachments", "internetMessageId", "subject", "bodyPreview", "importance",
        "parentFolderId", "conversationId", "isDeliveryReceiptRequested", "isReadReceiptRequested",
        "isRead", "isDraft", "webLink", "inferenceClassification", "body", "sender", "from",
        "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "internetMessageHeaders",
        "meetingMessageType",
    }
)  # fmt: skip


GRAPH_TYPES = {"meetingRequest": "eventMessageRequest", "meetingCancelled": "eventMessage"}
ITEM_OF_ATTACHMENT = "microsoft.graph.itemattachment/item"
EVENT_OF_MEETING_MAIL = "microsoft.graph.eventmessage/event"


def send_mail(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST sendMail: 202 and nothing else; `Message` and `SaveToSentItems` in either letter case."""
    mailbox = tenant.mailbox(who)
    body = {k.lower(): v for k, v in request.json().items()}
    if set(body) - {"message", "savetosentitems"} or not isinstance(body.get("message"), dict):
        raise bad_request("sendMail takes message and saveToSentItems.", "ErrorInvalidRequest")
    message = tenant.messages.draft(mailbox, body["message"])
    try:
        tenant.messages.send(message)
    finally:
        if message.folder == "drafts" or body.get("savetosentitems") is False:
            tenant.messages.delete(message)
    return Answer(status=202)


def create_message(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST messages: a draft."""
    mailbox = tenant.mailbox(who)
    return _one(tenant, request, mailbox, tenant.messages.draft(mailbox, request.json()), 201)


def read_message(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """GET a message."""
    mailbox = tenant.mailbox(who)
    return _one(tenant, request, mailbox, tenant.messages.find(mailbox, item_id), 200)


def list_attachments(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """GET what hangs on a message.

    An attached mail only when it is expanded, a file with its bytes unless others are selected.
    """
    message = tenant.messages.find(tenant.mailbox(who), item_id)
    whole = request.query.get("$expand", "").lower() == ITEM_OF_ATTACHMENT
    select = parse_select(request.query.get("$select"), PROPERTIES_OF_FILES)
    found = [write_attachment(one, whole=whole, select=select) for one in message.attachments]
    return Answer(status=200, body={"value": found})


def change_message(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """PATCH a message."""
    mailbox = tenant.mailbox(who)
    message = tenant.messages.find(mailbox, item_id)
    tenant.messages.change(message, request.json())
    return _one(tenant, request, mailbox, message, 200)


def delete_message(tenant: Tenant, _request: GraphRequest, who: str, item_id: str) -> Answer:
    """DELETE a message."""
    tenant.messages.delete(tenant.messages.find(tenant.mailbox(who), item_id))
    return Answer(status=204)


def send_message(tenant: Tenant, _request: GraphRequest, who: str, item_id: str) -> Answer:
    """POST send."""
    tenant.messages.send(tenant.messages.find(tenant.mailbox(who), item_id))
    return Answer(status=202)


def list_messages(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET messages of every folder."""
    mailbox = tenant.mailbox(who)
    tenant.inboxes.fill(mailbox)
    return _page(tenant, request, mailbox, tenant.messages.of(mailbox))


def list_folder(tenant: Tenant, request: GraphRequest, who: str, folder: str) -> Answer:
    """GET messages of a folder by its well-known name."""
    mailbox = tenant.mailbox(who)
    if folder.lower() not in FOLDERS:
        raise item_not_found()
    tenant.inboxes.fill(mailbox)
    return _page(tenant, request, mailbox, tenant.messages.of(mailbox, folder.lower()))


def read_folder(tenant: Tenant, _request: GraphRequest, who: str, folder: str) -> Answer:
    """GET a folder by its well-known name."""
    mailbox = tenant.mailbox(who)
    name = FOLDERS.get(folder.lower())
    if name is None:
        raise item_not_found()
    body: JsonObject = {
        "id": f"AQMkAD{mailbox.id.replace('-', '')}{folder.lower()}=",
        "displayName": name,
        "totalItemCount": len(tenant.messages.of(mailbox, folder.lower())),
        "unreadItemCount": 0,
        "childFolderCount": 0,
    }
    return Answer(status=200, body=body)


def write_message(
    message: Message,
    owner: User,
    request: GraphRequest,
    select: frozenset[str] | None,
    extended: Mapping[str, str],
) -> JsonObject:
    """Return a message's JSON, its `extended` properties under the ids they are told by.

    Internet headers come only when selected, and never of a sent copy.
    """
    everything = _properties(message, owner, request)
    if select is None:
        chosen = everything
    else:
        chosen = {name: value for name, value in everything.items() if name in select or name == "id"}
        if "internetMessageHeaders" in select and message.headers:
            chosen["internetMessageHeaders"] = message.headers
    shown = [
        {"id": told, "value": message.properties[name]}
        for name, told in extended.items()
        if name in message.properties
    ]
    if shown:
        chosen["singleValueExtendedProperties"] = shown
    return {**_type_of(message), "@odata.etag": f'W/"{_change_key(message)}"', **chosen}


def _properties(message: Message, owner: User, request: GraphRequest) -> JsonObject:
    """All of a message but what comes only when it is asked for."""
    name, address = message.sender or (owner.display_name, owner.mail)
    author = {"emailAddress": {"name": name, "address": address}}
    text = request.prefers.get("outlook.body-content-type", "").lower() == "text"
    everything: JsonObject = {
        "id": message.immutable_id if request.wants_immutable_ids else message.ordinary_id,
        "createdDateTime": _seconds(message, "created"),
        "lastModifiedDateTime": _seconds(message, "modified"),
        "changeKey": _change_key(message),
        "categories": message.plain.get("categories", []),
        "receivedDateTime": _seconds(message, "sent"),
        "sentDateTime": _seconds(message, "sent"),
        "hasAttachments": bool(message.attachments),
        "internetMessageId": message.internet_id,
        "subject": message.subject,
        "bodyPreview": preview(message.html),
        "importance": message.plain.get("importance", "normal"),
        "parentFolderId": f"AQMkAD{owner.id.replace('-', '')}{message.folder}=",
        "conversationId": f"AAQkAD{message.token}=",
        "isDeliveryReceiptRequested": False,
        "isReadReceiptRequested": False,
        "isRead": message.folder != "inbox",
        "isDraft": message.folder == "drafts",
        "webLink": "https://outlook.sandbox.example/owa/?viewmodel=ReadMessageItem",
        "inferenceClassification": "focused",
        "body": {
            "contentType": "text" if text else "html",
            "content": as_text(message.html) if text else message.html,
        },
        "sender": author,
        "from": author,
        "toRecipients": message.recipients.get("toRecipients", []),
        "ccRecipients": message.recipients.get("ccRecipients", []),
        "bccRecipients": message.recipients.get("bccRecipients", []),
        "replyTo": message.recipients.get("replyTo", []),
    }
    if message.event is not None:
        everything["meetingMessageType"] = message.meeting_type
    return everything


def _type_of(message: Message) -> JsonObject:
    """What a meeting's mail is called; of other mails nothing is said."""
    if message.event is None:
        return {}
    graph_type = GRAPH_TYPES.get(message.meeting_type, "eventMessageResponse")
    return {"@odata.type": f"#microsoft.graph.{graph_type}"}


def _change_key(message: Message) -> str:
    return f"CQAAABYAAA{message.token[:16]}{message.version:04d}"


def _seconds(message: Message, which: str) -> str:
    moment = {"created": message.created, "modified": message.modified, "sent": message.sent}[which]
    return f"{moment or message.created:%Y-%m-%dT%H:%M:%SZ}"


def _one(tenant: Tenant, request: GraphRequest, owner: User, message: Message, status: int) -> Answer:
    select = parse_select(request.query.get("$select"), PROPERTIES)
    expand = request.query.get("$expand", "")
    with_event = expand.lower() == EVENT_OF_MEETING_MAIL
    extended = extended_ids(expand, tenant.settings.property_ids) if expand and not with_event else {}
    body = write_message(message, owner, request, select, extended)
    event = tenant.calendars.find(message.event) if with_event and message.event is not None else None
    if event is not None:
        organiser = tenant.directory.users[event.mailbox_id]
        seat = (
            None
            if organiser is owner
            else next((s for a in owner.addresses if (s := event.attendee(a)) is not None), None)
        )
        body["event"] = write_event(Item(event, organiser, owner, seat), request)
    context = f"{request.base_url}/$metadata#users('{owner.id}')/messages/$entity"
    return Answer(status=status, body={"@odata.context": context, **body})


def _page(tenant: Tenant, request: GraphRequest, owner: User, found: list[Message]) -> Answer:
    query = request.query
    if "$filter" in query:
        holds = filter_of(tenant, query["$filter"], lambda n: n.lower() in FILTERABLE)
        found = [m for m in found if holds(_look(m))]
    select = parse_select(query.get("$select"), PROPERTIES)
    extended = extended_ids(query["$expand"], tenant.settings.property_ids) if "$expand" in query else {}
    top = read_number(query, "$top", 10, 1000) or 10
    skip = read_number(query, "$skip", 0, 10**9)
    out: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#users('{owner.id}')/messages"}
    if skip + top < len(found):
        out["@odata.nextLink"] = next_link(request, "$skip", str(skip + top))
    out["value"] = [write_message(m, owner, request, select, extended) for m in found[skip : skip + top]]
    return Answer(status=200, body=out)


def _look(message: Message) -> Look:
    values = {
        "subject": message.subject,
        "isdraft": message.folder == "drafts",
        "createddatetime": message.created,
        "lastmodifieddatetime": message.modified,
        "sentdatetime": message.sent or message.created,
        "receiveddatetime": message.sent or message.created,
        "id": message.immutable_id,
        "categories": message.plain.get("categories", []),
        "internetmessageid": message.internet_id,
        "singlevalueextendedproperties": [{"id": k, "value": v} for k, v in message.properties.items()],
    }
    return lambda path: values.get(path.lower())
