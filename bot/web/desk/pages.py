"""The desk's pages that only show: today, and the overview.

GET  /                   what there is to do and to know                          HR
POST /read               what somebody wrote about a course is read, then 303 back    HR
GET  /overview           courses, money, decisions; `?format=pdf|xlsx` to take along   HR, director, reader
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from bot.desks.plans.drafts import DraftDesk
from bot.desks.views.director import overview_file
from bot.desks.views.reading import mark_read, who_wrote
from bot.domain.approvals import Door
from bot.domain.people import PeopleIndex
from bot.domain.sign_in import Area
from bot.web.desk.access import caller_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

READ = "read"

FIRST_YEAR, LAST_YEAR = 2000, 2100
GREETINGS = ((5, "evening"), (9, "early"), (12, "morning"), (18, "afternoon"), (24, "evening"))
"""Until which hour which one."""

FILES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def showing_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/", dependencies=[Depends(site.access.to(Area.TODAY))])
    def today(request: Request, plan: str = "", done: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        page = desk.today(caller.visitor)
        people = PeopleIndex(desk.stores.books.people.load_people(desk.as_read.id)) if page.remarks else None
        drafts = DraftDesk(desk, caller.visitor, caller.language)
        handed = (
            [one for one in drafts.drafts if one.owner == drafts.by and one.handed_by]
            if drafts.is_here
            else []
        )
        return site.show(
            request, caller, Area.TODAY, "today", desk=desk, page=page, handed=handed,
            greeting=_greeting(page.wall.hour),
            person_id=site.person_ids(people).of if people else None, done=done if done == READ else "",
        )  # fmt: skip

    @routes.post("/read", dependencies=site.to_send(Area.TODAY))
    def read(
        request: Request,
        plan: str = "",
        course: Annotated[str, Form()] = "",
        person: Annotated[str, Form()] = "",
        until: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        known = PeopleIndex(desk.stores.books.people.load_people(desk.as_read.id))
        email = site.person_ids(known).find(person, among=who_wrote(desk.books, course))
        at = _instant(until)
        if email is None or at is None:
            return sorry("invalid", caller.language, 422)
        by = caller.visitor.email or caller.visitor.subject
        mark_read(desk.books, course, email, until=at, by=by, door=Door.DESK)
        return RedirectResponse(f"/?{urlencode({'plan': desk.written.id, 'done': READ})}", 303)

    @routes.get("/overview", dependencies=[Depends(site.access.to(Area.OVERVIEW))])
    def overview(
        request: Request,
        plan: str = "",
        year: Annotated[list[int] | None, Query()] = None,
        form: Annotated[str, Query(alias="format")] = "html",
    ) -> Response:
        from bot.overview.as_html import overview_body
        from bot.overview.paper import paper

        caller = caller_of(request)
        desk = site.desk(caller, plan)
        years = tuple(one for one in year or () if FIRST_YEAR <= one <= LAST_YEAR)
        shown = desk.overview(years)
        if form in FILES:
            name = f'attachment; filename="{desk.written.id}.{form}"'
            data = overview_file(shown, form, caller.language)
            return Response(data, media_type=FILES[form], headers={"Content-Disposition": name})
        document = paper(shown, caller.language)
        body = Markup(overview_body(document))  # noqa: S704 - its templates escape
        return site.show(
            request, caller, Area.OVERVIEW, "overview", desk=desk,
            document=document, body=body,
            finds_dates=Area.DATES in caller.areas,
            to_decide=shown.open_decisions if Area.DECISIONS in caller.areas else (),
        )  # fmt: skip

    return routes


def _instant(text: str) -> datetime | None:
    """What stands in a form, None for anything that is no instant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _greeting(hour: int) -> str:
    """By the time of day, of the plan."""
    return next(word for until, word in GREETINGS if hour < until)
