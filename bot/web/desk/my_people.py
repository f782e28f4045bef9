"""A manager's people: what they are signed up to, and the sign-ups that wait for the manager's word.

    GET  /my-people     of every plan; a look at people's courses is noted          whoever is signed in
    POST /my-people     yes or no to one sign-up (`plan`, `sign_up`, `answer`)      whoever is signed in

| when | status | page |
|---|---|---|
| there is nothing for them | 200 | that, and nothing of others |
| the sign-up waits for them no more | 409 | what waits, and that it was answered or taken back |
| else | 200, 303 | what waits, and their people |

As `/me` it is nobody else's, and not narrowed to a role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.domain.manager_people import LOOKED
from bot.domain.sign_in import Area
from bot.log_lines import get_logger
from bot.web.desk.access import caller_of
from bot.web.desk.site import FOLLOW

if TYPE_CHECKING:
    from bot.web.desk.site import DeskSite

log = get_logger("bot.web")
HERE = "/my-people"
ANSWERS = {"yes": True, "no": False}


def my_people_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get(HERE, dependencies=[Depends(site.access.to(Area.ME))])
    def show(request: Request, done: str = "") -> Response:
        return _page(site, request, done=done if done in ANSWERS else "")

    @routes.post(HERE, dependencies=site.to_send(Area.ME))
    def answer(
        request: Request,
        plan: Annotated[str, Form()] = "",
        sign_up: Annotated[str, Form()] = "",
        answer: Annotated[str, Form()] = "",
    ) -> Response:
        desk, said = site.every_desk.get(plan), ANSWERS.get(answer)
        visitor = caller_of(request).visitor
        if desk is None or said is None or not desk.my_people(visitor).answer(sign_up, yes=said):
            return _page(site, request, done="too_late", status=409)
        log.info("web.decided", kind="approve" if said else "disapprove", plan=plan)
        site.wake(plan, FOLLOW)
        return RedirectResponse(f"{HERE}?done={answer}", status_code=303)

    return routes


def _page(site: DeskSite, request: Request, *, done: str, status: int = 200) -> Response:
    caller, plans = caller_of(request), []
    for desk in map(site.every_desk.get, [*site.every_desk]):
        page = desk.my_people(caller.visitor).page(caller.language) if desk is not None else None
        if desk is None or page is None:
            continue
        plans.append(page)
        if page.people:
            desk.look(caller.visitor, LOOKED, detail=str(len(page.people)))
    return site.show(
        request,
        caller,
        Area.ME,
        "my_people",
        status=status,
        plans_of_mine=plans,
        done=done,
    )
