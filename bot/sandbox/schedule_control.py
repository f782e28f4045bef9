"""The control plane's part about rooms and what people's calendars hold; see the table in `control.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.wire import JsonObject

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.sandbox.tenant import Tenant

Reply = JsonObject | list[JsonObject]


def _add_room(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    room = tenant.directory.add_room(body.pop("display_name"), body.pop("mail"), **body)
    return {"id": room.id, "mail": room.mail}


def _fill(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    """What else stands in a person's calendar, and what the service says of them instead."""
    address = str(body["person"]).lower()
    user = tenant.directory.find_user(address)
    if "items" in body:
        if user is None:
            raise ValueError(f"there is no user {address}")
        tenant.free_busy.add(user.id, body["items"])
    if body.get("error"):
        tenant.free_busy.errors[address] = str(body["error"])
    for name, those in (("left_out", tenant.free_busy.left_out), ("null_items", tenant.free_busy.null_items)):
        if body.get(name):
            those.add(address)
    return {"items": len(tenant.free_busy.occupations.get(user.id, ())) if user else 0}


def _empty(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.free_busy.clear()
    return {}


SCHEDULE_ACTS: tuple[tuple[str, str, Callable[[Tenant, Request, JsonObject], Reply]], ...] = (
    ("POST", "/rooms", _add_room),
    ("POST", "/schedules", _fill),
    ("DELETE", "/schedules", _empty),
)
