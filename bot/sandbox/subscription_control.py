"""The control plane's part about subscriptions and notifications; see the table in `control.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.wire import JsonObject

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.sandbox.tenant import Tenant

Reply = JsonObject | list[JsonObject]


def _subscriptions(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return [one.as_json() for one in tenant.subscriptions.living()]


def _remove(tenant: Tenant, request: Request, _body: JsonObject) -> Reply:
    found = tenant.subscriptions.find(request.path_params["which"])
    tenant.subscriptions.remove(found, tell=request.query_params.get("tell") == "true")
    return {}


def _lifecycle(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    tenant.subscriptions.tell_lifecycle(
        tenant.subscriptions.find(str(body["subscription"])), str(body["event"])
    )
    return {}


def _notifications(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return {
        "waiting": tenant.notifier.waiting,
        "delivered": [
            {
                "url": one.url,
                "items": list(one.items),
                "status": one.status,
                "milliseconds": round(one.seconds * 1000, 1),
            }
            for one in tenant.notifier.deliveries
        ],
    }


SUBSCRIPTION_ACTS: tuple[tuple[str, str, Callable[[Tenant, Request, JsonObject], Reply]], ...] = (
    ("GET", "/subscriptions", _subscriptions),
    ("DELETE", "/subscriptions/{which}", _remove),
    ("POST", "/lifecycle", _lifecycle),
    ("GET", "/notifications", _notifications),
)
