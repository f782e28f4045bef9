"""How many came, and how many did not: numbers by course and by department.

    GET /attendance    the page; `?format=xlsx` is it as a workbook     HR

Numbers and no names, and for HR alone: directors see in their overview what a course costs per person who
came. A small department's numbers are people, so who looks is written down.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.day.attendance_view import attendance_workbook, counts_of_attendance
from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.web.desk.access import caller_of
from bot.web.desk.downloads import file_named
from bot.web.desk.site import DeskSite


def attendance_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/attendance", dependencies=[Depends(site.access.to(Area.HAND))])
    def show(request: Request, plan: str = "", form: Annotated[str, Query(alias="format")] = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        found = counts_of_attendance(books.plan, books.stores)
        desk.look(caller.visitor, "attendance", detail=form or "page")
        if form == "xlsx":
            called = text(caller.language, "attendance.title")
            data = attendance_workbook(found, caller.language)
            return file_named(data, "xlsx", plain="attendance", called=called)
        return site.show(request, caller, Area.COURSES, "attendance", desk=desk, found=found)

    return routes
