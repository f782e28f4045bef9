"""`/signin`, `/signin/callback` and `/signout`: who somebody is, and from here on what they may see.

    GET  /signin             to the provider, and back to `next`    `again=1`: to show anew who it is
    GET  /signin/callback    where the provider sends back to       begins, then 303 to `next`
    GET  /signout            asks: this browser, or everywhere      decides nothing; says so where it is done
    POST /signout            ends, then 303 to the page

Being signed out at the provider as well is a link: a form may not lead elsewhere (Content-Security-Policy).

`next` is a path of ours; anything else leads to the first page that the person may see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.sign_in import Area, areas_of, has_to_show_again
from bot.log_lines import get_logger
from bot.web.error_pages import browser_language, language_of, sorry
from bot.web.protection import is_signed_in_form, signed_in_proof
from bot.web.rendering import Templates
from bot.web.sign_in.browsers import Browsers
from bot.web.sign_in.in_teams import TAB, is_in_frame
from bot.web.sign_in.provider import NoVisitor, Provider

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.sign_in import Visitor

LOG = get_logger("bot.web.sign_in")
CALLBACK = "/signin/callback"
FIRST_PAGE = {Area.TODAY: "/", Area.OVERVIEW: "/overview", Area.ME: "/me"}
"""Where somebody begins: the first of these that they may see."""

STATUS = {"cancelled": 403, "refused": 403, "stale": 400, "no_time": 403, "unreachable": 503}
LONGEST_NEXT = 500
OURS = re.compile(r"/(?![/\\])[\x21-\x7e]*")
"""A path of ours as it stands in an address: one that leads elsewhere begins with two slashes."""

NOT_BACK = frozenset({"/signin", CALLBACK, "/signout", TAB})
PAGES = Templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInDoor:
    """What the routes share.

    `home` is our own address without a slash at its end, `secret` signs forms. `has_tab`: the pages may be in
    a frame of Teams, where nobody is sent to the provider.
    """

    provider: Provider
    browsers: Browsers
    home: str
    secret: str
    now: Callable[[], datetime]
    has_tab: bool = False

    def routes(self) -> APIRouter:
        """The routes for the provider."""
        routes = APIRouter()
        routes.get("/signin")(self.send_away)
        routes.get(CALLBACK)(self.take_back)
        routes.get("/signout")(self.ask)
        routes.post("/signout")(self.sign_out)
        return routes

    async def send_away(self, request: Request, next: str = "", again: str = "") -> Response:  # noqa: A002
        """To the provider; who is signed in already goes on, unless they are to show anew who they are."""
        if self.has_tab and is_in_frame(request, secure=self.home.startswith("https:")):
            return self._in_frame(request, next, again=bool(again))
        if not again and (found := await run_in_threadpool(self.browsers.whose, request)) is not None:
            return RedirectResponse(path_after(next, found.visitor), status_code=303)
        wanted = next if len(next) <= LONGEST_NEXT and OURS.fullmatch(next) else ""
        request.session["next"], request.session["again"] = wanted, bool(again)
        try:
            return await self.provider.send_away(request, back=self.home + CALLBACK, again=bool(again))
        except NoVisitor as nobody:
            return _failed(request, nobody.why)

    def _in_frame(self, request: Request, wanted: str, *, again: bool) -> Response:
        """By Teams' client; to show anew who they are, only in a window of its own."""
        there = urlencode({"next": wanted})
        if not again:
            return RedirectResponse(f"{TAB}?{there}", status_code=303)
        way = f"{self.home}/signin?{there}&again=1"
        return HTMLResponse(PAGES.draw("outside_teams", _language(request), way=way))

    async def take_back(self, request: Request) -> Response:
        """From the provider, to where somebody wanted to be."""
        # Taken out at once, so that what is shown again finds nothing.
        wanted, again = request.session.pop("next", ""), request.session.pop("again", False)
        try:
            visitor = await self.provider.take_back(request)
        except NoVisitor as nobody:
            return _failed(request, nobody.why)
        if again and has_to_show_again(visitor, now=self.now()):
            return _failed(request, "no_time")
        response = RedirectResponse(path_after(wanted, visitor), status_code=303)
        await run_in_threadpool(self.browsers.begin, request, response, visitor)
        LOG.info("sign_in.begun", roles=[role.value for role in sorted(visitor.roles)])
        return response

    async def ask(self, request: Request, lang: str = "") -> Response:
        """Whether it is meant, and where; or that nobody is signed in (any more)."""
        found, language = await run_in_threadpool(self.browsers.whose, request), _language(request, lang)
        if found is None:
            in_frame = self.has_tab and is_in_frame(request, secure=self.home.startswith("https:"))
            farewell = None if in_frame else await self.provider.farewell(back=f"{self.home}/signout")
            return HTMLResponse(PAGES.draw("signed_out", language, farewell=farewell))
        proof = signed_in_proof(self.secret, found.key)
        return HTMLResponse(PAGES.draw("sign_out", language, who=found.visitor.name, proof=proof))

    def sign_out(
        self, request: Request, proof: Annotated[str, Form()] = "", everywhere: Annotated[str, Form()] = ""
    ) -> Response:
        """Here, or everywhere."""
        found = self.browsers.whose(request)
        if found is None:
            return RedirectResponse("/signout", status_code=303)
        if not is_signed_in_form(request, secret=self.secret, key=found.key, proof=proof, base_url=self.home):
            return sorry("foreign_form", _language(request), 403)
        response = RedirectResponse("/signout", status_code=303)
        self.browsers.end(request, response, everywhere=bool(everywhere))
        LOG.info("sign_in.ended", everywhere=bool(everywhere))
        return response


def way_to_sign_in(request: Request, *, again: bool = False) -> str:
    """Where whoever is not signed in (or has to show `again` who they are) goes, and comes back from."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/signin?{urlencode({'next': here} | ({'again': '1'} if again else {}))}"


def path_after(wanted: str, visitor: Visitor) -> str:
    """Where somebody goes on who has signed in: where they wanted to be, where that is a page of ours."""
    path = wanted.partition("?")[0]
    ours = bool(OURS.fullmatch(wanted)) and path not in NOT_BACK
    areas = areas_of(visitor)
    first = next(page for area, page in FIRST_PAGE.items() if area in areas)
    if ours and (path != "/" or first == "/"):
        return wanted
    return first


def _failed(request: Request, why: str) -> Response:
    return sorry(f"sign_in_{why}", _language(request), STATUS[why])


def _language(request: Request, chosen: str = "") -> Language:
    return language_of(chosen, browser_language(request.headers.get("accept-language", "")))
