"""What protects the pages: headers, size and rate limits, and proof that a form was filled in on our own page.

| threat | answer |
|---|---|
| a script, style or frame of somebody else | Content-Security-Policy: nothing but our own files; there is no script at all |
| the link leaks through Referer, caches or search engines | nothing to other sites (same-origin), no-store, noindex |
| a form sent from another site | a cookie and a field that belong together (signed double submit), and the browser's own word |
| guessing of links, flooding | requests per minute for each address, and changes per minute for each link |
| large bodies | refused before they are read |

Facts: OWASP cheat sheets on CSRF and HTTP headers, Fetch Metadata (W3C), checked 2026-11.
Does not decide who may do what: that is the link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: browsers then send `Origin: null` with our own forms, and nothing tells them from foreign ones.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
HSTS = "max-age=31536000; includeSubDomains"
LARGEST_BODY = 16 * 1024
COOKIE = "kursusbot_form"
# A leader looks at a few pages; a mail scanner opens one link a few times; a whole municipality sits behind one address.
REQUESTS = parse("600/minute")
CHANGES = parse("20/minute")
RETRY_AFTER_SECONDS = 60


class Shield:
    """Middleware: headers on every answer, sizes and rates before anything is done. `secure` for https."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._always = dict(HEADERS) | ({"Strict-Transport-Security": HSTS} if secure else {})
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [(name.lower().encode(), value.encode()) for name, value in self._always.items()]
                if b"cache-control" not in present:
                    added.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if scope["method"] == "POST":
            length = headers.get(b"content-length", b"")
            if not length.isdigit():
                return PlainTextResponse("Length required", status_code=411)
            if int(length) > LARGEST_BODY:
                return PlainTextResponse("Too large", status_code=413)
        client = scope["client"][0] if scope.get("client") else "unknown"
        allowed = self._limiter.hit(REQUESTS, "client", client)
        if allowed and scope["method"] == "POST":
            allowed = self._limiter.hit(CHANGES, "path", hashlib.sha256(scope["path"].encode()).hexdigest())
        if allowed:
            return None
        return PlainTextResponse("Too many requests", status_code=429, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def form_nonce(request: Request) -> str:
    """The value of the browser's form cookie, a new one where it has none."""
    nonce = request.cookies.get(COOKIE, "")
    return nonce if len(nonce) >= 32 else secrets.token_urlsafe(32)  # noqa: PLR2004 - shorter than any we made


def form_proof(secret: str, nonce: str, token: str) -> str:
    """What stands in the form's hidden field: it belongs to the cookie and to the link."""
    return hmac.new(secret.encode(), f"form {nonce} {token}".encode(), hashlib.sha256).hexdigest()


def is_own_form(request: Request, *, secret: str, token: str, proof: str, base_url: str) -> bool:
    """Whether a form was sent from our own page, by the browser that the page was shown in."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin)[:2] != urlsplit(base_url)[:2]:
        return False
    nonce = request.cookies.get(COOKIE, "")
    return bool(nonce) and hmac.compare_digest(form_proof(secret, nonce, token), proof)


def keep_nonce(response: Response, nonce: str, *, secure: bool) -> None:
    """Give the browser its form cookie; it goes to our own pages only, and no script reads it."""
    response.set_cookie(COOKIE, nonce, max_age=3600, path="/p/", secure=secure, httponly=True, samesite="strict")
