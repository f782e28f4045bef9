"""Graph's activity notifications: to one person, and to many at once.

    to one      204; 403 where the app is not installed for them, 404 for nobody
    both        409 where two apps have our application id and none is named (seen; `feed_two_apps`)
    to many     202 whoever the recipients are; who has no app gets nothing. 412 for a token with less than 45 minutes to go

Preconditions (the right comes with the installation of the app, whose manifest asks for it): an activity type
of the manifest with its parameters, a topic with a Teams link where it is a text, a preview. Five and two
requests a second. Facts: graph-facts sections 5 and 7 (2026-11-22).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.directory import User
from bot.sandbox.teams import PARAMETER, PREVIEW_SHOWN, FeedItem
from bot.sandbox.traffic import retry_after
from bot.sandbox.wire import Answer, GraphRequest, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

KEYS = frozenset(
    {"topic", "activityType", "chainId", "previewText", "teamsAppId", "templateParameters", "iconId"}
)
MOST_RECIPIENTS = 100
RECIPIENT = "microsoft.graph.aadUserNotificationRecipient"


def notify_one(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST sendActivityNotification."""
    _hold_back(tenant, "one", tenant.settings.activities_per_second)
    user = tenant.directory.find_principal(who)
    if user is None:
        raise RefusedError(404, "NotFound", "User not found.")
    body = request.json()
    if set(body) - KEYS:
        raise _bad("Invalid parameter in the request body.")
    _require_one_app(tenant, body)
    if user.id not in tenant.teams.installed:
        raise RefusedError(403, "Forbidden", "The app is not installed in the scope of the recipient.")
    tenant.teams.show(user.id, _read(tenant, body, user, to_many=False))
    return Answer(status=204)


def notify_many(tenant: Tenant, request: GraphRequest) -> Answer:
    """POST sendActivityNotificationToRecipients."""
    _hold_back(tenant, "many", tenant.settings.bulk_activities_per_second)
    if request.headers.get("authorization", "").partition(" ")[2] in tenant.settings.old_tokens:
        raise RefusedError(412, "PreconditionFailed", "The token must be valid for at least 45 more minutes.")
    body = request.json()
    recipients = body.get("recipients")
    if (
        set(body) - KEYS - {"recipients"}
        or not isinstance(recipients, list)
        or not 1 <= len(recipients) <= MOST_RECIPIENTS
    ):
        raise _bad("recipients is a list of 1 to 100.")
    _require_one_app(tenant, body)
    ids = []
    for one in recipients:
        if str(one.get("@odata.type", "")).lstrip("#") != RECIPIENT or not one.get("userId"):
            raise _bad("Each recipient is an aadUserNotificationRecipient.")
        ids.append(str(one["userId"]))
    users = [user for user in map(tenant.directory.find_principal, ids) if user is not None]
    for user in users:
        item = _read(tenant, body, user, to_many=True)
        if user.id in tenant.teams.installed:
            tenant.teams.show(user.id, item)
    return Answer(status=202)


def _read(tenant: Tenant, body: dict[str, Any], user: User, *, to_many: bool) -> FeedItem:
    """What the person will see. Raises RefusedError 400 for the first thing that is wrong, in this order."""
    topic, web_url = _topic(body)
    preview = _preview(body)
    chain_id = _chain_id(body)
    shown = _text_of_activity(tenant, body)
    return FeedItem(
        to=(user.mail or user.upn).lower(),
        time=tenant.clock.now(),
        activity_type=str(body["activityType"]),
        topic=topic,
        web_url=web_url,
        text=shown,
        preview=preview,
        chain_id=chain_id,
        to_many=to_many,
    )


def _topic(body: dict[str, Any]) -> tuple[str, str]:
    """What it is about, and where a click leads ("": where the topic is)."""
    topic = body.get("topic")
    if (
        not isinstance(topic, dict)
        or topic.get("source") not in {"text", "entityUrl"}
        or not topic.get("value")
    ):
        raise _bad("topic needs source and value.")
    web_url = str(topic.get("webUrl") or "")
    if topic["source"] == "text" and not web_url.startswith("https://teams.microsoft.com/l/"):
        raise _bad("topic.webUrl must be a Teams deep link when source is text.")
    return str(topic["value"]), web_url


def _preview(body: dict[str, Any]) -> str:
    preview = body.get("previewText")
    if not isinstance(preview, dict) or not preview.get("content"):
        raise _bad("previewText needs content.")
    return str(preview["content"])[:PREVIEW_SHOWN]


def _chain_id(body: dict[str, Any]) -> int | None:
    chain_id = body.get("chainId")
    if chain_id is None:
        return None
    if isinstance(chain_id, bool) or not isinstance(chain_id, int):
        raise _bad("chainId is a number.")
    return chain_id


def _text_of_activity(tenant: Tenant, body: dict[str, Any]) -> str:
    """The text that the app's manifest has for this type, with the parameters in it."""
    template = tenant.teams.activity_types.get(str(body.get("activityType")))
    if template is None:
        raise _bad("activityType is not declared in the manifest of the app.")
    sent = {
        str(parameter["name"]): str(parameter["value"]) for parameter in body.get("templateParameters") or ()
    }
    values = sent | {"actor": "Kurser"}
    missing = set(PARAMETER.findall(template)) - set(values)
    if missing:
        raise _bad(f"templateParameters lacks {', '.join(sorted(missing))}.")
    return PARAMETER.sub(lambda name: values[name[1]], template)


def _hold_back(tenant: Tenant, what: str, a_second: int) -> None:
    if tenant.teams.is_too_fast(what, time.monotonic(), (a_second, 1.0)):
        raise RefusedError(429, "TooManyRequests", "Too many requests.", retry_after(tenant.settings))


def _require_one_app(tenant: Tenant, body: dict[str, Any]) -> None:
    if tenant.settings.feed_two_apps and not body.get("teamsAppId"):
        message = (
            "Found multiple applications with the same AAD App ID. A Teams Application ID is required to "
            "disambiguate."
        )
        raise RefusedError(409, "Conflict", message)


def _bad(message: str) -> RefusedError:
    return RefusedError(400, "BadRequest", message)
