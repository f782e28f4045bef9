"""The organiser mailbox's mail: `bot.ports.outlook.Mailbox` on Microsoft Graph, each message exactly once.

`sendMail` answers nothing that could be looked up, and four retries after a 504 made four mails; so a message
is a draft that carries our key in an extended property, and the draft is sent. Both steps can be looked up
after an unclear answer:

    step      unclear: looked up by                                       then
    draft     the key, in whatever folder                                 it is there, or it is made again
    send      the draft's immutable id, which the sent copy keeps         sent, or it is sent again

Needs Mail.ReadWrite and Mail.Send. With Mail.Send alone (`keeps_drafts` False) there is only `sendMail`, at
most once. What is said stands in `bot.messages`, what is kept of it in `bot.delivery`. Facts: graph-facts
sections 6 and 13, traps 1 and 2, 2026-11-22.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from bot.domain.errors import GraphGone
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.retry import SETTLE_SECONDS, FailureKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.domain.messages import Attachment, Letter
    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

KEY_PROPERTY = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.message"
# Answers of out-of-office machines would only fill the organiser's inbox (MS-OXCMAIL 2.1.3.2.20).
HEADERS = [{"name": "X-Auto-Response-Suppress", "value": "OOF, AutoReply"}]
HEADERS_SENT = {"Prefer": IMMUTABLE_IDS}
# A new draft can be unknown for a moment, and a copy in Sent Items can take a while to show.
SEND_ATTEMPTS = 4


class GraphMailbox:
    """The mail of one organiser mailbox (address or object id)."""

    def __init__(self, client: GraphClient, *, organiser: str, keeps_drafts: bool = True) -> None:
        self.keeps_drafts = keeps_drafts
        self._client = client
        self._mailbox = organiser
        self._root = f"/users/{segment(organiser)}/messages"

    async def find_draft(self, key: str, *, but_not: Collection[str] = ()) -> tuple[str, bool] | None:
        """The message that carries this key: its immutable id and whether it was sent.

        None when there is none but those of `but_not`.
        """
        found = await self._find(key, but_not=but_not)
        return None if found is None else (str(found["id"]), _was_sent(found))

    async def is_sent(self, draft_id: str) -> bool | None:
        """Whether the message of this id was sent; None when there is no such message."""
        message = await self._read(draft_id)
        return None if message is None else _was_sent(message)

    async def create_draft(self, key: str, mail: Letter) -> str:
        """Make the draft once and return its immutable id; an unclear outcome is looked up by the key."""

        async def happened(deadline: float) -> JsonObject | None:
            return await self._find(key, deadline=deadline)

        body = _message(mail) | {"singleValueExtendedProperties": [{"id": KEY_PROPERTY, "value": key}]}
        answer = await self._client.send(
            self._call("POST", self._root, kind=FailureKind.KEYED, body=body), look_up=happened
        )
        return str(answer.json()["id"])

    async def send_draft(self, draft_id: str) -> None:
        """Send it once; an unclear outcome is looked up. A draft that was sent already is done.

        Raises GraphGone when there is no such message, also after a few seconds of looking for it.
        """

        async def happened(deadline: float) -> JsonObject | None:
            message = await self._read(draft_id, deadline=deadline)
            return message if message is not None and _was_sent(message) else None

        call = self._call("POST", f"{self._root}/{segment(draft_id)}/send", kind=FailureKind.KEYED)
        for attempt in range(SEND_ATTEMPTS):
            try:
                await self._client.send(call, look_up=happened)
            except GraphGone:
                # It has left Drafts, which is what sent looks like; or Exchange does not know it yet, and
                # nothing was done.
                if await self.is_sent(draft_id):
                    return
                if attempt + 1 == SEND_ATTEMPTS:
                    raise
                await self._client.pace.sleep(SETTLE_SECONDS)
            else:
                return

    async def send_mail(self, mail: Letter) -> None:
        """Send without a draft, once.

        GraphUnclear means that it may have gone, and it is never repeated here.
        """
        body: JsonObject = {"message": _message(mail), "saveToSentItems": True}
        await self._client.send(
            self._call(
                "POST", f"/users/{segment(self._mailbox)}/sendMail", kind=FailureKind.UNKEYED, body=body
            )
        )

    async def _find(
        self, key: str, *, but_not: Collection[str] = (), deadline: float | None = None
    ) -> JsonObject | None:
        quoted = key.replace("'", "''")
        query = {
            "$filter": (
                f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY_PROPERTY}' and ep/value eq '{quoted}')"
            ),
            "$select": "id,isDraft",
        }
        answer = await self._client.send(self._call("GET", self._root, query=query), deadline=deadline)
        found = [one for one in answer.json().get("value") or () if one.get("id") not in but_not]
        # A copy that a person made counts as well, and one that was sent says that the message went out.
        return max(found, key=_was_sent, default=None)

    async def _read(self, draft_id: str, *, deadline: float | None = None) -> JsonObject | None:
        call = self._call("GET", f"{self._root}/{segment(draft_id)}", query={"$select": "id,isDraft"})
        try:
            return (await self._client.send(call, deadline=deadline)).json()
        except GraphGone:
            return None

    def _call(
        self,
        method: str,
        path: str,
        *,
        kind: FailureKind = FailureKind.SAFE,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
    ) -> Call:
        return Call(
            method=method,
            gate=self._mailbox,
            path=path,
            query=query or {},
            kind=kind,
            headers=HEADERS_SENT,
            body=body,
        )


def _message(mail: Letter) -> JsonObject:
    recipients: JsonObject = {
        "toRecipients": [
            {"emailAddress": {"address": email, "name": name or email}} for email, name in mail.to
        ]
    }
    if mail.hidden:
        recipients["bccRecipients"] = [{"emailAddress": {"address": email}} for email in mail.hidden]
    return {
        "subject": mail.subject,
        "body": {"contentType": "html", "content": mail.html},
        **recipients,
        "replyTo": [{"emailAddress": {"address": mail.reply_to}}],
        "internetMessageHeaders": HEADERS,
        **({"attachments": list(map(_file, mail.attachments))} if mail.attachments else {}),
    }


def _file(attachment: Attachment) -> JsonObject:
    """In the request itself: what is larger than 3 MB would want an upload session."""
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": attachment.name,
        "contentType": attachment.media_type,
        "contentBytes": b64encode(attachment.content).decode("ascii"),
    }


def _was_sent(message: JsonObject) -> bool:
    return message.get("isDraft") is False
