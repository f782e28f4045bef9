"""Which browser is whose: a cookie that says nothing, and the books that know who it is.

| threat | answer |
|---|---|
| a cookie that was made up, or changed | signed, and looked for in the books by the digest of 256 bits of chance |
| the books are read by somebody | they hold digests; nobody becomes anybody by them |
| a cookie from before signing in (fixation) | every sign-in makes a new one |
| a script, another site, plain http | HttpOnly, SameSite=Lax, `__Host-` and Secure with https |
| another site that frames us | a tab in Teams has a cookie of its own: SameSite=None, Partitioned |
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
from bot.web.sign_in.in_teams import tab_cookie

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
        self,
        book: SignInBook,
        keys: Sequence[str],
        now: Callable[[], datetime],
        *,
        secure: bool,
        has_tab: bool = False,
    ) -> None:
        self._book, self._now, self._secure = book, now, secure
        self._signer = Signer(list(reversed(keys)), salt=SALT, digest_method=hashlib.sha256)
        self._cookie = f"__Host-{COOKIE}" if secure else COOKIE
        self._tab = tab_cookie(secure=secure) if has_tab else ""

    def begin(
        self, request: Request, response: Response, visitor: Visitor, *, in_teams: bool = False
    ) -> None:
        """Sign somebody in with the answer to their browser; raises DatabaseFailed.

        `in_teams`: in a frame of Teams, whose browser keeps the cookie for there alone.

        What the browser showed before is nobody's from then on.
        """
        now = self._now()
        name = self._tab if in_teams else self._cookie
        if before := self._key(request, name):
            self._book.end(before)
        self._book.let_go(begun_before=now - LONGEST, seen_before=now - IDLE)
        shown = secrets.token_urlsafe(32)
        self._book.begin(SignIn(key=_digest(shown), visitor=visitor, begun_at=now, seen_at=now))
        self._set(response, name, self._signer.sign(shown).decode(), int(LONGEST.total_seconds()))

    def whose(self, request: Request) -> SignIn | None:
        """Who is signed in with this browser, None for nobody (any more); raises DatabaseFailed."""
        now = self._now()
        for name in filter(None, (self._cookie, self._tab)):
            key = self._key(request, name)
            found = self._book.load(key) if key else None
            if found is None or has_ended(found, now=now):
                continue
            if now - found.seen_at >= SEEN_EVERY:
                self._book.note_seen(found.key, now)
            return found
        return None

    def end(self, request: Request, response: Response, *, everywhere: bool) -> None:
        """Sign the browser out, or all of the person's; raises DatabaseFailed."""
        found = self.whose(request)
        if found is not None and everywhere:
            self._book.end_all(found.visitor.subject)
        elif found is not None:
            self._book.end(found.key)
        for name in filter(None, (self._cookie, self._tab)):
            if name in request.cookies or name == self._cookie:
                self._set(response, name, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        """In a frame only `SameSite=None` is shown, which browsers take with `Secure` alone."""
        in_teams = name == self._tab
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._secure or in_teams, httponly=True,
            samesite="none" if in_teams else "lax",
        )  # fmt: skip
        if in_teams:
            # Starlette knows this one from Python 3.14 on.
            header, cookie = response.raw_headers.pop()
            response.raw_headers.append((header, cookie + b"; Partitioned"))

    def _key(self, request: Request, name: str) -> str:
        try:
            return _digest(self._signer.unsign(request.cookies.get(name, "")).decode())
        except (BadSignature, UnicodeError):
            return ""


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
