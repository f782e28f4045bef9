"""Graph's catalogue of Teams apps, and for whom ours is installed.

    GET    /appCatalogs/teamsApps                        by `externalId`, the id in the manifest
    GET    /users/{who}/teamwork/installedApps           `$expand`, and a filter on `teamsApp/…`
    POST   /users/{who}/teamwork/installedApps           201 without a body; 409 where it is
    GET    …/installedApps/{which}, …/{which}/chat       the chat, by its id in Graph
    DELETE …/installedApps/{which}                       204

The catalogue has ids of its own, which are not the manifest's. What was only uploaded for oneself
(`distributionMethod` `sideloaded`) cannot be installed for others. Whoever installs, the bot is told. Facts:
graph-facts section 7, graph-facts-checked section 23, the examples of the contract folder (2026-11).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.directory import Purpose, User
from bot.sandbox.odata import parse_filter, parse_select
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

VERSION = "1.0.0"
APP_PROPERTIES = frozenset({"id", "externalId", "displayName", "distributionMethod"})
BIND = re.compile(r"https?://[^/]+/v1\.0/appCatalogs/teamsApps(?:/|\(')([^/']+?)(?:'\))?", re.IGNORECASE)
EXPANDED = {"teamsapp": "teamsApp", "teamsappdefinition": "teamsAppDefinition"}


def list_catalogue(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET appCatalogs/teamsApps."""
    app = _app(tenant)
    shown = parse_select(request.query.get("$select"), APP_PROPERTIES) or APP_PROPERTIES
    is_found = tenant.settings.app_found_by_manifest and _holds(request, APP_PROPERTIES, app.get)
    found = [app] if is_found else []
    return _list("appCatalogs/teamsApps", [{k: v for k, v in one.items() if k in shown} for one in found])


def list_installed(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET installedApps."""
    user = _user(tenant, who)
    expanded = _expanded(request)
    app = _app(tenant)

    def look(path: str) -> Any:
        return app.get(path.removeprefix("teamsApp/"))

    is_there = user.id in tenant.teams.installed and _holds(request, frozenset({"teamsApp"}), look)
    shown = [_installation(tenant, user, expanded)] if is_there else []
    return _list(f"users('{who}')/teamwork/installedApps", shown)


def install(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST installedApps."""
    user = _user(tenant, who)
    bound = BIND.fullmatch(str(request.json().get("teamsApp@odata.bind", "")))
    if bound is None:
        raise bad_request("Invalid value specified for property 'teamsApp' of resource.", "BadRequest")
    bot = tenant.chats.bot
    if bound[1] != bot.catalogue_id:
        raise RefusedError(404, "NotFound", f"App with id '{bound[1]}' is not found in the app catalog.")
    if bot.distribution != "organization":
        raise RefusedError(403, "Forbidden", "The app is not published to the organization's catalog.")
    if user.id in tenant.settings.app_forbidden_for:
        raise RefusedError(403, "Forbidden", "The app is blocked by app permission policy.")
    if user.id in tenant.teams.installed and tenant.settings.repeated_install_taken:
        return Answer(status=201)
    if user.id in tenant.teams.installed:
        raise RefusedError(409, "Conflict", "The app is already installed in the specified scope.")
    tenant.teams.installed.add(user.id)
    _tell(tenant, request, user, added=True)
    path = f"/users/{user.id}/teamwork/installedApps/{installation_id(tenant, user)}"
    return Answer(status=201, headers={"location": path})


def read_installed(tenant: Tenant, request: GraphRequest, who: str, which: str) -> Answer:
    """GET one installation."""
    user = _installed(tenant, who, which)
    return Answer(status=200, body=_installation(tenant, user, _expanded(request)))


def read_chat(tenant: Tenant, _request: GraphRequest, who: str, which: str) -> Answer:
    """GET the chat of the person with the app."""
    user = _installed(tenant, who, which)
    context = "https://graph.microsoft.com/v1.0/$metadata#chats/$entity"
    body = {
        "@odata.context": context,
        "id": tenant.chats.graph_id(user.id),
        "topic": None,
        "chatType": "oneOnOne",
    }
    return Answer(status=200, body=body | {"tenantId": tenant.chats.bot.tenant_id})


def uninstall(tenant: Tenant, request: GraphRequest, who: str, which: str) -> Answer:
    """DELETE one installation."""
    user = _installed(tenant, who, which)
    tenant.teams.installed.discard(user.id)
    _tell(tenant, request, user, added=False)
    return Answer(status=204)


def installation_id(tenant: Tenant, user: User) -> str:
    """What Graph calls the installation: person and app."""
    return b64encode(f"{user.id}##{tenant.chats.bot.catalogue_id}".encode()).decode()


def _app(tenant: Tenant) -> JsonObject:
    bot = tenant.chats.bot
    return {
        "id": bot.catalogue_id,
        "externalId": bot.manifest_id,
        "displayName": bot.name,
        "distributionMethod": bot.distribution,
    }


def _installation(tenant: Tenant, user: User, expanded: set[str]) -> JsonObject:
    bot = tenant.chats.bot
    shown: JsonObject = {"id": installation_id(tenant, user)}
    if "teamsApp" in expanded:
        shown["teamsApp"] = _app(tenant)
    if "teamsAppDefinition" in expanded:
        shown["teamsAppDefinition"] = {
            "id": b64encode(f"{bot.catalogue_id}##{VERSION}".encode()).decode(),
            "teamsAppId": bot.catalogue_id,
            "displayName": bot.name,
            "version": VERSION,
        }
    return shown


def _installed(tenant: Tenant, who: str, which: str) -> User:
    user = _user(tenant, who)
    if user.id not in tenant.teams.installed or which != installation_id(tenant, user):
        raise RefusedError(404, "NotFound", "No app installation was found for the given id.")
    return user


def _user(tenant: Tenant, who: str) -> User:
    """Somebody with Teams. Raises RefusedError 404 for nobody, and for a mailbox or a room."""
    user = tenant.directory.find_principal(who)
    if user is None or user.purpose is not Purpose.USER:
        raise RefusedError(404, "NotFound", f"User '{who}' was not found.")
    return user


def _holds(request: GraphRequest, known: frozenset[str], look: Callable[[str], Any]) -> bool:
    text = request.query.get("$filter")
    return text is None or parse_filter(text, lambda head: head in known)(look)


def _expanded(request: GraphRequest) -> set[str]:
    asked = [one.strip() for one in request.query.get("$expand", "").split(",") if one.strip()]
    unknown = [one for one in asked if one.lower() not in EXPANDED]
    if unknown:
        raise bad_request(f"Parsing OData Select and Expand failed: '{unknown[0]}'.", "BadRequest")
    return {EXPANDED[one.lower()] for one in asked}


def _list(context: str, found: list[JsonObject]) -> Answer:
    head = f"https://graph.microsoft.com/v1.0/$metadata#{context}"
    return Answer(status=200, body={"@odata.context": head, "@odata.count": len(found), "value": found})


def _tell(tenant: Tenant, request: GraphRequest, user: User, *, added: bool) -> None:
    origin = request.base_url.removesuffix("/v1.0")
    tenant.clients.soon(tenant.clients.tell_of_app(user, origin, added=added))
