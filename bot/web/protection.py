"""What protects the pages.

Headers, size and rate limits, and proof that a form was filled in on our own page.

| threat | answer |
|---|---|
| a script, style or frame of somebody else | Content-Security-Policy: our own files only; script at the desk, none in a page |
| the link leaks through Referer, caches or search engines | nothing to other sites (same-origin), no-store, noindex |
| a form sent from another site | a field that belongs to a cookie (signed double submit) or to a sign-in, and the browser's word |
| guessing of links, flooding | requests per minute for each address, looks and changes per minute for each link |
| large bodies, and bodies where none belongs | refused before they are read |

Facts: OWASP cheat sheets on CSRF and HTTP headers, Fetch Metadata (W3C), checked 2026-11.
Does not decide who may do what: that is the link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.web.error_pages import browser_language, sorry
from bot.web.limits import REQUESTS, limits_of
from bot.web.problems import is_for_programs, usual_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.domain.people import Language
    from bot.web.limits import Limits

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
WITH_SCRIPT = {"Content-Security-Policy": f"{POLICY}; script-src 'self'; connect-src 'self'"}
"""For the pages that load htmx: files of ours, no `eval`, nothing that stands in a page."""
WITH_FRAMES = f"{WITH_SCRIPT['Content-Security-Policy']}; frame-src 'self'"
"""For those of them that show a document of ours in a frame, which has a stricter policy itself."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: browsers then send `Origin: null` with our own forms, and nothing tells them from
    # foreign ones.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
# Without includeSubDomains: what else the municipality serves below the same name is not ours to decide.
HSTS = "max-age=31536000"
COOKIE = "kursusbot_form"
COOKIE_SECONDS = 12 * 3600
"""A page opened in the morning can be answered after the meetings."""

SHORTEST_NONCE = 32
RETRY_AFTER_SECONDS = 60
SENDING = frozenset({"POST", "PUT"})
"""The methods that send something; the others have no body."""

LONGEST_NUMBER = 18
"""Digits of a length that is no joke; Python refuses to read thousands of them."""


class Shield:
    """Middleware: headers on every answer, sizes and rates before anything is done.

    `secure` for https; `limits` are those of the parts, the first that names a path holds.
    """

    def __init__(self, app: ASGIApp, *, secure: bool, limits: tuple[Limits, ...]) -> None:
        self._app = app
        self._limits = limits
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
                added = [
                    (name.lower().encode(), value.encode())
                    for name, value in self._always.items()
                    # Two policies would both hold.
                    if name.lower().encode() not in present
                ]
                if b"cache-control" not in present:
                    added.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        limits, is_sent = limits_of(scope["path"], self._limits), scope["method"] in SENDING
        if is_sent and limits.guards_itself:
            return None
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        language = browser_language(headers.get(b"accept-language", ""))
        if is_sent or headers.get(b"content-length", "0") != "0" or b"transfer-encoding" in headers:
            length = headers.get(b"content-length", "")
            # With both, what is read is not as long as what is said: only one of them may speak.
            if not (length.isascii() and length.isdigit()) or b"transfer-encoding" in headers:
                return _refused(scope, "too_large", language, 411)
            if len(length) > LONGEST_NUMBER or int(length) > (limits.largest_body if is_sent else 0):
                return _refused(scope, "too_large", language, 413)
        if self._is_within_rates(scope, limits):
            return None
        return _refused(scope, "too_many", language, 429, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})

    def _is_within_rates(self, scope: Scope, limits: Limits) -> bool:
        client = scope["client"][0] if scope.get("client") else "unknown"
        if not self._limiter.hit(REQUESTS, "client", client):
            return False
        is_sent, by_one = scope["method"] in SENDING, limits.sent_by_one
        if is_sent and by_one is not None and not self._limiter.hit(by_one, limits.paths[0], client):
            return False
        link = limits.link_in(scope["path"])
        which, rate = ("changes", limits.changes) if is_sent else ("looks", limits.looks)
        if link is None or rate is None:
            return True
        return self._limiter.hit(
            rate, which, hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest()
        )


def _refused(
    scope: Scope, what: str, language: Language, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """A page, or a problem where a program asks."""
    if is_for_programs(scope["path"]):
        return usual_problem(status, what, language, headers=headers)
    return sorry(what, language, status, headers=headers)


def may_have_frames(page: Response) -> Response:
    """A page that may show documents of ours in frames."""
    page.headers["Content-Security-Policy"] = WITH_FRAMES
    return page


def form_nonce(request: Request) -> str:
    """The value of the browser's form cookie, a new one where it has none."""
    nonce = request.cookies.get(COOKIE, "")
    return nonce if len(nonce) >= SHORTEST_NONCE else secrets.token_urlsafe(SHORTEST_NONCE)


def form_proof(secret: str, nonce: str, token: str) -> str:
    """What stands in the form's hidden field: it belongs to the cookie and to the link."""
    return hmac.new(secret.encode(), f"form {nonce} {token}".encode(), hashlib.sha256).hexdigest()


def is_own_form(request: Request, *, secret: str, token: str, proof: str, base_url: str) -> bool:
    """Whether a form was sent from our own page, by the browser that the page was shown in."""
    nonce = request.cookies.get(COOKIE, "")
    return (
        is_from_us(request, base_url=base_url)
        and len(nonce) >= SHORTEST_NONCE
        and hmac.compare_digest(form_proof(secret, nonce, token).encode(), proof.encode())
    )


def is_from_us(request: Request, *, base_url: str) -> bool:
    """Whether nothing that the browser says of where a form was sent from speaks against a page of ours."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    return origin is None or _origin(origin) == _origin(base_url)


def signed_in_proof(secret: str, key: str) -> str:
    """What stands in the forms of a signed-in browser, by the key of its sign-in."""
    return form_proof(secret, "signed in", key)


def is_signed_in_form(request: Request, *, secret: str, key: str, proof: str, base_url: str) -> bool:
    """Whether a form was sent from our own page, by the browser that is signed in under this key."""
    return is_from_us(request, base_url=base_url) and hmac.compare_digest(
        signed_in_proof(secret, key).encode(), proof.encode()
    )


def keep_nonce(response: Response, nonce: str, *, secure: bool, path: str = "/p/") -> None:
    """Give the browser its form cookie; it goes to our own pages only, and no script reads it.

    Not `SameSite=Strict`: opening a second link from a web mail would then replace the cookie, and break the
    form in the first tab.
    """
    response.set_cookie(
        COOKIE, nonce, max_age=COOKIE_SECONDS, path=path, secure=secure, httponly=True, samesite="lax"
    )


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port as browsers compare them; None for "null" and for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        return None
