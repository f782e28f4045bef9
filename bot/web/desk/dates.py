"""When most of a course's people can come, and a room is free.

    GET  /dates              what to look for                       asks nobody
    POST /dates              the search                             reads calendars' free and busy, writes nothing

Counts only, never who. The page says what to write in the plan.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from bot.desks.dates.form import DateForm, choices, question_of
from bot.desks.dates.telling import told_dates
from bot.domain.errors import GraphError, KursusbotError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text, text
from bot.log_lines import get_logger
from bot.rounds.free_dates import find_dates
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.desks.dates.telling import DatesTold
    from bot.opening.work import Work
    from bot.rounds.free_dates import FoundDates

LOG = get_logger("bot.web.desk")
MOST = 10


def date_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/dates", dependencies=[Depends(site.access.to(Area.DATES))])
    def ask(request: Request, plan: str = "", course: str = "") -> Response:
        return _page(site, request, caller_of(request), plan, DateForm(about=course))

    @routes.post("/dates", dependencies=site.to_send(Area.DATES))
    def search(
        request: Request,
        plan: str = "",
        about: Annotated[str, Form()] = "",
        first: Annotated[str, Form()] = "",
        last: Annotated[str, Form()] = "",
        length: Annotated[str, Form()] = "",
        earliest: Annotated[str, Form()] = "",
        latest: Annotated[str, Form()] = "",
        avoid: Annotated[str, Form()] = "",
        required: Annotated[str, Form()] = "",
        room: Annotated[str, Form()] = "house",
        seats: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        form = DateForm(
            about=about, first=first, last=last, length=length, earliest=earliest, latest=latest, avoid=avoid,
            required=required, room=room, seats=seats,
        )  # fmt: skip
        desk = site.desk(caller, plan)
        label = partial(_label, caller)
        try:
            question = question_of(form, label)

            async def find(work: Work) -> FoundDates:
                return await find_dates(work, question)

            found = site.reach(desk.written.id, find)
        except KursusbotError as error:
            status = 503 if isinstance(error, GraphError) else 422
            LOG.info("desk.dates_refused", plan=desk.written.id, error=error.code)
            return _page(
                site, request, caller, plan, form, status=status, error=desk_text(caller.language, error)
            )
        return _page(site, request, caller, plan, form, told=told_dates(found, caller.language, most=MOST))

    return routes


def _label(caller: Caller, field: str) -> str:
    return f"»{text(caller.language, f'dates_page.{field}')}«"


def _page(
    site: DeskSite, request: Request, caller: Caller, plan: str, form: DateForm, *, status: int = 200,
    error: str = "", told: DatesTold | None = None,
) -> Response:  # fmt: skip
    desk = site.desk(caller, plan)
    whole = desk.written.whole or desk.written
    return site.show(
        request, caller, Area.OVERVIEW, "dates", status=status, desk=desk, form=form, error=error, told=told,
        courses=choices(whole),
    )  # fmt: skip
