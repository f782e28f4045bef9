"""Messages: drafts, sent items, the mails they become, and what comes back to the inbox.

State and rules; the endpoints are in `message_endpoints.py`. A message is sent once: its immutable id
then finds the copy in Sent Items. Of an event's mails there is a copy there only where one came back, for the
report to name. Facts: graph-facts section 6 (2026-11-22).
"""

from __future__ import annotations

import itertools
import time as machine_time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bot.sandbox.attachments import read_attachments
from bot.sandbox.calendars import Calendars
from bot.sandbox.content import rewrite
from bot.sandbox.directory import User
from bot.sandbox.event_input import ENUMS, read_attendees
from bot.sandbox.event_record import immutable_id, make_token, ordinary_id
from bot.sandbox.mail_log import MailKind
from bot.sandbox.property_ids import property_id
from bot.sandbox.reports import IN_REPLY_TO, MESSAGE_CLASS, SENDER, report_class, report_headers, report_text
from bot.sandbox.transport import Returned
from bot.sandbox.wire import JsonObject, RefusedError, bad_request, item_not_found

MAX_RECIPIENTS = 500
MAX_HEADERS = 5
RECIPIENTS = ("toRecipients", "ccRecipients", "bccRecipients", "replyTo")
READ_ONLY = frozenset(
    {
        "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "isDraft",
        "conversationIndex", "hasAttachments", "parentFolderId", "receivedDateTime", "sentDateTime",
        "webLink", "uniqueBody",
    }
)  # fmt: skip
WRITABLE = frozenset(
    {
        "subject", "body", "importance", "categories", "internetMessageHeaders",
        "singleValueExtendedProperties", "isRead", "attachments", "from", "sender", "flag",
        "inferenceClassification", "isDeliveryReceiptRequested", "isReadReceiptRequested",
        "internetMessageId", "conversationId", *RECIPIENTS,
    }
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Message:
    """One message in one mailbox. `folder` is `drafts`, `sentitems` or `inbox`.

    `sent` is when it was sent, or came. `sender` is who sent what came, None for the mailbox itself. `event`
    is the immutable id of the event that a meeting's mail is about, `meeting_type` Graph's word for such a
    mail. Monotonic seconds: from `found_from` on a sent copy is there, from `listed_from` on lists find what
    was written.
    """

    token: str
    mailbox_id: str
    created: datetime
    modified: datetime
    subject: str = ""
    html: str = ""
    recipients: dict[str, list[JsonObject]] = field(default_factory=dict)
    headers: list[JsonObject] = field(default_factory=list)
    plain: dict[str, Any] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)
    attachments: list[JsonObject] = field(default_factory=list)
    folder: str = "drafts"
    sent: datetime | None = None
    sender: tuple[str, str] | None = None
    event: str | None = None
    meeting_type: str = "meetingRequest"
    moves: int = 0
    version: int = 1
    found_from: float = 0.0
    listed_from: float = 0.0

    @property
    def immutable_id(self) -> str:
        """The id that survives sending."""
        return immutable_id(self.token)

    @property
    def ordinary_id(self) -> str:
        """The id until the next move."""
        return ordinary_id(self.token, self.moves)

    @property
    def internet_id(self) -> str:
        """The `Message-ID` header, which the draft has and the sent copy keeps."""
        return f"<{self.token}@sandbox.example>"

    @property
    def properties(self) -> dict[str, str]:
        """The extended properties, with the message class that each message has."""
        return {MESSAGE_CLASS: "IPM.Note", **self.extended}

    @property
    def everybody(self) -> list[str]:
        """The addresses that a send reaches, each once."""
        names = ("toRecipients", "ccRecipients", "bccRecipients")
        entries = [r for n in names for r in self.recipients.get(n, [])]
        found = {r["emailAddress"]["address"].lower(): r["emailAddress"]["address"] for r in entries}
        return list(found.values())


