"""Who may see a page: signed in, with a role that opens its part of the desk.

| whoever asks | gets |
|---|---|
| is signed in, and the area is open to them (`bot.domain.sign_in`) | the page |
| is not signed in | 303 to `/signin`, and back afterwards |
| is signed in without the role | 403 in words, with a link to `/me` |
| wants to approve, and showed who they are more than an hour ago | 303 to `/signin?again=1`, and back |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from bot.domain.people import Language
from bot.domain.sign_in import Area, Visitor, areas_of, has_to_show_again, may
from bot.web.desk.drawing import PAGES
from bot.web.error_pages import browser_language, language_of
from bot.web.sign_in.routes import to_sign_in

if TYPE_CHECKING:
    from bot.web.sign_in.browsers import Browsers

LANGUAGE_COOKIE = "kursusbot_language"
LANGUAGE_SECONDS = 365 * 24 * 3600


class TurnedAway(Exception):
    """The page is not shown; `response` is what is."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever is signed in, as a page needs them: `key` of their browser, for the proofs of forms."""

    visitor: Visitor
    key: str
    language: Language

    @property
    def areas(self) -> tuple[Area, ...]:
        """What they may see, in the order of the desk."""
        return areas_of(self.visitor)


class Access:
    """By the table above; `now` gives UTC."""

    def __init__(self, browsers: Browsers, now: Callable[[], datetime]) -> None:
        self._browsers, self._now = browsers, now

    def to(self, area: Area, *, fresh: bool = False) -> Callable[[Request], None]:
        """What a route depends on; `fresh`: for an approval. It raises TurnedAway and DatabaseFailed.

        `caller_of` then gives whoever asks.
        """

        def let_in(request: Request) -> None:
            found = self._browsers.whose(request)
            if found is None:
                raise TurnedAway(to_sign_in(request))
            language = _language(request)
            if not may(found.visitor, area):
                raise TurnedAway(HTMLResponse(PAGES.draw("no_role", language), status_code=403))
            if fresh and has_to_show_again(found.visitor, now=self._now()):
                raise TurnedAway(to_sign_in(request, again=True))
            request.state.caller = Caller(visitor=found.visitor, key=found.key, language=language)

        return let_in


def caller_of(request: Request) -> Caller:
    """Whoever was let in."""
    caller: Caller = request.state.caller
    return caller


def turn_away(_request: Request, error: Exception) -> Response:
    """The handler of TurnedAway."""
    assert isinstance(error, TurnedAway)  # noqa: S101 - it is registered for nothing else
    return error.response


def keep_language(request: Request, response: Response, *, secure: bool) -> None:
    """Let the browser remember a language that was chosen on a page."""
    chosen = request.query_params.get("lang", "")
    if chosen in set(Language):
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=LANGUAGE_SECONDS, secure=secure, httponly=True, samesite="lax"
        )


def _language(request: Request) -> Language:
    """As chosen on this page, else as the browser asks."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    return language_of(chosen, browser_language(request.headers.get("accept-language", "")))
