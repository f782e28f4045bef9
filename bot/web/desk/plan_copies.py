"""A course, one of its offerings or a year of courses once more, in a draft.

POST /plan/copy     `course` with `title`: the course, in the draft that is meant                 HR
                    `offering` as well: another offering of it, `days` later
                    `year` alone: the courses of that year in the next, in a draft of its own

Then 303 to what came of it. What is copied is proposed, so nothing of it is sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.messages.characters import typed as as_typed
from bot.plan.copies import copied_course, copied_offering, copied_year
from bot.web.desk.plan_visit import Visit, sent_form, visit_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

LONGEST_TITLE = 200
FIRST_YEAR, LAST_YEAR = 2000, 2200
MOST_DAYS = 750
"""Two years: later than that somebody has typed something else."""


def plan_copy_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.post("/plan/copy", dependencies=site.to_send(Area.PLAN))
    def copy(
        request: Request, data: Annotated[FormData, Depends(sent_form)], plan: str = "", draft: str = ""
    ) -> Response:
        visit = visit_of(site, request, plan, draft)
        if not data.get("course"):
            return _year(visit, str(data.get("year", "")))
        try:
            return _course(visit, data)
        except KeyError:
            return sorry("no_course", visit.language, 404)

    return routes


def _course(visit: Visit, data: FormData) -> Response:
    """Raises KeyError where there is no such course or offering."""
    rows = visit.drafts.standing(visit.draft).rows
    course, offering = str(data.get("course", "")), str(data.get("offering", ""))
    title = one_line(as_typed(str(data.get("title", ""))))[:LONGEST_TITLE].strip()
    if offering:
        days = str(data.get("days", "") or "0")
        if not (
            days.isascii() and days.isdigit() and len(days) <= len(str(MOST_DAYS)) and int(days) <= MOST_DAYS
        ):
            return sorry("invalid", visit.language, 422)
        first = text(visit.language, "plan_edit.copy.first")
        wanted, _ = copied_offering(rows, course, offering, title=title, first=first, days=int(days))
        new = course
    else:
        wanted, new = copied_course(rows, course, title=title)
    kept = visit.drafts.becoming(visit.draft, wanted)
    if kept is None:
        return sorry("draft_moved", visit.language, 409)
    visit.desk.note(visit.caller.visitor, "plan draft", course=new, detail=f"{kept.id}, copy")
    where = replace(visit, draft=kept).address(f"/plan/edit/course/{quote(new)}", done="kept")
    return RedirectResponse(where, 303)


def _year(visit: Visit, year: str) -> Response:
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year[:5]) < LAST_YEAR):
        return sorry("invalid", visit.language, 422)
    copied = copied_year(visit.drafts.saved, int(year), int(year) + 1)
    made = visit.drafts.becoming(None, copied.rows)
    if made is None:
        return sorry("draft_moved", visit.language, 409)
    visit.desk.note(visit.caller.visitor, "plan draft", detail=f"{made.id}, copy")
    told = {"copied": len(copied.courses), "there": len(copied.there), "unfunded": len(copied.unfunded)}
    where = replace(visit, draft=made).address(
        "/plan/edit", done="year", **{name: str(number) for name, number in told.items()}
    )
    return RedirectResponse(where, 303)
