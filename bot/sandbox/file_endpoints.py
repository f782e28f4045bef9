"""What Graph answers about a file in SharePoint: by a sharing link and by its drive item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.files import DriveFile, Files
from bot.sandbox.odata import parse_select
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant


def read_shared_item(tenant: Tenant, request: GraphRequest, share: str) -> Answer:
    """GET shares/{id}/driveItem."""
    return _item(tenant, request, tenant.files.by_share(share))


def read_shared_content(tenant: Tenant, request: GraphRequest, share: str) -> Answer:
    """GET shares/{id}/driveItem/content."""
    return _content(tenant, request, tenant.files.by_share(share))


def read_item(tenant: Tenant, request: GraphRequest, drive: str, item: str) -> Answer:
    """GET drives/{id}/items/{id}."""
    return _item(tenant, request, tenant.files.by_id(drive, item))


def read_content(tenant: Tenant, request: GraphRequest, drive: str, item: str) -> Answer:
    """GET drives/{id}/items/{id}/content."""
    return _content(tenant, request, tenant.files.by_id(drive, item))


def _item(tenant: Tenant, request: GraphRequest, found: DriveFile) -> Answer:
    root = request.base_url.removesuffix("/v1.0")
    everything: JsonObject = {
        "@microsoft.graph.downloadUrl": root + tenant.files.link(found),
        "id": found.item_id,
        "name": found.name,
        "size": len(found.content),
        "eTag": found.e_tag,
        "cTag": found.c_tag,
        "createdDateTime": f"{found.created:%Y-%m-%dT%H:%M:%SZ}",
        "lastModifiedDateTime": f"{found.modified:%Y-%m-%dT%H:%M:%SZ}",
        "lastModifiedBy": {"user": {"displayName": found.modified_by} | _email(found)},
        "webUrl": found.web_url,
        "parentReference": {"driveId": Files.DRIVE_ID, "driveType": "documentLibrary"},
        "file": {"mimeType": "application/octet-stream"},
    }
    if _unchanged(request, found):
        return Answer(status=304)
    select = parse_select(request.query.get("$select"), frozenset(k for k in everything if k[0] != "@"))
    return Answer(
        status=200, body={k: v for k, v in everything.items() if select is None or k in select or k[0] == "@"}
    )


def _content(tenant: Tenant, request: GraphRequest, found: DriveFile) -> Answer:
    if _unchanged(request, found):
        return Answer(status=304)
    if found.is_locked:
        raise RefusedError(423, "resourceLocked", "The file is locked for editing.")
    root = request.base_url.removesuffix("/v1.0")
    return Answer(status=302, headers={"location": root + tenant.files.link(found)})


def _email(found: DriveFile) -> JsonObject:
    """SharePoint tells it of people, and not of apps; the documentation does not mention it."""
    return {"email": found.email} if found.email else {}


def _unchanged(request: GraphRequest, found: DriveFile) -> bool:
    return request.headers.get("if-none-match") in (found.e_tag, found.c_tag)
