"""The API's routes.

GET   /api/v1/openapi.json                        what there is                        everybody
GET   /api/v1/me                                  who the token names, and their own   whoever has a token
GET   /api/v1/plans                               plans that may be seen               HR, director, reader
GET   /api/v1/plans/{plan}/courses                courses with sessions and seats      HR, reader
GET   /api/v1/plans/{plan}/courses/{course}       one of them                          HR, reader
GET   /api/v1/plans/{plan}/registrations          people and where they stand          HR, reader; logged
GET   /api/v1/plans/{plan}/changes                what a sync would do                 HR; reads Microsoft 365
POST  /api/v1/plans/{plan}/approvals              a word about what waits              HR; logged
POST  /api/v1/plans/{plan}/seats                  HR's hand on one seat                HR; logged
GET   /api/v1/plans/{plan}/overview               courses, money, decisions            HR, director, reader

What the desk shows and does beside these has modules of its own. Lists come in pieces (`bot.web.api.paging`).
A request that is repeated does nothing twice (`bot.web.api.once`).
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from bot.desks.registrations.lists import participant_lists
from bot.domain.questions import reader_of
from bot.i18n.catalogue import error_text
from bot.overview.as_json import overview_object
from bot.plan import problems_json
from bot.registrations.export import registration_objects
from bot.web.api import shapes
from bot.web.api.access import EVERYBODY, HR, READERS, asker_of
from bot.web.api.acting import acting_routes
from bot.web.api.afterwards_reads import afterwards_routes
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, piece
from bot.web.api.course_reads import course_reading_routes
from bot.web.api.deciding import deciding_routes
from bot.web.api.openapi import TOLD, document_of
from bot.web.api.paging import DEFAULT
from bot.web.api.people_reads import people_routes_of_api
from bot.web.api.plan_document import plan_document_routes
from bot.web.api.service_reads import service_routes
from bot.web.api.single_mails import single_mail_routes
from bot.web.api.waiting import waiting_routes
from bot.web.api.writing import writing_routes
from bot.web.problems import AnswerProblem, usual_problem

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.errors import KursusbotError
    from bot.domain.people import Language
    from bot.web.api.access import ApiSite


def api_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter()
    for some in (
        _reading(site),
        course_reading_routes(site),
        afterwards_routes(site),
        people_routes_of_api(site),
        service_routes(site),
        acting_routes(site),
        writing_routes(site),
        single_mail_routes(site),
        waiting_routes(site),
        deciding_routes(site),
        plan_document_routes(site),
    ):
        routes.routes.extend(some.routes)
    # A sixth of what a service takes to begin, and few ever ask for it.
    described = functools.cache(lambda: document_of(routes))

    @routes.get("/api/v1/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return JSONResponse(described())

    return routes


def _reading(site: ApiSite) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])

    @routes.get("/me", response_model=shapes.Me, dependencies=[Depends(site.to(frozenset()))])
    def me(request: Request) -> Response:
        asker = asker_of(request)
        own = [
            {"plan": desk.written.id, **row}
            for desk in filter(None, map(site.desks.get, [*site.desks]))
            for row in desk.own_registrations(asker.visitor)
        ]
        visitor = asker.visitor
        said = {"email": visitor.email, "name": visitor.name, "roles": sorted(visitor.roles)}
        return answer({**said, "registrations": own})

    @routes.get("/plans", response_model=shapes.PlanRows, dependencies=[Depends(site.to(EVERYBODY))])
    def plans(request: Request, limit: Limit = DEFAULT, cursor: Cursor = "") -> Response:
        asker = asker_of(request)
        desks = filter(None, map(site.desks.get, asker.seen.roles))
        rows = [_plan(desk, asker.language) for desk in desks]
        return piece(site, asker, rows, lambda row: str(row["plan"]), limit=limit, cursor=cursor)

    @routes.get(
        "/plans/{plan}/courses",
        response_model=shapes.CourseRows,
        dependencies=[Depends(site.to(READERS))],
    )
    def courses(request: Request, plan: str, limit: Limit = DEFAULT, cursor: Cursor = "") -> Response:
        asker = asker_of(request)
        rows = _courses(site.desk(asker, plan))
        return piece(site, asker, rows, lambda row: str(row["course"]), limit=limit, cursor=cursor)

    @routes.get(
        "/plans/{plan}/courses/{course}",
        response_model=shapes.CourseRow,
        dependencies=[Depends(site.to(READERS))],
    )
    def course(request: Request, plan: str, course: str) -> Response:
        asker = asker_of(request)
        rows = _courses(site.desk(asker, plan))
        found = next((row for row in rows if row["course"] == course), None)
        if found is None:
            raise AnswerProblem(usual_problem(404, "no_course", asker.language))
        return answer(found)

    @routes.get(
        "/plans/{plan}/registrations",
        response_model=shapes.RegistrationRows,
        dependencies=[Depends(site.to(READERS))],
    )
    def registrations(
        request: Request,
        plan: str,
        course: Annotated[str, Query(max_length=shapes.LONGEST_ID)] = "",
        limit: Limit = DEFAULT,
        cursor: Cursor = "",
    ) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        books = desk.books
        if course and books.plan.course(course) is None:
            raise AnswerProblem(usual_problem(404, "no_course", asker.language))
        lists = participant_lists(
            books.plan,
            books.stores,
            course=course or None,
            now=books.now(),
            reader=reader_of(asker.visitor.roles),
        )
        rows = registration_objects(lists.lists.rows, lists.plan, lists.said)
        found = piece(site, asker, rows, _registration_name, limit=limit, cursor=cursor)
        people = {str(row["email"]) for row in json.loads(bytes(found.body))["items"]}
        subject = next(iter(people)) if len(people) == 1 else str(len(people))
        line = line_of(desk, asker, "registrations", course=course, subject=subject, detail="json")
        books.stores.actions.note(line)
        return found

    @routes.get(
        "/plans/{plan}/changes",
        response_model=shapes.ChangesDocument,
        dependencies=[Depends(site.to(HR, costly=True))],
    )
    def changes(request: Request, plan: str) -> Response:
        from bot.desks.plans.previewed import previewed

        asker = asker_of(request)
        site.desk(asker, plan)
        shown = site.reach(plan, previewed)
        return Response(shown.as_json(asker.language), media_type="application/json")

    @routes.get(
        "/plans/{plan}/overview",
        response_model=shapes.OverviewDocument,
        dependencies=[Depends(site.to(EVERYBODY))],
    )
    def overview(
        request: Request,
        plan: str,
        year: Annotated[list[Annotated[int, Query(ge=2000, le=2100)]] | None, Query(max_length=100)] = None,
    ) -> Response:
        desk = site.desk(asker_of(request), plan)
        return answer(overview_object(desk.overview(tuple(year or ()))))

    return routes


def _courses(desk: PlanDesk) -> list[Row]:
    rows: list[Row] = overview_object(desk.overview(()))["courses"]
    return rows


def _registration_name(row: Row) -> str:
    return f"{row['course']} {row['offering']} {row['email']}"


def _plan(desk: PlanDesk, language: Language) -> Row:
    written = desk.written
    return {
        "plan": written.id,
        "organisation": written.organisation,
        "revision": written.revision,
        "problems": _problems(desk.wrong, language),
    }


def _problems(wrong: KursusbotError | None, language: Language) -> list[Row]:
    """As `check --format json` has them; what is no problem of the document is one line."""
    if wrong is None:
        return []
    found = getattr(wrong, "problems", None)
    if found is not None:
        listed: list[Row] = problems_json(found, language, ok=False)["problems"]
        return listed
    said = {"severity": "error", "code": wrong.code, "place": "", "line": 1}
    return [said | {"message": error_text(language, wrong)}]
