"""`/teams/tab`: the desk in Teams, signed in by what Teams' client knows of who opened it.

    GET  /teams/tab    the page; in Teams its script asks the client for a token, and shows it below
    POST /teams/tab    the token, as `Authorization: Bearer`; signed in, and where to go on

| what was sent | status |
|---|---|
| our tenant's token for our app, about a person (`bot.web.sign_in.bearer`) | 200 with `next`, and a cookie |
| no token, or one that does not hold; from another site's page | 401, 403 with `why` |
| the provider cannot be reached, and its keys are not known | 503 with `why` |

Outside Teams the page says that it belongs there, and leads to the desk; so does what went wrong. `next` is
a path of ours, as at any sign-in. Who has to show anew who they are before they approve does that outside
Teams: the provider's pages may not be framed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response

from bot.log_lines import get_logger
from bot.web.error_pages import browser_language, language_of
from bot.web.protection import WITH_SCRIPT, is_from_us
from bot.web.sign_in.claims import TokenRefused
from bot.web.sign_in.in_teams import TAB
from bot.web.sign_in.provider import NoVisitor
from bot.web.sign_in.routes import PAGES, path_after

if TYPE_CHECKING:
    from bot.web.sign_in.bearer import Bearers
    from bot.web.sign_in.browsers import Browsers

LOG = get_logger("bot.web.sign_in")


@dataclass(frozen=True, slots=True, kw_only=True)
class TabDoor:
    """What the routes share. `home` is our own address without a slash at its end."""

    bearers: Bearers
    browsers: Browsers
    home: str

    def routes(self) -> APIRouter:
        """The routes of the tab."""
        routes = APIRouter()
        routes.get(TAB)(self.show)
        routes.post(TAB)(self.take)
        return routes

    async def show(self, request: Request, next: str = "", lang: str = "") -> Response:  # noqa: A002
        """The page; `next` is where to go on."""
        language = language_of(lang, browser_language(request.headers.get("accept-language", "")))
        door = f"{TAB}?{urlencode({'next': next})}" if next else TAB
        page = PAGES.draw("tab", language, door=door, desk=f"{self.home}/")
        return HTMLResponse(page, headers=WITH_SCRIPT)

    async def take(self, request: Request, next: str = "") -> Response:  # noqa: A002
        """The token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not is_from_us(request, base_url=self.home):
            return _refused("foreign", 403)
        try:
            visitor = await self.bearers.person(token.strip() if scheme.lower() == "bearer" else "")
        except TokenRefused as refused:
            LOG.warning("sign_in.refused", error=refused.why, way="teams")
            return _refused("refused", 401)
        except NoVisitor as nobody:
            return _refused(nobody.why, 503)
        response = JSONResponse({"next": path_after(next, visitor)})
        await run_in_threadpool(self.browsers.begin, request, response, visitor, in_teams=True)
        LOG.info("sign_in.begun", roles=[role.value for role in sorted(visitor.roles)], way="teams")
        return response


def _refused(why: str, status: int) -> Response:
    return JSONResponse({"why": why}, status_code=status)