class Messages:
    """All messages of the tenant."""

    def __init__(self, calendars: Calendars) -> None:
        """Start with empty folders; addresses and mails are those of `calendars`."""
        self.calendars = calendars
        self.messages: dict[str, Message] = {}
        self.on_arrival: Callable[[Message], None] = lambda _message: None
        self._ids: dict[str, str] = {}
        self._numbers = itertools.count(1)
        calendars.transport.on_return = self._return

    def draft(self, mailbox: User, body: JsonObject) -> Message:
        """Create a draft. Raises RefusedError 400."""
        message = self._new(mailbox)
        message.html = rewrite("", "html")
        self._fill(message, body)
        return self._keep(message)

    def change(self, message: Message, body: JsonObject) -> None:
        """Change a draft. Raises RefusedError 400."""
        self._fill(message, body)
        message.version += 1
        message.modified = self.calendars.clock.now()

    def send(self, message: Message) -> None:
        """Send a draft.

        A mail to each recipient, now or when the limits allow, and the message moves to Sent Items.

        Raises RefusedError 400 when it has no recipient, 404 when it was sent already.
        """
        if message.folder != "drafts":
            raise item_not_found()
        if not message.everybody:
            raise bad_request(
                "A message can't be sent because it contains no recipients.", "ErrorInvalidRecipients"
            )
        now = self.calendars.clock.now()
        organiser = self.calendars.directory.users[message.mailbox_id]
        item, subject = message.immutable_id, message.subject
        self.calendars.transport.carry(
            organiser, MailKind.MESSAGE, message.everybody, item=item, subject=subject
        )
        self._ids.pop(message.ordinary_id, None)
        message.folder, message.sent, message.modified = "sentitems", now, now
        message.headers = []
        message.found_from = machine_time.monotonic() + self.calendars.settings.sent_copy_delay
        message.moves += 1
        message.version += 1
        self._know_ids(message)

    def delete(self, message: Message) -> None:
        """Delete a message without a trace."""
        self.messages.pop(message.token, None)

    def find(self, mailbox: User, item_id: str) -> Message:
        """Return the mailbox's message of an id in either form. Raises RefusedError 404."""
        message = self.messages.get(self._ids.get(item_id, ""))
        if (
            message is None
            or message.mailbox_id != mailbox.id
            or machine_time.monotonic() < message.found_from
        ):
            raise item_not_found()
        return message

    def files_of(self, item: str | None) -> list[JsonObject]:
        """What hangs on the message of an id, in whosever mailbox; nothing where there is none."""
        message = self.messages.get(self._ids.get(item or "", ""))
        return list(message.attachments) if message is not None else []

    def of(self, mailbox: User, folder: str | None = None) -> list[Message]:
        """Return a mailbox's messages, newest first, of one folder or all."""
        now = machine_time.monotonic()
        found = [
            m
            for m in self.messages.values()
            if m.mailbox_id == mailbox.id and now >= max(m.found_from, m.listed_from)
        ]
        return [m for m in reversed(found) if folder is None or m.folder == folder]

    def receive(
        self,
        mailbox: User,
        *,
        sender: tuple[str, str],
        subject: str,
        body: str,
        headers: list[JsonObject],
        message_class: str = "IPM.Note",
        attached: str = "",
        event: str | None = None,
        meeting_type: str = "meetingRequest",
    ) -> Message:
        """Put a mail into the inbox, from `sender` (name, address), with a body of plain text.

        `attached` is the id of a mail on it; an answer has its `event`, and its `meeting_type`.
        """
        message = self._new(mailbox)
        message.event, message.meeting_type = event, meeting_type
        message.folder, message.sent, message.sender = "inbox", message.created, sender
        message.subject, message.html, message.headers = subject, rewrite(body, "text"), headers
        message.recipients["toRecipients"] = [
            {"emailAddress": {"name": mailbox.display_name, "address": mailbox.mail}}
        ]
        message.extended[MESSAGE_CLASS] = message_class
        if attached:
            item = {
                "@odata.type": "#microsoft.graph.message",
                "id": "original",
                "internetMessageId": attached,
            }
            message.attachments = [
                {
                    "@odata.type": "#microsoft.graph.itemAttachment",
                    "id": "1",
                    "name": "original",
                    "item": item,
                }
            ]
        for header in headers:
            if header["name"].lower() == "in-reply-to":
                message.extended[IN_REPLY_TO] = header["value"]
        self.on_arrival(self._keep(message))
        return message

    def keep_copy(self, mailbox: User, *, subject: str, event: str, at: datetime) -> Message:
        """Put the copy of an invitation into Sent Items, unless it lies there."""
        for known in self.messages.values():
            if (known.mailbox_id, known.folder, known.event, known.sent) == (
                mailbox.id,
                "sentitems",
                event,
                at,
            ):
                return known
        copy = self._new(mailbox)
        copy.folder, copy.created, copy.sent, copy.subject, copy.event = "sentitems", at, at, subject, event
        return self._keep(copy)

    def _return(self, returned: Returned) -> None:
        """Put a report into the sender's inbox when its time comes; it names the copy that was sent."""
        if returned.kind is MailKind.MESSAGE:
            original = self.messages[self._ids[returned.item]].internet_id
        else:
            now = self.calendars.clock.now()
            original = self.keep_copy(
                returned.mailbox, subject=returned.subject, event=returned.item, at=now
            ).internet_id
        sender = returned.mailbox.mail or returned.mailbox.upn
        subject, body = report_text(returned, original, sender, self.calendars.settings.report_language)
        arrives = partial(
            self.receive,
            returned.mailbox,
            sender=("Microsoft Outlook", f"{SENDER}@{self.calendars.directory.domain}"),
            subject=subject,
            body=body,
            headers=report_headers(original),
            message_class=report_class(returned.kind),
        )
        self.calendars.clock.plan(returned.at - self.calendars.clock.now(), arrives)

    def _new(self, mailbox: User) -> Message:
        now = self.calendars.clock.now()
        token = make_token("message", mailbox.id, next(self._numbers))
        listed_from = machine_time.monotonic() + self.calendars.settings.index_delay
        return Message(token=token, mailbox_id=mailbox.id, created=now, modified=now, listed_from=listed_from)

    def _keep(self, message: Message) -> Message:
        self.messages[message.token] = message
        self._know_ids(message)
        return message

    def _know_ids(self, message: Message) -> None:
        self._ids[message.immutable_id] = message.token
        self._ids[message.ordinary_id] = message.token

    def _fill(self, message: Message, body: JsonObject) -> None:
        for name in body:
            if "@odata." not in name and name not in WRITABLE:
                word = "is read-only" if name in READ_ONLY else "does not exist"
                raise bad_request(f"The property '{name}' {word}.", "RequestBodyRead")
        if "subject" in body:
            message.subject = str(body["subject"] or "")
        if isinstance(body.get("body"), dict):
            sent = body["body"]
            message.html = rewrite(str(sent.get("content") or ""), str(sent.get("contentType") or "text"))
        for name in RECIPIENTS:
            if name in body:
                message.recipients[name] = _recipients(body[name], self.calendars)
        if len(message.everybody) > MAX_RECIPIENTS:
            raise bad_request("The message has too many recipients.", "ErrorTooManyRecipients")
        self._fill_rest(message, body)

    def _fill_rest(self, message: Message, body: JsonObject) -> None:
        if "internetMessageHeaders" in body:
            message.headers = _headers(body["internetMessageHeaders"])
        if "attachments" in body:
            message.attachments = read_attachments(
                body["attachments"], message.token, self.calendars.clock.now()
            )
        for item in body.get("singleValueExtendedProperties") or ():
            message.extended[property_id(str(item["id"]))] = str(item["value"])
        if "importance" in body:
            word = str(body["importance"]).lower()
            if word not in ENUMS["importance"]:
                raise bad_request(f"Requested value '{word}' was not found.", "RequestBodyRead")
            message.plain["importance"] = word
        if "categories" in body:
            message.plain["categories"] = list(body["categories"])


def _recipients(sent: object, calendars: Calendars) -> list[JsonObject]:
    if not isinstance(sent, list):
        raise bad_request("Recipients are a list.", "RequestBodyRead")
    out = []
    for entry in read_attendees([{"emailAddress": e.get("emailAddress")} for e in sent]):
        known = calendars.directory.find_user(entry.address)
        name = entry.name or (known.display_name if known else entry.address)
        out.append({"emailAddress": {"name": name, "address": entry.address}})
    return out


def _headers(sent: object) -> list[JsonObject]:
    if not isinstance(sent, list) or not sent or len(sent) > MAX_HEADERS:
        raise RefusedError(
            400,
            "InvalidInternetMessageHeaderCollection",
            f"Maximum number of headers in one message should be less than or equal to {MAX_HEADERS}.",
        )
    for header in sent:
        name = str(header.get("name"))
        if not name.lower().startswith("x-"):
            raise RefusedError(
                400,
                "InvalidInternetMessageHeader",
                f"The internet message header name '{name}' should start with 'x-' or 'X-'.",
            )
    return [{"name": str(h["name"]), "value": str(h.get("value", ""))} for h in sent]
