"""What the service did and does, in words, and whether everything is in place.

    GET  /runs                  each plan: what is wrong and what to do, what was done last and comes next        HR
    GET  /runs/check?of=PLAN    what the last examination found                                                   HR
    POST /runs/check?of=PLAN    examine now: asks Microsoft 365, one at a time; 303 back, 409 while one goes on   HR
    POST /runs/programs         tell a program anew of what it did not take; then 303 back                        HR

`of` is the id of a plan, or the name of its file where it never could be read; such a plan is nobody's in
particular, so every HR sees it. What was found is kept until the next examination, for every process.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.domain.sign_in import Area
from bot.rounds.webhooks import try_again
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.desks.service_view import ServiceView
    from bot.domain.service_state import ServedPlan, ServiceState

BUSY = 409
WEBHOOKS = "send_webhooks"


def run_routes(site: DeskSite, service: ServiceView) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may = Depends(site.access.to(Area.RUNS))

    @routes.get("/runs", dependencies=[may])
    def show(request: Request, done: str = "") -> Response:
        caller = caller_of(request)
        state = service.state()
        plans = _seen(site, caller, state)
        return site.show(
            request, caller, Area.RUNS, "runs", desk=_only(site, caller), state=state, served=plans,
            wall=_wall, with_pages={*site.every_desk}, is_told=done == "told",
            is_well=not (
                state.database or state.microsoft or any(one.troubles or one.untold for one in plans)
            ),
        )  # fmt: skip

    @routes.get("/runs/check", dependencies=[may])
    def found(request: Request, of: str = "") -> Response:
        caller = caller_of(request)
        return _checked(site, request, caller, _asked(site, caller, service, of), service)

    @routes.post("/runs/check", dependencies=site.to_send(Area.RUNS))
    def examine(request: Request, of: str = "") -> Response:
        caller = caller_of(request)
        plan = _asked(site, caller, service, of)
        if not service.examine(plan.plan, caller.language):
            return _checked(site, request, caller, plan, service, status=BUSY)
        return RedirectResponse(f"/runs/check?{urlencode({'of': plan.plan})}", 303)

    @routes.post("/runs/programs", dependencies=site.to_send(Area.RUNS))
    def tell_again(request: Request, plan: str = "", target: Annotated[str, Form()] = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        count = try_again(desk.books, target)
        if count:
            desk.note(caller.visitor, "webhooks", subject=str(count), detail=target)
            site.wake(desk.written.id, WEBHOOKS)
        return RedirectResponse("/runs?done=told" if count else "/runs", 303)

    return routes


def _seen(site: DeskSite, caller: Caller, state: ServiceState) -> tuple[ServedPlan, ...]:
    """The plans that the caller sees, and those that nobody has read."""
    theirs = {desk.as_read.id for desk in site.desks_of(caller)}
    return tuple(one for one in state.plans if one.plan in theirs or one.plan not in site.every_desk)


def _asked(site: DeskSite, caller: Caller, service: ServiceView, plan: str) -> ServedPlan:
    """The plan that is asked about, the first where none is named; raises TurnedAway."""
    plans = _seen(site, caller, service.state())
    found = next((one for one in plans if not plan or one.plan == plan), None)
    if found is None:
        raise TurnedAway(sorry("no_plan", caller.language, 404))
    return found


def _checked(
    site: DeskSite, request: Request, caller: Caller, plan: ServedPlan, service: ServiceView, *,
    status: int = 200,
) -> Response:  # fmt: skip
    last = service.last_examination(plan.plan)
    return site.show(
        request, caller, Area.RUNS, "check", status=status, desk=_only(site, caller), of=plan,
        found=last if last.at is not None else None, is_busy=last.goes_on or status == BUSY, wall=_wall,
    )  # fmt: skip


def _only(site: DeskSite, caller: Caller) -> PlanDesk | None:
    """The plan that stands in the frame, where they see one only."""
    desks = site.desks_of(caller)
    return desks[0] if len(desks) == 1 else None


def _wall(moment: datetime, timezone: str) -> datetime:
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
