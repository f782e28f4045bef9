"""People for programs: who there is, one person's story, what we hold of them. Only HR, over all its plans.

GET   /api/v1/people                  everybody whom these plans know; `?q=` by name or department     logged
POST  /api/v1/people/lookup           the one behind an address, which never stands in a URL            logged
GET   /api/v1/people/{person}         where they stand, what comes, what happened                       logged
GET   /api/v1/people/{person}/data    all that is held of them, to hand out                             logged

`{person}` is what `items` call them: a directory id, or a digest. Erasing is done at the desk, by a person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.views.people import index_of, story_of, who_there_is
from bot.desks.views.personal_data import personal_data
from bot.domain.person_ids import PersonIds
from bot.domain.sign_in import Role
from bot.registrations.known_people import matching
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, on_the_plans_clock, piece
from bot.web.api.openapi import TOLD
from bot.web.api.paging import DEFAULT
from bot.web.problems import AnswerProblem, usual_problem

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.registrations.known_people import KnownPerson
    from bot.registrations.person_lines import PersonLine
    from bot.web.api.access import ApiSite, Asker

LONGEST_SEARCH = 100


def people_routes_of_api(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])
    only_hr = [Depends(site.to(HR))]

    @routes.get("/people", response_model=shapes.PersonRows, dependencies=only_hr)
    def people(
        request: Request,
        q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
        limit: Limit = DEFAULT,
        cursor: Cursor = "",
    ) -> Response:
        asker = asker_of(request)
        if "@" in q:
            raise AnswerProblem(usual_problem(422, "address_in_url", asker.language))
        desks = _desks(site, asker)
        everybody = who_there_is(desks)
        ids = _ids(site, everybody)
        rows = [_person(one, ids) for one in matching(everybody, q)]
        found = piece(site, asker, rows, lambda row: str(row["person"]), limit=limit, cursor=cursor)
        _note(desks, asker, str(len(rows)))
        return found

    @routes.post("/people/lookup", response_model=shapes.PersonRow, dependencies=only_hr)
    def lookup(request: Request, asked: shapes.LookupAsked) -> Response:
        asker = asker_of(request)
        desks = _desks(site, asker)
        everybody = who_there_is(desks)
        found = next((one for one in everybody if asked.email.lower() in one.addresses), None)
        if found is None:
            raise AnswerProblem(usual_problem(404, "no_person", asker.language))
        _note(desks, asker, found.email)
        return answer(_person(found, _ids(site, everybody)))

    @routes.get("/people/{person}", response_model=shapes.PersonDocument, dependencies=only_hr)
    def one_person(request: Request, person: str) -> Response:
        asker = asker_of(request)
        desks = _desks(site, asker)
        found, ids = _named(site, asker, desks, person)
        story = story_of(desks, found, asker.language)
        _note(desks, asker, found.email)
        zones = {desk.as_read.id: desk.as_read.timezone for desk in desks}
        told = {
            name: [_line(one, zones) for one in lines]
            for name, lines in (
                ("standing", story.standing),
                ("coming", story.coming),
                ("history", story.history),
            )
        }
        return answer(_person(found, ids) | told)

    @routes.get("/people/{person}/data", response_model=shapes.HeldDocument, dependencies=only_hr)
    def held(request: Request, person: str) -> Response:
        asker = asker_of(request)
        desks = _desks(site, asker)
        found, _ = _named(site, asker, desks, person)
        others = {*site.desks} - {desk.as_read.id for desk in desks}
        data = personal_data(desks[0].stores, found.email, asker.language, besides=others)
        _note(desks, asker, found.email, detail="json")
        return answer(data.document | {"has_left_out": data.has_left_out})

    return routes


def _desks(site: ApiSite, asker: Asker) -> tuple[PlanDesk, ...]:
    """The plans that they are HR of; raises AnswerProblem where there is none."""
    plans = [plan for plan, roles in asker.seen.roles.items() if Role.HR in roles]
    desks = tuple(filter(None, map(site.desks.get, plans)))
    if not desks:
        raise AnswerProblem(usual_problem(404, "no_plan", asker.language))
    return desks


def _ids(site: ApiSite, people: tuple[KnownPerson, ...]) -> PersonIds:
    return PersonIds(people=index_of(people), secret=site.secret)


def _named(
    site: ApiSite, asker: Asker, desks: tuple[PlanDesk, ...], name: str
) -> tuple[KnownPerson, PersonIds]:
    everybody = who_there_is(desks)
    ids = _ids(site, everybody)
    email = ids.find(name)
    found = next((one for one in everybody if email in one.addresses), None) if email else None
    if found is None:
        raise AnswerProblem(usual_problem(404, "no_person", asker.language))
    return found, ids


def _person(one: KnownPerson, ids: PersonIds) -> Row:
    return {
        "person": ids.of(one.email),
        "name": one.name,
        "email": one.email,
        "department": one.department,
        "plans": list(one.plans),
    }


def _line(one: PersonLine, zones: dict[str, str]) -> Row:
    zone = zones.get(one.plan, "Europe/Copenhagen")
    at = on_the_plans_clock(one.at, zone)
    return {"plan": one.plan, "course": one.course, "where": one.where, "at": at, "words": one.words}


def _note(desks: tuple[PlanDesk, ...], asker: Asker, subject: str, *, detail: str = "") -> None:
    """It belongs to a plan where there is one only."""
    line = line_of(desks[0], asker, "person", subject=subject, detail=detail)
    desks[0].stores.actions.note(line if len(desks) == 1 else replace(line, plan=""))
