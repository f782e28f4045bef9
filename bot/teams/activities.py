"""What Teams brings, read: who did what in which conversation. Nothing is believed before it is checked.

| what came | is read as |
|---|---|
| a message with text | a line |
| a message with a value (`Action.Submit` of an old client) | a press |
| `adaptiveCard/action` (`Action.Execute`) | a press; by itself where the client asks to refresh |
| `composeExtension/query` | a search |
| `installationUpdate`, `conversationUpdate` with the bot | the bot came, or went |
| `conversationUpdate` of a team's channel that is new, restored or called otherwise | the channel came |
| the same of one that is deleted | the channel went |
| anything else | nothing to do |

Refused is what is of another tenant, names nobody, or is not for the address that the token is for. Shapes:
Microsoft's documentation of activities; graph-facts-checked section 23.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.conversations import LONGEST_TYPED, ConversationKind, Press, read_press
from bot.domain.people import Language
from bot.teams.proof import NotTeams

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST_ID = 500
BOT = "28:"


class Deed(StrEnum):
    """What somebody did."""

    WROTE = "wrote"
    PRESSED = "pressed"
    SEARCHED = "searched"
    BOT_CAME = "bot_came"
    BOT_WENT = "bot_went"
    CHANNEL_CAME = "channel_came"
    CHANNEL_WENT = "channel_went"
    NOTHING = "nothing"


CHANNEL_EVENTS = {
    "channelCreated": Deed.CHANNEL_CAME,
    "channelRestored": Deed.CHANNEL_CAME,
    "channelRenamed": Deed.CHANNEL_CAME,
    "channelDeleted": Deed.CHANNEL_WENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One thing that was done, by whom (directory id) and where; ids and address are Teams' own.

    `line` is what was written or searched for. `waits`: the client waits for the answer (an invoke), and
    shows what comes back. `reply_to` is the message that was pressed. `channel` is the channel's name, and
    `team` its team by Teams' own id; both "" in a person's chat.
    """

    deed: Deed
    activity: str
    conversation: str
    kind: ConversationKind
    service_url: str
    subject: str
    language: Language
    line: str = ""
    press: Press | None = None
    waits: bool = False
    reply_to: str = ""
    channel: str = ""
    team: str = ""


def read_activity(body: object, *, app_id: str, tenant_id: str, address: str) -> Incoming:
    """What was done; raises NotTeams for what is refused, by the table above."""
    if not isinstance(body, Mapping):
        raise NotTeams("not an activity")
    talk, data, sender = _part(body, "conversation"), _part(body, "channelData"), _part(body, "from")
    service_url, subject = _text(body, "serviceUrl"), _text(sender, "aadObjectId")
    tenants = {_text(_part(data, "tenant"), "id"), _text(talk, "tenantId")} - {""}
    if service_url.rstrip("/") != address:
        raise NotTeams("another address than the token's")
    if {one.lower() for one in tenants} != {tenant_id.lower()}:
        raise NotTeams("another tenant")
    if not GUID.fullmatch(subject):
        raise NotTeams("nobody is named")
    if not _text(talk, "id") or not _text(body, "id"):
        raise NotTeams("no conversation")
    personal = _text(talk, "conversationType") == "personal"
    # Of a team that the bot was added to Teams names the first channel, beside it the one that was chosen.
    chosen = _part(_part(data, "settings"), "selectedChannel")
    where = _text(chosen, "id") or _text(talk, "id").partition(";")[0]
    came = Incoming(
        deed=Deed.NOTHING,
        activity=_text(body, "id"),
        conversation=where,
        kind=ConversationKind.PERSONAL if personal else ConversationKind.CHANNEL,
        service_url=service_url,
        subject=subject.lower(),
        language=Language.EN if _text(body, "locale").lower().startswith("en") else Language.DA,
        waits=body.get("type") == "invoke",
        reply_to=_text(body, "replyToId"),
        channel=_channel(data, where),
        team="" if personal else _text(_part(data, "team"), "id"),
    )
    return _with_deed(came, body, app_id)


def _with_deed(came: Incoming, body: Mapping[str, Any], app_id: str) -> Incoming:
    value = _mapping(body.get("value"))
    match body.get("type"), _text(body, "name"):
        case "message", _ if isinstance(body.get("value"), Mapping):
            came = _pressed(came, value.get("verb"), value)
        case "message", _:
            came = replace(came, deed=Deed.WROTE, line=_text(body, "text", LONGEST_TYPED))
        case "invoke", "adaptiveCard/action":
            action = _part(value, "action")
            by_itself = _text(value, "trigger") == "automatic"
            came = _pressed(came, action.get("verb"), action.get("data"), by_itself=by_itself)
        case "invoke", "composeExtension/query":
            came = replace(came, deed=Deed.SEARCHED, line=_searched(value))
        case "installationUpdate", _:
            went = _text(body, "action").startswith("remove")
            came = replace(came, deed=Deed.BOT_WENT if went else Deed.BOT_CAME)
        case "conversationUpdate", _:
            came = _moved(came, body, f"{BOT}{app_id}".lower())
        case _:
            pass
    return came


def _moved(came: Incoming, body: Mapping[str, Any], bot: str) -> Incoming:
    """Whether the bot is among those who came or went, or a channel of a team that it is in did."""
    data = _part(body, "channelData")
    of_channel = CHANNEL_EVENTS.get(_text(data, "eventType"))
    if of_channel is not None:
        channel = _part(data, "channel")
        where = _text(channel, "id") or came.conversation
        return replace(came, deed=of_channel, conversation=where, channel=_text(channel, "name"))
    if bot in _members(body, "membersRemoved"):
        return replace(came, deed=Deed.BOT_WENT)
    return replace(came, deed=Deed.BOT_CAME if bot in _members(body, "membersAdded") else Deed.NOTHING)


def _pressed(came: Incoming, verb: object, data: object, *, by_itself: bool = False) -> Incoming:
    press = read_press(verb, data)
    if press is None:
        return came
    return replace(came, deed=Deed.PRESSED, press=replace(press, is_refresh=press.is_refresh or by_itself))


def _searched(value: Mapping[str, Any]) -> str:
    """What was typed; Teams asks with `initialRun` before anything is."""
    given = value.get("parameters")
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and _text(one, "name") != "initialRun":
            return _text(one, "value", LONGEST_TYPED)
    return ""


def _channel(data: Mapping[str, Any], conversation: str) -> str:
    """What the channel is called, "" where Teams does not say; a team's first one has the team's name."""
    chosen, channel, team = (
        _part(_part(data, "settings"), "selectedChannel"),
        _part(data, "channel"),
        _part(data, "team"),
    )
    for one in (chosen, channel):
        if _text(one, "id") == conversation and _text(one, "name"):
            return _text(one, "name")
    return _text(team, "name") if _text(team, "id") == conversation else ""


def _members(body: Mapping[str, Any], name: str) -> set[str]:
    members = body.get(name)
    listed = members if isinstance(members, list) else []
    return {_text(one, "id").lower() for one in listed if isinstance(one, Mapping)}


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _mapping(whole.get(name))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(whole: Mapping[str, Any], name: str, longest: int = LONGEST_ID) -> str:
    value = whole.get(name)
    return value[:longest] if isinstance(value, str) else ""
