"""What leaders say became of the tasks that they took home from a course.

    GET  /courses/{id}/after?format=csv|xlsx    each task: how many say what, and what was written     HR

Without names, and only from five answers on, where people were promised that; with them where the plan said
so when they answered; in a file as on the page. A look that shows names is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.desks.afterwards.tasks import task_results
from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.i18n.tasks import task_question
from bot.registrations.task_export import tasks_csv, tasks_xlsx
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.downloads import file_named
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.web.desk.site import DeskSite

FILES = {"csv": tasks_csv, "xlsx": tasks_xlsx}


def task_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/courses/{course}/after", dependencies=[Depends(site.access.to(Area.HAND))])
    def show(request: Request, course: str, plan: str = "", format: str = "") -> Response:  # noqa: A002
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        found = task_results(desk.written, desk.books.stores, now=desk.books.now(), course=course)
        if not found:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        if any(said.name for one in found for said in one.said):
            desk.note(caller.visitor, "tasks", course=course, detail=format if format in FILES else "")
        if format in FILES:
            called = text(caller.language, "tasks.title", title=found[0].title)
            data = FILES[format](found, caller.language)
            return file_named(data, format, plain="tasks", called=called)
        asked = {one.task.id: task_question(one.task, caller.language) for one in found}
        return site.show(request, caller, Area.COURSES, "tasks", desk=desk, found=found, asked=asked)

    return routes
