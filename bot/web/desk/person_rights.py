"""What is held of a person, handed out or erased: what everybody has a right to, and HR does for them.

    GET  /people/{id}/data      all that is held of them; `?format=json` as a file, `?reasons=1` with all reasons   HR
    GET  /people/{id}/erase     what would go and what stays                                                        HR
    POST /people/{id}/erase     gone for good                                   HR who showed who they are within the hour

Each is a line in the log of who did what, by the names of the commands that do the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.views.people import erase, foresee_erasure, note_look, stores_of
from bot.desks.views.personal_data import personal_data, told
from bot.domain.errors import DatabaseFailed
from bot.domain.sign_in import Area
from bot.messages.characters import typed
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.people import ERASED, UNFINISHED
from bot.web.desk.person_named import Desks, person_named, show_people
from bot.web.desk.site import DeskSite
from bot.web.sign_in.routes import way_to_sign_in

if TYPE_CHECKING:
    from bot.registrations.known_people import KnownPerson


def rights_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may = Depends(site.access.to(Area.PEOPLE))

    @routes.get("/people/{name}/data", dependencies=[may])
    def hand_out(
        request: Request,
        name: str,
        form: Annotated[str, Query(alias="format")] = "html",
        reasons: bool = False,
    ) -> Response:
        caller = caller_of(request)
        desks, person, _ = person_named(site, caller, name)
        stores = stores_of(desks)
        others = {*site.every_desk} - {desk.as_read.id for desk in desks}
        data = personal_data(stores, person.email, caller.language, with_reasons=reasons, besides=others)
        detail = " ".join([*(["json"] if form == "json" else []), *(["--reasons"] if reasons else [])])
        note_look(desks, caller.visitor, "person", person, detail=detail)
        if form == "json":
            document = json.dumps(data.document, ensure_ascii=False, indent=2)
            attached = {"Content-Disposition": 'attachment; filename="person.json"'}
            return Response(document, media_type="application/json", headers=attached)
        lines = told(data, stores, caller.language, plans=(desk.books.plan for desk in desks))
        return show_people(
            site,
            request,
            caller,
            "person_data",
            desks,
            person=person,
            way_name=name,
            data=data,
            tables=lines,
            has_others=bool(others),
        )

    @routes.get("/people/{name}/erase", dependencies=[may])
    def foresee(request: Request, name: str) -> Response:
        caller = caller_of(request)
        desks, person, _ = person_named(site, caller, name)
        note_look(desks, caller.visitor, "person", person)
        return _erasure(site, request, caller, desks, person, name)

    @routes.post("/people/{name}/erase", dependencies=site.to_send(Area.PEOPLE, fresh=True))
    def gone(
        request: Request,
        name: str,
        typed_name: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desks, person, _ = person_named(site, caller, name)
        foreseen = foresee_erasure(desks, [*site.every_desk], person)
        if foreseen.elsewhere:
            return _erasure(site, request, caller, desks, person, name, status=409)
        if _spelt(typed_name) != _spelt(person.name or person.email):
            return _erasure(site, request, caller, desks, person, name, status=422, problem="name")
        try:
            erase(desks, person, caller.visitor)
        except DatabaseFailed as error:
            if error.code != UNFINISHED:
                raise
            return RedirectResponse(f"/people?done={UNFINISHED}", 303)
        return RedirectResponse(f"/people?done={ERASED}", 303)

    return routes


def _erasure(
    site: DeskSite, request: Request, caller: Caller, desks: Desks, person: KnownPerson, name: str, *,
    status: int = 200, problem: str = "",
) -> Response:  # fmt: skip
    foreseen = foresee_erasure(desks, [*site.every_desk], person)
    return show_people(
        site, request, caller, "person_erase", desks, status=status, person=person, way_name=name,
        foreseen=foreseen, problem=problem, way=way_to_sign_in(request, again=True),
    )  # fmt: skip


def _spelt(words: str) -> str:
    return " ".join(typed(words).casefold().split())
