"""What Teams brings to the bot, as it looks on the wire: lines, presses, searches, and where the bot is.

Shapes: Microsoft's documentation of activities, and what was captured live (graph-facts-checked section 23).
The service address ends in a slash, as Microsoft's does.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.chats import BOT, Chats, Conversation
from bot.sandbox.clock import Clock
from bot.sandbox.directory import User
from bot.sandbox.wire import JsonObject

ZONE = "Europe/Copenhagen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Makes the activities of one person in one conversation; `origin` is the sandbox's address."""

    clock: Clock
    chats: Chats
    origin: str
    user: User
    conversation: Conversation

    def message(self, text: str, **more: Any) -> JsonObject:
        """A line; in a channel the bot is mentioned, or Teams would not bring it."""
        mention = f"<at>{self.chats.bot.name}</at>"
        said: JsonObject = {"type": "message", "textFormat": "plain", "text": text}
        if not self.conversation.is_personal:
            said["text"] = f"{mention} {text}"
            bot = {"id": BOT + self.chats.bot.app_id, "name": self.chats.bot.name}
            said["entities"] = [{"type": "mention", "mentioned": bot, "text": mention}, self._client()]
        return self._base() | said | more

    def submit(self, value: Any, reply_to: str, text: str = "") -> JsonObject:
        """`Action.Submit`: a message with a value, and no text but where the button has one."""
        said: JsonObject = {"type": "message", "value": value, "replyToId": reply_to}
        return self._base() | said | ({"text": text, "textFormat": "plain"} if text else {})

    def execute(self, action: JsonObject, data: JsonObject, reply_to: str, *, by_itself: bool) -> JsonObject:
        """`Action.Execute`, pressed or done by the client itself."""
        sent = {"type": "Action.Execute", "verb": action.get("verb", ""), "data": data}
        if "id" in action:
            sent["id"] = action["id"]
        value = {"action": sent, "trigger": "automatic" if by_itself else "manual"}
        return self.invoke("adaptiveCard/action", value) | {"replyToId": reply_to}

    def query(self, command: str, parameters: JsonObject, *, skip: int = 0, count: int = 25) -> JsonObject:
        """What is typed in the message extension."""
        found = [{"name": name, "value": value} for name, value in parameters.items()]
        value = {"commandId": command, "parameters": found, "queryOptions": {"skip": skip, "count": count}}
        return self.invoke("composeExtension/query", value)

    def invoke(self, name: str, value: Any) -> JsonObject:
        """Something that waits for an answer."""
        return self._base(f"f:{uuid.uuid4()}") | {"type": "invoke", "name": name, "value": value}

    def installed(self, action: str, channel: str = "") -> JsonObject:
        """`installationUpdate`: `add` or `remove`; `channel` that was chosen when it was added to a team."""
        told = self._base(f"f:{uuid.uuid4()}") | {"type": "installationUpdate", "action": action}
        return self._chosen(told, channel)

    def members(self, change: str, channel: str = "") -> JsonObject:
        """`conversationUpdate` with the bot among `membersAdded` or `membersRemoved`."""
        bot = {"id": BOT + self.chats.bot.app_id}
        told = self._base(f"f:{uuid.uuid4()}") | {"type": "conversationUpdate", change: [bot]}
        if not self.conversation.is_personal:
            kind = "teamMemberAdded" if change == "membersAdded" else "teamMemberRemoved"
            told["channelData"] = {**told["channelData"], "eventType": kind}
        return self._chosen(told, channel)

    def _chosen(self, told: JsonObject, channel: str) -> JsonObject:
        if channel:
            chosen = {"id": self.chats.channel(self.conversation.team, channel).id}
            told["channelData"] = {**told["channelData"], "settings": {"selectedChannel": chosen}}
        return told

    def _base(self, activity_id: str = "") -> JsonObject:
        now, chats = self.clock.now(), self.chats
        return {
            "id": activity_id or chats.new_id(now),
            "timestamp": _instant(now),
            "localTimestamp": now.astimezone(ZoneInfo(ZONE)).isoformat(timespec="milliseconds"),
            "localTimezone": ZONE,
            "channelId": "msteams",
            "serviceUrl": service_url(self.origin),
            "from": {
                "id": chats.person_id(self.user.id),
                "name": self.user.display_name,
                "aadObjectId": self.user.id,
            },
            "conversation": self._conversation(),
            "recipient": {"id": BOT + chats.bot.app_id, "name": chats.bot.name},
            "entities": [self._client()],
            "channelData": self._channel_data(),
            "locale": self.user.language or "da-DK",
        }

    def _conversation(self) -> JsonObject:
        tenant_id = self.chats.bot.tenant_id
        if self.conversation.is_personal:
            return {"conversationType": "personal", "tenantId": tenant_id, "id": self.conversation.id}
        return {
            "isGroup": True,
            "conversationType": "channel",
            "tenantId": tenant_id,
            "id": self.conversation.id,
        }

    def _channel_data(self) -> JsonObject:
        found: JsonObject = {"tenant": {"id": self.chats.bot.tenant_id}}
        one = self.conversation
        if not one.is_personal:
            general = self.chats.channel(one.team, "")
            group = str(uuid.uuid5(uuid.NAMESPACE_OID, one.team))
            found["team"] = {"id": general.id, "name": one.team, "aadGroupId": group}
            found["channel"] = {"id": one.id} | ({"name": one.name} if one.name else {})
        return found

    def _client(self) -> JsonObject:
        locale = self.user.language or "da-DK"
        return {
            "type": "clientInfo",
            "locale": locale,
            "country": locale.partition("-")[2] or "DK",
            "platform": "Web",
            "timezone": ZONE,
        }


def service_url(origin: str) -> str:
    """Where the bot is to answer."""
    return f"{origin}/teams/"


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
