"""How far what was decided has come, while one looks on.

GET  /changes/progress     server-sent events: the list anew each second, until nothing of it moves

It ends after two minutes at the latest, and the browser asks again. Without script the page comes anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from bot.domain.sign_in import Area
from bot.i18n.dates import number_text
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.drawing import PAGES
from bot.web.desk.site import DeskSite
from bot.web.protection import signed_in_proof

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.people import Language

EACH_SECONDS, LOOKS = 1.0, 120


def progress_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/changes/progress", dependencies=[Depends(site.access.to(Area.CHANGES))])
    def follow(request: Request, plan: str = "") -> Response:
        caller, desk = caller_of(request), site.desk(caller_of(request), plan)
        return StreamingResponse(
            _looks(site, request, caller, desk),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    return routes


async def _looks(site: DeskSite, request: Request, caller: Caller, desk: PlanDesk) -> AsyncIterator[str]:
    for _ in range(LOOKS):
        told, is_moving = await run_in_threadpool(_drawn, site, caller, desk)
        yield _event("progress", told)
        if not is_moving:
            yield _event("over", "-")
            return
        await asyncio.sleep(EACH_SECONDS)
        if await request.is_disconnected():
            return


def _drawn(site: DeskSite, caller: Caller, desk: PlanDesk) -> tuple[str, bool]:
    zone, facts = ZoneInfo(desk.written.timezone), progress_facts(desk, caller.language)
    told = PAGES.draw(
        "progress",
        caller.language,
        caller=caller,
        plan=desk.written,
        local=lambda at: at.astimezone(zone).replace(tzinfo=None),
        proof=signed_in_proof(site.secret, caller.key),
        **facts,
    )
    return told, bool(facts["is_moving"])


def progress_facts(desk: PlanDesk, language: Language) -> dict[str, object]:
    """What the list is drawn from, here and on the page."""
    going = desk.progress()
    return {
        "going": going,
        "is_moving": any(one.is_moving for one in going),
        "titles": desk.books.plan.titles | desk.written.titles if going else {},
        "number": partial(number_text, language),
    }


def _event(name: str, data: str) -> str:
    """As the standard has it: each line of the data a line of its own."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() if line.strip())
    return f"event: {name}\n{lines}\n"
