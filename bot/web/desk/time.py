"""Time at the desk of a demonstration, and a button to move it on. Elsewhere there is no such page.

GET  /demo/time          the strip alone, while it is moving; the page anew when it is over
POST /demo/time          begins to go a day or a week forward, then 303 back
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.sign_in import Area
from bot.web.desk.access import caller_of
from bot.web.desk.drawing import PAGES
from bot.web.desk.site import DeskSite
from bot.web.sign_in.routes import OURS

DAYS = frozenset({1, 7})


def time_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk; none where time is nobody's to move."""
    routes, time = APIRouter(), site.time
    if time is None:
        return routes

    @routes.get("/demo/time", dependencies=[Depends(site.access.to(Area.ME))])
    def look(request: Request) -> Response:
        strip = PAGES.draw("time", caller_of(request).language, time=time, proof="", here_again="/")
        return HTMLResponse(strip, headers={} if time.is_moving else {"HX-Refresh": "true"})

    @routes.post("/demo/time", dependencies=site.to_send(Area.ME))
    def move(
        days: Annotated[int, Form()] = 0,
        back: Annotated[str, Form()] = "/",
    ) -> Response:
        if days in DAYS:
            time.move(days)
        return RedirectResponse(back if OURS.fullmatch(back) else "/", 303)

    return routes
