"""Our pages in a frame of Teams: who may frame them, and how it is known that they are in one.

| page | may be framed by |
|---|---|
| `/teams/tab`, `/signin`, `/signout` | Teams' hosts |
| any other, to a browser that the tab signed in | Teams' hosts, and us where we may frame it |
| any other | nobody, or us: as without a tab |

The cookie of a tab is the browser's for Teams alone (`Partitioned`): in a tab of its own, or in a frame of
anybody else's, the browser does not show it, and then nothing may be framed. What else the browser keeps
meanwhile (for the proofs of forms) is for Teams alone as well. Without the setting none of this is there.

Facts: Microsoft's tab requirements (hosts of Teams, 2026-11), CHIPS (partitioned cookies), Fetch Metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TAB = "/teams/tab"
HOSTS = "https://teams.microsoft.com https://*.teams.microsoft.com https://teams.cloud.microsoft"
AT_THE_DOOR = frozenset({TAB, "/signin", "/signout"})
"""Where somebody in a frame is before or after they are signed in."""
NOBODY, US = "frame-ancestors 'none'", "frame-ancestors 'self'"


def tab_cookie(*, secure: bool) -> str:
    """What the cookie of a browser that was signed in by the tab is called."""
    return "__Host-kursusbot_teams" if secure else "kursusbot_teams"


def is_in_frame(request: Request, *, secure: bool) -> bool:
    """Whether the page is asked for in a frame, as far as the browser says."""
    return tab_cookie(secure=secure) in request.cookies or request.headers.get("sec-fetch-dest") == "iframe"


class TeamsFrames:
    """Middleware around everything that answers: by the table above."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app, self._cookie = app, tab_cookie(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        may_be_framed = scope["type"] == "http" and (
            scope["path"] in AT_THE_DOOR or self._cookie in Request(scope).cookies
        )

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, CHANGED.get(name.lower(), bytes)(value))
                    for name, value in message["headers"]
                    if name.lower() != b"x-frame-options"
                ]
            await send(message)

        await self._app(scope, receive, framed if may_be_framed else send)


def _for_teams(cookie: bytes) -> bytes:
    """A cookie that the browser shows in a frame of Teams, and nowhere else: of forms, of the language."""
    if b"partitioned" in cookie.lower():
        return cookie
    parts = [part for part in cookie.split(b"; ") if part.lower() not in {b"samesite=lax", b"secure"}]
    return b"; ".join([*parts, b"Secure", b"SameSite=None", b"Partitioned"])


def _opened(policy: bytes) -> bytes:
    said = policy.decode("latin-1")
    said = said.replace(NOBODY, f"frame-ancestors {HOSTS}").replace(US, f"{US} {HOSTS}")
    return said.encode("latin-1")


CHANGED = {b"content-security-policy": _opened, b"set-cookie": _for_teams}
"""The headers that say something else in a frame of Teams."""
