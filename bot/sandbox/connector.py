"""The Bot Connector over HTTP, where the bot speaks, and the sign-in that gives it a token.

    POST   /teams/v3/conversations                          the chat of somebody, the same one each time
    POST   /teams/v3/conversations/{id}/activities          201 and the id of what stands there now
    PUT    /teams/v3/conversations/{id}/activities/{which}   something else in its place
    DELETE /teams/v3/conversations/{id}/activities/{which}
    GET    /teams/v3/conversations/{id}/members, …/members/{person}
    GET    /teams/v3/teams/{team}, …/conversations
    POST   /entra/{tenant}/oauth2/v2.0/token                client credentials for the Bot Connector
    GET    /entra/{tenant}/discovery/v2.0/keys, …/v2.0/.well-known/openid-configuration
    GET    /openid/.well-known/openidconfiguration, /openid/.well-known/keys

A message is at most 28 KB; so many a second in one conversation, and for the app (`settings.py`). Whatever
was asked twice is there twice: there is no key. Words of errors: Microsoft's table of status codes of bot
APIs, and Entra's codes AADSTS… (2026-11). Facts: graph-facts section 7, graph-facts-checked section 23.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bot.sandbox.application import TenantApp
from bot.sandbox.bot_sign_in import (
    UNAUTHORIZED,
    entra_configuration,
    give_token,
    openid_configuration,
    requires_token,
)
from bot.sandbox.cards_seen import CARD_TYPE, MOST_BYTES, odd_parts, refusal_of
from bot.sandbox.chats import BOT, Conversation, Shown
from bot.sandbox.directory import User
from bot.sandbox.signing import public_keys
from bot.sandbox.traffic import retry_after
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.journal import Entry
    from bot.sandbox.tenant import Tenant

PATHS = ("/teams", "/entra", "/openid")
LIMITS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
KINDS = ("message", "typing")
CODES = {
    400: "BadArgument",
    401: UNAUTHORIZED,
    403: "BotNotInConversationRoster",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
    500: "ServiceError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}

Act = Callable[["Tenant", GraphRequest], Answer]


class ConnectorApp(TenantApp):
    """The Bot Connector of one tenant, and the sign-in."""

    usual_codes = CODES

    async def guarded(self, request: GraphRequest, entry: Entry) -> Answer:
        """Token, limits, and then the effect."""
        fault = self.tenant.faults.for_request(request.method, unquote(entry.target))
        act = _route(request)
        if request.segments[0] == "teams":
            requires_token(self.tenant, request)
            _hold_back(self.tenant, "app", (self.tenant.settings.bot_requests_per_second, 1.0))
        try:
            await self.fail(fault, "before")
            self.tenant.clock.run_due()
            answer = act(self.tenant, request)
            await self.fail(fault, "after")
            return answer
        finally:
            await self.wait_for_latency(request, entry)

    def refused(self, refusal: RefusedError, request: GraphRequest) -> Answer:
        """The Bot Connector's `{"error": ...}`; Entra words its own."""
        body: JsonObject = {"error": {"code": refusal.code, "message": refusal.message}}
        if request.segments[:1] == ("entra",) and refusal.message.startswith("{"):
            body = json.loads(refusal.message)
        elif refusal.code == UNAUTHORIZED:
            body = {"message": "Authorization has been denied for this request."}
        return Answer(status=refusal.status, body=body, headers=dict(refusal.headers))

    def body_for_journal(self, request: GraphRequest) -> bytes:
        """Secrets are not kept."""
        return b"" if request.segments[:1] == ("entra",) else request.body


def _route(request: GraphRequest) -> Act:
    for method, path, act in TABLE:
        parts = path.split("/")
        fits = method == request.method and len(parts) == len(request.segments)
        if fits and all(part in {"{}", one} for part, one in zip(parts, request.segments, strict=True)):
            return act
    raise RefusedError(404, "NotFound", "No HTTP resource was found that matches the request URI.")


