"""What is one's own: courses and answers, calendars to subscribe to, and all that is held of oneself.

    GET  /me          own courses, what was answered, and the way to each; below      whoever is signed in
                      them the same of each leader whom they answer for, and the way to
                      their own people (`bot.web.desk.my_people`), where they have some
    GET  /me/data     all that is held of whoever asks; `?format=json` as a file      whoever is signed in

Whoever is signed in sees themselves alone, by directory id, or by an address that the provider vouches for.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.views.personal_data import own_address, personal_data, told
from bot.domain.sign_in import Area
from bot.links import feed_link, person_link
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.links import Grant


def own_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may = Depends(site.access.to(Area.ME))

    @routes.get("/me", dependencies=[may])
    def own(request: Request) -> Response:
        caller = caller_of(request)
        found = [own for desk in _desks(site) if (own := desk.own_courses(caller.visitor)) is not None]
        others = [
            (leader.name or leader.email, own)
            for desk in _desks(site)
            for leader in desk.leaders(caller.visitor)
            if (own := desk.own_courses(caller.visitor, leader)) is not None
        ]
        plans = [
            (name, own, [(one, person_link(site.secret, site.home, one.grant)) for one in own.courses])
            for name, own in [*(("", own) for own in found), *others]
        ]
        feeds = [
            (name, feed_link(site.secret, site.home, grant))
            for name, grant in chain.from_iterable(own.feeds for own in found)
        ]
        certificates = _linked(site, chain.from_iterable(own.certificates for own in found))
        tasks = _linked(site, chain.from_iterable(own.tasks for own in found), page="/after")
        return site.show(
            request,
            caller,
            Area.ME,
            "me",
            plans_of_mine=plans,
            feeds=feeds,
            certificates=certificates,
            tasks=tasks,
            has_people=any(desk.my_people(caller.visitor).has_any for desk in _desks(site)),
        )

    @routes.get("/me/data", dependencies=[may])
    def own_data(request: Request, form: Annotated[str, Query(alias="format")] = "html") -> Response:
        caller, desks = caller_of(request), _desks(site)
        if not desks:
            raise TurnedAway(sorry("no_plan", caller.language, 404))
        stores = desks[0].stores
        address = own_address(stores, caller.visitor)
        if address is None:
            return site.show(request, caller, Area.ME, "own_data", data=None, tables={})
        data = personal_data(stores, address, caller.language)
        detail = "json" if form == "json" else ""
        desks[0].note(caller.visitor, "person", subject=address, detail=detail, of_all_plans=True)
        if form == "json":
            document = json.dumps(data.document, ensure_ascii=False, indent=2)
            attached = {"Content-Disposition": 'attachment; filename="person.json"'}
            return Response(document, media_type="application/json", headers=attached)
        lines = told(data, stores, caller.language, plans=(desk.books.plan for desk in desks))
        return site.show(request, caller, Area.ME, "own_data", data=data, tables=lines)

    return routes


def _linked(site: DeskSite, ways: Iterable[tuple[str, Grant]], page: str = "") -> list[tuple[str, str]]:
    """What each is for, with its address."""
    return [(name, f"{person_link(site.secret, site.home, grant)}{page}") for name, grant in ways]


def _desks(site: DeskSite) -> list[PlanDesk]:
    """Every plan: what is one's own is not narrowed."""
    return [desk for desk in map(site.every_desk.get, [*site.every_desk]) if desk is not None]
