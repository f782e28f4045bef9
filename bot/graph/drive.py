"""A plan that lies in SharePoint or OneDrive: the bytes behind a sharing link.

Graph answers the content request with 302 to a pre-authenticated address that is good for minutes: it
is fetched without our token and never logged, because whoever has it can read the file. The link
itself is masked in logs for the same reason. Writes nothing; a plan is never written back. Facts:
graph-facts section 11, 2026-11-22.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import GraphGone, GraphUnclear, InputError
from bot.graph.calls import Call
from bot.graph.gate import FILES
from bot.graph.retry import backoff

if TYPE_CHECKING:
    from bot.graph.client import GraphClient

# More than any plan; the plan reader has its own limits for what is inside.
MOST_BYTES = 20 * 1024 * 1024
# The pre-authenticated address may expire between two tries, so each try asks for a new one.
ATTEMPTS = 3
NAME_SECONDS = 10.0
"""How long a name is waited for."""


async def fetch_shared_file(client: GraphClient, url: str, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of the file behind a sharing link.

    Raises InputError for what is no link, a link that leads nowhere, and a file over `most_bytes`;
    GraphError for the rest (PermissionMissing names Files.Read.All).
    """
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise InputError("graph_link_invalid")
    call = Call(
        method="GET", gate=FILES, path=f"/shares/{share_id(url)}/driveItem/content", headers={"Accept": "*/*"}
    )
    for attempt in range(ATTEMPTS):
        try:
            answer = await client.send(call)
        except GraphGone:
            raise InputError("graph_link_gone") from None
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
    """What Graph tells of files behind sharing links. Implements `bot.ports.revisions.SharedFiles`."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def saved_by(self, link: str) -> tuple[str, str]:
        """What the file is called, and who saved it last; "" for what is not told.

        Raises InputError for what is no link, GraphError for the rest: `driveItem` of a sharing link needs a
        larger permission than its content. Waits for no more than `NAME_SECONDS`, for nothing hangs on it.
        """
        if urlsplit(link).scheme not in {"https", "http"} or not urlsplit(link).hostname:
            raise InputError("graph_link_invalid")
        call = Call(
            method="GET",
            gate=FILES,
            path=f"/shares/{share_id(link)}/driveItem",
            query={"$select": "name,lastModifiedBy"},
        )
        answer = await self._client.send(call, deadline=self._client.pace.monotonic() + NAME_SECONDS)
        item = answer.json()
        user = (item.get("lastModifiedBy") or {}).get("user") or {}
        return str(item.get("name") or ""), str(user.get("displayName") or user.get("email") or "")


def share_id(url: str) -> str:
    """A sharing link as Graph's `shares` take it: `u!` and base64url without padding."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
