"""Whom a page is about: somebody in the plans that the caller may see, by a name that is no address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.responses import Response

from bot.desks.views.people import index_of, who_there_is
from bot.domain.sign_in import Area
from bot.web.desk.access import Caller, TurnedAway
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from fastapi import Request

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.person_ids import PersonIds
    from bot.registrations.known_people import KnownPerson

Desks = tuple["PlanDesk", ...]


def desks_for(site: DeskSite, caller: Caller) -> Desks:
    """The plans that they may see; raises TurnedAway where there is none."""
    desks = site.desks_of(caller)
    if not desks:
        raise TurnedAway(sorry("no_plan", caller.language, 404))
    return desks


def person_named(site: DeskSite, caller: Caller, name: str) -> tuple[Desks, KnownPerson, PersonIds]:
    """Who is named so in the plans that the caller may see; raises TurnedAway where it is nobody."""
    desks = desks_for(site, caller)
    people = who_there_is(desks)
    ids = site.person_ids(index_of(people))
    email = ids.find(name)
    person = next((one for one in people if email in one.addresses), None) if email else None
    if person is None:
        raise TurnedAway(sorry("no_person", caller.language, 404))
    return desks, person, ids


def show_people(
    site: DeskSite, request: Request, caller: Caller, page_name: str, desks: Desks, *, status: int = 200,
    **facts: object,
) -> Response:  # fmt: skip
    """In the frame of the plan where there is one only."""
    one = desks[0] if len(desks) == 1 else None
    return site.show(request, caller, Area.PEOPLE, page_name, status=status, desk=one, **facts)
