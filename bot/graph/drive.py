"""A plan that lies in SharePoint or OneDrive: which file it is, who saved it last, and its bytes.

| the plan is named by                    | asked                                        | permission that is enough |
|-----------------------------------------|----------------------------------------------|---|
| a sharing link, once                    | `/shares/{link}/driveItem`                   | Files.Read.All |
| `drives/{drive}/items/{item}`, and a link from then on | `/drives/{drive}/items/{item}` | a grant on the file or its site (`Selected`) |

A look is one request for a few properties; the content is fetched when its tag (`cTag`) is another. Graph
answers the content request with 302 to a pre-authenticated address that is good for minutes: it is fetched
without our token and never logged, because whoever has it can read the file. The link itself is masked in
logs for the same reason. Writes nothing; a plan is never written back. Facts: graph-facts section 11,
2026-11-22; graph-facts-checked section 22.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.errors import (
    GraphError,
    GraphGone,
    GraphRefused,
    GraphUnclear,
    InputError,
    PermissionMissing,
)
from bot.domain.plan_files import SavedFile
from bot.domain.plan_places import place_named
from bot.graph.calls import Call, segment
from bot.graph.gate import FILES
from bot.graph.retry import backoff

if TYPE_CHECKING:
    from bot.domain.plan_places import FilePlace
    from bot.graph.calls import GraphAnswer, JsonObject
    from bot.graph.client import GraphClient

# More than any plan; the plan reader has its own limits for what is inside.
MOST_BYTES = 20 * 1024 * 1024
# The pre-authenticated address may expire between two tries, so each try asks for a new one.
ATTEMPTS = 3
NAME_SECONDS = 10.0
"""How long a name is waited for."""
SELECT = "id,name,size,cTag,webUrl,lastModifiedDateTime,lastModifiedBy,parentReference,file"
# What Graph answers while it has too much to do, and while somebody holds the file.
BUSY, LOCKED = frozenset({429, 503}), 423


async def look_at_file(
    client: GraphClient, where: str, known: FilePlace | None = None, *, patience_seconds: float | None = None
) -> SavedFile:
    """Which file it is and who saved it last: one request, and a second where the file is no longer there.

    `where` is a sharing link or `drives/{drive}/items/{item}`, `known` the place that it led to before.

    Raises InputError for what is no link, no file, a link or place that leads nowhere, and a locked file;
    GraphError for the rest.
    """
    deadline = None if patience_seconds is None else client.pace.monotonic() + patience_seconds
    named = place_named(where)
    place = named or known
    if place is not None:
        try:
            return _saved(await _ask(client, _at(place), deadline), place)
        except GraphGone:
            if named is not None:
                raise InputError("graph_file_gone") from None
    try:
        return _saved(await _ask(client, _shared(where), deadline), None)
    except GraphGone:
        # Of a link that led somewhere before, more is known than that it is wrong.
        raise InputError("graph_link_gone" if known is None else "graph_file_gone") from None


async def fetch_file(client: GraphClient, place: FilePlace, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of the file. Raises as `fetch_shared_file`, with `graph_file_gone`."""
    try:
        return await _fetch(client, _at(place), most_bytes)
    except GraphGone:
        raise InputError("graph_file_gone") from None


