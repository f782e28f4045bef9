"""What was said of courses that are over: by course, theme and year, and a link to it for who spoke.

    GET  /evaluations?plan=…&format=csv|xlsx        every course that has a form of our own     HR
    GET  /courses/{id}/evaluation?format=…          one course, with the texts and the link     HR
    POST /courses/{id}/evaluation/link              no link that was given away opens it any more   HR

Nobody's answer can be told from the others' (`bot.domain.evaluation_results`), so a look at them names
nobody and is not noted. The link shows what the page shows; it is made at each look, and ends by itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.afterwards.evaluations import (
    end_results_links,
    evaluation_of,
    evaluations_of,
    question_words,
    results_generation,
)
from bot.domain.evaluation_links import LASTS, ResultsGrant
from bot.domain.sign_in import Area
from bot.links import results_link
from bot.registrations.evaluation_export import evaluations_csv, evaluations_xlsx
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.downloads import file_named
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.evaluation_results import CourseEvaluation
    from bot.domain.people import Language
    from bot.web.desk.site import DeskSite

FILES = {"csv": evaluations_csv, "xlsx": evaluations_xlsx}


def evaluation_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/evaluations", dependencies=let_in)
    def show_all(request: Request, plan: str = "", format: str = "") -> Response:  # noqa: A002
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        found = evaluations_of(desk.written, desk.books.stores, now=desk.books.now())
        if format in FILES:
            return _file(found.courses, format, caller.language, desk.written.organisation)
        return site.show(request, caller, Area.COURSES, "evaluations", desk=desk, all=found)

    @routes.get("/courses/{course}/evaluation", dependencies=let_in)
    def show_one(request: Request, course: str, plan: str = "", format: str = "") -> Response:  # noqa: A002
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        found = evaluation_of(desk.written, books.stores, course, now=books.now())
        if found is None:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        if format in FILES:
            return _file((found,), format, caller.language, found.title)
        generation = results_generation(desk.written, books.stores, course)
        grant = ResultsGrant(plan=desk.written.id, course=course, made_at=books.now(), generation=generation)
        link = results_link(site.secret, site.home, grant) if found.batches else ""
        return site.show(
            request, caller, Area.COURSES, "evaluation", desk=desk, found=found, link=link, days=LASTS.days
        )

    @routes.post("/courses/{course}/evaluation/link", dependencies=site.to_send(Area.HAND))
    def end_links(request: Request, course: str, plan: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        if desk.written.course(course) is None:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        end_results_links(desk.written, books.stores, course, now=books.now())
        desk.note(caller.visitor, "evaluation", course=course, detail="links ended")
        query = urlencode({"plan": desk.written.id})
        return RedirectResponse(f"/courses/{quote(course, safe='')}/evaluation?{query}#link", 303)

    return routes


def _file(found: Sequence[CourseEvaluation], form: str, language: Language, called: str) -> Response:
    data = FILES[form](found, language, partial(question_words, language))
    return file_named(data, form, plain="evaluation", called=f"Evaluering {called}")
