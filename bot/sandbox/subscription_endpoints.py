"""Graph's `/subscriptions`: made with a handshake while the request is open, listed, renewed, removed.

The rights are those of the resource, so they are looked at here and not in the table of routes. Facts:
graph-facts section 4 (2026-11-22).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.subscriptions import Subscription
    from bot.sandbox.tenant import Tenant


async def create_subscription(tenant: Tenant, request: GraphRequest) -> Answer:
    """POST: both addresses are called, one after the other, before it is answered."""
    found = tenant.subscriptions.read(request.json(), immutable=request.wants_immutable_ids)
    if found.kind != "drive":
        tenant.mailbox(found.holder)
    _require_right(tenant, found)
    tenant.subscriptions.require_single(found)
    for url in (found.notification_url, found.lifecycle_url):
        if url is not None and not await asyncio.to_thread(tenant.notifier.validate, url):
            message = (
                "Subscription validation request failed. Notification endpoint must respond with 200 OK to "
                "validation request."
            )
            raise bad_request(message, "ValidationError")
    tenant.subscriptions.keep(found)
    return Answer(
        status=201,
        body={"@odata.context": f"{request.base_url}/$metadata#subscriptions/$entity", **found.as_json()},
    )


def list_subscriptions(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET all of the app's."""
    value: list[JsonObject] = [one.as_json() for one in tenant.subscriptions.living()]
    return Answer(
        status=200, body={"@odata.context": f"{request.base_url}/$metadata#subscriptions", "value": value}
    )


def read_subscription(tenant: Tenant, _request: GraphRequest, subscription_id: str) -> Answer:
    """GET one."""
    return Answer(status=200, body=tenant.subscriptions.find(subscription_id).as_json())


def renew_subscription(tenant: Tenant, request: GraphRequest, subscription_id: str) -> Answer:
    """PATCH the expiry."""
    found = tenant.subscriptions.find(subscription_id)
    tenant.subscriptions.renew(found, request.json())
    return Answer(status=200, body=found.as_json())


def reauthorize_subscription(tenant: Tenant, _request: GraphRequest, subscription_id: str) -> Answer:
    """POST reauthorize: the rights are looked at again."""
    _require_right(tenant, tenant.subscriptions.find(subscription_id))
    return Answer(status=204)


def delete_subscription(tenant: Tenant, _request: GraphRequest, subscription_id: str) -> Answer:
    """DELETE."""
    tenant.subscriptions.remove(tenant.subscriptions.find(subscription_id))
    return Answer(status=204)


def _require_right(tenant: Tenant, subscription: Subscription) -> None:
    granted = tenant.settings.roles
    if granted is not None and not tenant.subscriptions.rights(subscription.kind) & granted:
        raise RefusedError(
            403,
            "ExtensionError",
            "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied.]",
        )