def _open(tenant: Tenant, request: GraphRequest) -> Answer:
    """A chat with one person; a member goes by `29:…` or by their directory id."""
    body = _body(request)
    match body.get("members"):
        case [{"id": str() as member}] if not body.get("isGroup"):
            user = _person(tenant, member)
        case _:
            raise _bad("Bad format of conversation: one member, and isGroup false.")
    match body:
        case {"tenantId": str() as wanted} | {"channelData": {"tenant": {"id": str() as wanted}}}:
            pass
        case _:
            wanted = ""
    if wanted != tenant.chats.bot.tenant_id:
        raise _bad("Bad format of tenantId, or the tenant is another one.")
    if user is None:
        raise RefusedError(404, "NotFound", "The member was not found in the tenant.")
    if user.id not in tenant.teams.installed:
        raise RefusedError(
            403, "ForbiddenOperationException", "The bot is not installed in user's personal scope."
        )
    return Answer(status=201, body={"id": tenant.chats.personal(user.id).id})


def _post(tenant: Tenant, request: GraphRequest) -> Answer:
    conversation = _conversation(tenant, request)
    _hold_back(tenant, conversation.id, *LIMITS)
    if conversation.user_id in tenant.chats.blocked:
        raise RefusedError(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
    body = _body(request)
    if body.get("type") not in KINDS:
        raise _bad("Activity resulted into multiple skype activities, or its type is unknown.")
    shown = _read(tenant, body)
    if body["type"] == "message":
        conversation.shown[shown.id] = shown
    return Answer(status=201, body={"id": shown.id})


def _replace(tenant: Tenant, request: GraphRequest) -> Answer:
    conversation = _conversation(tenant, request)
    _hold_back(tenant, conversation.id, *LIMITS)
    before = _ours(conversation, request)
    after = _read(tenant, _body(request))
    before.text, before.card, before.summary, before.odd = after.text, after.card, after.summary, after.odd
    before.edited += 1
    before.views.clear()
    return Answer(status=200, body={"id": before.id})


def _take_away(tenant: Tenant, request: GraphRequest) -> Answer:
    conversation = _conversation(tenant, request)
    del conversation.shown[_ours(conversation, request).id]
    return Answer(status=200)


def _members(tenant: Tenant, request: GraphRequest) -> Answer:
    conversation = _conversation(tenant, request)
    users = [user for user in tenant.directory.users.values() if _is_member(conversation, user)]
    # A list is no JSON object, which is all that an Answer holds otherwise.
    raw = json.dumps([_member_json(tenant, user) for user in users], ensure_ascii=False).encode()
    return Answer(status=200, raw=raw, headers={"content-type": "application/json; charset=utf-8"})


def _member(tenant: Tenant, request: GraphRequest) -> Answer:
    conversation = _conversation(tenant, request)
    user = _person(tenant, request.segments[5])
    if user is None or not _is_member(conversation, user):
        raise RefusedError(
            404, "MemberNotFoundInConversation", "The member ID provided couldn't be found in conversation."
        )
    return Answer(status=200, body=_member_json(tenant, user))


def _team(tenant: Tenant, request: GraphRequest) -> Answer:
    one = _channels_of(tenant, request)[0]
    return Answer(
        status=200, body={"id": tenant.chats.channel(one.team, "").id, "name": one.team, "type": "standard"}
    )


def _channels(tenant: Tenant, request: GraphRequest) -> Answer:
    found = [{"id": one.id, "name": one.name or None} for one in _channels_of(tenant, request)]
    return Answer(status=200, body={"conversations": found})


def _channels_of(tenant: Tenant, request: GraphRequest) -> list[Conversation]:
    general = tenant.chats.find(request.segments[3])
    if general is None or general.is_personal:
        raise RefusedError(404, "NotFound", "The team was not found.")
    of_team = [one for one in tenant.chats.conversations.values() if one.team == general.team]
    if not tenant.chats.has_bot(general):
        raise RefusedError(
            403, "BotNotInConversationRoster", "The bot is not part of the conversation roster."
        )
    return of_team


def _conversation(tenant: Tenant, request: GraphRequest) -> Conversation:
    found = tenant.chats.find(request.segments[3])
    if found is None:
        # Chats are there before anybody opens them.
        for user_id in tenant.teams.installed:
            tenant.chats.personal(user_id)
        found = tenant.chats.find(request.segments[3])
    if found is None:
        raise RefusedError(404, "ConversationNotFound", "Conversation not found.")
    if not tenant.chats.has_bot(found):
        raise RefusedError(
            403, "BotNotInConversationRoster", "The bot is not part of the conversation roster."
        )
    return found


def _ours(conversation: Conversation, request: GraphRequest) -> Shown:
    found = conversation.shown.get(request.segments[5])
    if found is None:
        raise RefusedError(
            404, "ActivityNotFoundInConversation", "The activity was not found in the conversation."
        )
    if found.sender != "bot":
        raise RefusedError(403, "ForbiddenOperationException", "Only the sender can change a message.")
    return found


def _read(tenant: Tenant, body: JsonObject) -> Shown:
    """A message as it will stand there. Raises RefusedError 400 for a card that is none."""
    text, attachments = body.get("text") or "", body.get("attachments") or []
    if not isinstance(text, str) or not isinstance(attachments, list):
        raise _bad("Bad format of the activity.")
    if body.get("type") == "message" and not text and not attachments:
        raise _bad("Message is empty.")
    card = _card_of(attachments)
    now = tenant.clock.now()
    return Shown(
        id=tenant.chats.new_id(now),
        sender="bot",
        time=now,
        text=text,
        card=card,
        summary=str(body.get("summary") or ""),
        reply_to=str(body.get("replyToId") or ""),
        odd=odd_parts(card) if card else [],
    )


def _card_of(attachments: list[Any]) -> JsonObject | None:
    card = None
    for one in attachments:
        if not isinstance(one, dict) or not one.get("contentType"):
            raise _bad("Attachment has no contentType.")
        if one["contentType"] == CARD_TYPE:
            wrong = refusal_of(one.get("content"))
            if wrong:
                raise _bad(f"Failed to parse Adaptive Card: {wrong}.")
            card = one["content"]
    return card


def _body(request: GraphRequest) -> JsonObject:
    if len(request.body) > MOST_BYTES:
        raise RefusedError(413, "MessageSizeTooBig", "Message size too large.")
    return request.json()


def _person(tenant: Tenant, name: str) -> User | None:
    if name in tenant.directory.users:
        return tenant.directory.users[name]
    if name.startswith(BOT):
        return None
    return next((u for u in tenant.directory.users.values() if tenant.chats.person_id(u.id) == name), None)


def _is_member(conversation: Conversation, user: User) -> bool:
    return not conversation.is_personal or conversation.user_id == user.id


def _member_json(tenant: Tenant, user: User) -> dict[str, Any]:
    return {
        "id": tenant.chats.person_id(user.id),
        "name": user.display_name,
        "aadObjectId": user.id,
        "objectId": user.id,
        "email": user.mail,
        "userPrincipalName": user.principal,
        "tenantId": tenant.chats.bot.tenant_id,
        "userRole": "user",
    }


def _hold_back(tenant: Tenant, what: str, *limits: tuple[int, float]) -> None:
    if tenant.teams.is_too_fast(f"bot {what}", time.monotonic(), *limits):
        raise RefusedError(
            429, "Throttled", "API calls quota exceeded! maximum admitted.", retry_after(tenant.settings)
        )


def _bad(message: str) -> RefusedError:
    return RefusedError(400, "BadArgument", message)


def _keys(_tenant: Tenant, _request: GraphRequest) -> Answer:
    return Answer(status=200, body=public_keys())


TABLE: tuple[tuple[str, str, Act], ...] = (
    ("POST", "teams/v3/conversations", _open),
    ("POST", "teams/v3/conversations/{}/activities", _post),
    ("POST", "teams/v3/conversations/{}/activities/{}", _post),
    ("PUT", "teams/v3/conversations/{}/activities/{}", _replace),
    ("DELETE", "teams/v3/conversations/{}/activities/{}", _take_away),
    ("GET", "teams/v3/conversations/{}/members", _members),
    ("GET", "teams/v3/conversations/{}/members/{}", _member),
    ("GET", "teams/v3/teams/{}", _team),
    ("GET", "teams/v3/teams/{}/conversations", _channels),
    ("POST", "entra/{}/oauth2/v2.0/token", give_token),
    ("GET", "entra/{}/discovery/v2.0/keys", _keys),
    ("GET", "entra/{}/v2.0/.well-known/openid-configuration", entra_configuration),
    ("GET", "openid/.well-known/openidconfiguration", openid_configuration),
    ("GET", "openid/.well-known/keys", _keys),
)
