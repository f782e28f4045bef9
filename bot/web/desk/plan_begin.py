"""A plan that is to be kept on the desk, and of which nothing is written yet.

GET  /plan/begin       what every plan has to say; `plan` says which                  HR
POST /plan/begin       the plan, without a course, and the way to where it is edited   HR
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.plans.store import Heading, SaveState
from bot.domain.approvals import Door
from bot.domain.sign_in import Area
from bot.messages.characters import one_line
from bot.messages.characters import typed as as_typed
from bot.plan.report import problem_text
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.site import SYNC, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.plans.store import PlanStore, SaveResult
    from bot.web.desk.access import Caller

PRESET = Heading(organisation="", timezone="Europe/Copenhagen", language="da", organiser="", contact="")
LONGEST = 254


def plan_begin_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan/begin", dependencies=[Depends(site.access.to(Area.PLAN))])
    def show(request: Request, plan: str = "") -> Response:
        caller = caller_of(request)
        return _page(site, request, caller, _store(site, caller, plan), PRESET)

    @routes.post("/plan/begin", dependencies=site.to_send(Area.PLAN))
    def begin(
        request: Request,
        plan: str = "",
        organisation: Annotated[str, Form()] = "",
        organiser: Annotated[str, Form()] = "",
        contact: Annotated[str, Form()] = "",
        timezone: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        store = _store(site, caller, plan)
        heading = Heading(
            organisation=_typed(organisation), timezone=_typed(timezone), language=_typed(language),
            organiser=_typed(organiser), contact=_typed(contact),
        )  # fmt: skip
        by = (caller.visitor.email or caller.visitor.subject).lower()
        done = store.begin(heading, by=by, door=Door.DESK)
        if done.state is SaveState.SAVED:
            site.wake(store.plan_id, SYNC)
        return _page(site, request, caller, store, heading, done)

    return routes


def _typed(said: str) -> str:
    return one_line(as_typed(said))[:LONGEST]


def _store(site: DeskSite, caller: Caller, plan: str) -> PlanStore:
    """The plan that is meant, among those that whoever asks may begin; raises TurnedAway."""
    mine = {name: one for name in [*site.empty] if (one := site.empty.get(name)) and _may(one, caller)}
    found = mine.get(plan) or next(iter(mine.values()), None)
    if found is None:
        if caller.seen.is_bare:
            raise TurnedAway(sorry("no_plan", caller.language, 404))
        raise TurnedAway(RedirectResponse("/plan", 303))
    return found


def _may(store: PlanStore, caller: Caller) -> bool:
    """Whom the plan's settings name as its HR; everybody of HR where they name nobody."""
    named = {one.lower() for one in store.settings.desk.hr or ()}
    return not named or caller.visitor.email in named


def _page(
    site: DeskSite,
    request: Request,
    caller: Caller,
    store: PlanStore,
    filled: Heading,
    done: SaveResult | None = None,
) -> Response:
    """The form; or where the plan is begun, by this press or another's, the way on."""
    problems = [problem_text(caller.language, one) for one in done.problems] if done is not None else []
    return site.show(
        request, caller, Area.PLAN, "plan_begin", status=422 if problems else 200,
        store=store, filled=filled, problems=problems, is_begun=done is not None and not problems,
    )  # fmt: skip