async def fetch_shared_file(client: GraphClient, where: str, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of the file behind a sharing link, or at `drives/{drive}/items/{item}`.

    Raises InputError for what is no link, a link that leads nowhere, a locked file, and one over
    `most_bytes`; GraphError for the rest (PermissionMissing names Files.Read.All).
    """
    place = place_named(where)
    if place is not None:
        return await fetch_file(client, place, most_bytes=most_bytes)
    try:
        return await _fetch(client, _shared(where), most_bytes)
    except GraphGone:
        raise InputError("graph_link_gone") from None


def require_size(saved: SavedFile, *, most_bytes: int = MOST_BYTES) -> None:
    """Raises InputError where the file need not even be fetched, because it is over `most_bytes`."""
    if saved.size > most_bytes:
        raise InputError("graph_link_too_large", most=most_bytes // 1024**2)


def share_id(url: str) -> str:
    """A sharing link as Graph's `shares` take it: `u!` and base64url without padding."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def _at(place: FilePlace) -> str:
    return f"/drives/{segment(place.drive)}/items/{segment(place.item)}"


def _shared(url: str) -> str:
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise InputError("graph_link_invalid")
    return f"/shares/{share_id(url)}/driveItem"


async def _ask(client: GraphClient, path: str, deadline: float | None) -> JsonObject:
    call = Call(method="GET", gate=FILES, path=path, query={"$select": SELECT})
    return (await _send(client, call, deadline)).json()


async def _fetch(client: GraphClient, path: str, most_bytes: int) -> bytes:
    call = Call(method="GET", gate=FILES, path=f"{path}/content", headers={"Accept": "*/*"})
    for attempt in range(ATTEMPTS):
        answer = await _send(client, call)
        location = answer.headers.get("location")
        if location is None:
            if len(answer.content) > most_bytes:
                raise InputError("graph_link_too_large", most=most_bytes // 1024**2)
            return answer.content
        try:
            return await client.download(location, most_bytes=most_bytes)
        except GraphUnclear:
            if attempt == ATTEMPTS - 1:
                raise
            await client.pace.sleep(backoff(attempt, chance=client.pace.chance()))
    raise AssertionError


class GraphFiles:
    """What Graph tells of the files of plans. Implements `bot.ports.revisions.SharedFiles`."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def saved_by(self, link: str) -> tuple[str, str]:
        """What the file is called, and who saved it last; "" for what is not told.

        Raises InputError for what is no link, GraphError for the rest: `driveItem` of a sharing link needs a
        larger permission than its content. Waits for no more than `NAME_SECONDS`, for nothing hangs on it.
        """
        place = place_named(link)
        call = Call(
            method="GET",
            gate=FILES,
            path=_shared(link) if place is None else _at(place),
            query={"$select": "name,lastModifiedBy"},
        )
        answer = await self._client.send(call, deadline=self._client.pace.monotonic() + NAME_SECONDS)
        item = answer.json()
        user = (item.get("lastModifiedBy") or {}).get("user") or {}
        return _text(item, "name"), _text(user, "displayName") or _text(user, "email")


async def _send(client: GraphClient, call: Call, deadline: float | None = None) -> GraphAnswer:
    """As `GraphClient.send`; what it refuses in words about a file."""
    try:
        return await client.send(call, deadline=deadline)
    except PermissionMissing as error:
        if call.path.startswith("/shares/"):
            raise
        raise _again(error, "graph_file_denied", permission=error.params["permission"]) from None
    except (GraphRefused, GraphUnclear) as error:
        if error.status == LOCKED:
            raise InputError("graph_file_locked") from None
        if error.status in BUSY:
            raise _again(error, "graph_file_busy") from None
        raise


def _again(error: GraphError, code: str, **params: object) -> GraphError:
    return type(error)(
        code,
        status=error.status,
        graph_code=error.graph_code,
        request_id=error.request_id,
        call=error.call,
        **params,
    )


def _saved(found: JsonObject, asked: FilePlace | None) -> SavedFile:
    if not isinstance(found.get("file"), dict):
        raise InputError("graph_link_no_file")
    told = _text(found.get("parentReference") or {}, "driveId"), _text(found, "id")
    drive, item = told if asked is None else (asked.drive, asked.item)
    if not drive or not item:
        raise GraphRefused("graph_unreadable", call="GET /drives/…")
    by = (found.get("lastModifiedBy") or {}).get("user") or {}
    return SavedFile(
        drive=drive,
        item=item,
        name=_text(found, "name"),
        web_address=_text(found, "webUrl"),
        c_tag=_text(found, "cTag"),
        saved_by=_text(by, "displayName"),
        saved_by_email=_text(by, "email").strip().lower(),
        saved_at=_instant(found.get("lastModifiedDateTime")),
        size=int(found.get("size") or 0),
    )


def _text(told: JsonObject, name: str) -> str:
    return str(told.get(name) or "")


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None
