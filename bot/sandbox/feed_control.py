"""The control plane's part about feeds, posts in channels, and for whom the Teams app is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.wire import JsonObject

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.sandbox.tenant import Tenant

Reply = JsonObject | list[JsonObject]


def _feed(tenant: Tenant, request: Request, _body: JsonObject) -> Reply:
    to = request.query_params.get("to", "").lower()
    return [item.as_json() for item in tenant.teams.all_items() if to in ("", item.to)]


def _posts(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return [post.as_json() for post in tenant.teams.posts]


def _clear_feed(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.teams.clear()
    return {}


def _teams_app(tenant: Tenant, request: Request, body: JsonObject) -> Reply:
    origin = f"{request.url.scheme}://{request.url.netloc}"
    for change, act in (("add", tenant.teams.installed.add), ("remove", tenant.teams.installed.discard)):
        for who in body.get(change, ()):
            user = tenant.directory.find_user(str(who))
            if user is None:
                raise ValueError(f"there is no user {who}")
            was_there = user.id in tenant.teams.installed
            act(user.id)
            if was_there != (user.id in tenant.teams.installed):
                tell = tenant.clients.tell_of_app(user, origin, added=change == "add")
                tenant.clients.soon(tell)
    return {"installed": len(tenant.teams.installed)}


FEED_ACTS: tuple[tuple[str, str, Callable[[Tenant, Request, JsonObject], Reply]], ...] = (
    ("GET", "/feed", _feed),
    ("DELETE", "/feed", _clear_feed),
    ("GET", "/posts", _posts),
    ("POST", "/teams-app", _teams_app),
)
