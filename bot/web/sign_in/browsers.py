"""Which browser is whose: a cookie that says nothing, and the books that know who it is.

| threat | answer |
|---|---|
| a cookie that was made up, or changed | signed, and looked for in the books by the digest of 256 bits of chance |
| the books are read by somebody | they hold digests; nobody becomes anybody by them |
| a cookie from before signing in (fixation) | every sign-in makes a new one |
| a script, another site, plain http | HttpOnly, SameSite=Lax, `__Host-` and Secure with https |
| a browser left alone, a role taken away | two hours without a page, ten hours in all (`bot.domain.sign_in`) |
| stolen, or a browser that cannot be reached any more | signing out everywhere ends all of a person's at once |

Facts: OWASP session management cheat sheet, RFC 6265bis (cookie prefixes), checked 2026-11.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, Signer

from bot.domain.sign_in import IDLE, LONGEST, SEEN_EVERY, SignIn, has_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from bot.domain.sign_in import Visitor
    from bot.ports.sign_ins import SignInBook

COOKIE = "kursusbot"
SALT = "kursusbot sign-in"


class Browsers:
    """The signed-in browsers of one installation. `keys` sign, the first one what is new; `now` gives UTC."""

    def __init__(
        self, book: SignInBook, keys: Sequence[str], now: Callable[[], datetime], *, secure: bool
    ) -> None:
        self._book, self._now, self._secure = book, now, secure
        self._signer = Signer(list(reversed(keys)), salt=SALT, digest_method=hashlib.sha256)
        self._cookie = f"__Host-{COOKIE}" if secure else COOKIE

    def begin(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Sign somebody in with the answer to their browser; raises DatabaseFailed.

        What the browser showed before is nobody's from then on.
        """
        now = self._now()
        if before := self._key(request):
            self._book.end(before)
        self._book.let_go(begun_before=now - LONGEST, seen_before=now - IDLE)
        shown = secrets.token_urlsafe(32)
        self._book.begin(SignIn(key=_digest(shown), visitor=visitor, begun_at=now, seen_at=now))
        response.set_cookie(
            self._cookie,
            self._signer.sign(shown).decode(),
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def whose(self, request: Request) -> SignIn | None:
        """Who is signed in with this browser, None for nobody (any more); raises DatabaseFailed."""
        key = self._key(request)
        found = self._book.load(key) if key else None
        now = self._now()
        if found is None or has_ended(found, now=now):
            return None
        if now - found.seen_at >= SEEN_EVERY:
            self._book.note_seen(found.key, now)
        return found

    def end(self, request: Request, response: Response, *, everywhere: bool) -> None:
        """Sign the browser out, or all of the person's; raises DatabaseFailed."""
        found = self.whose(request)
        if found is not None and everywhere:
            self._book.end_all(found.visitor.subject)
        elif found is not None:
            self._book.end(found.key)
        response.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _key(self, request: Request) -> str:
        try:
            return _digest(self._signer.unsign(request.cookies.get(self._cookie, "")).decode())
        except (BadSignature, UnicodeError):
            return ""


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
