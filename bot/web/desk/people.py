"""People: found, looked at over all plans, given new links.

    GET  /people                a search by name, address or department; the first page of all without one   HR
    POST /people                the same from the form: an address may be typed, and never stands in a URL   HR
    GET  /people/{id}           one person, the newest first                                                 HR
    POST /people/{id}/links     every earlier link of theirs ends                                            HR

Every look at people is a line in the log of who did what.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.person.delegate_links import answering
from bot.desks.views.people import index_of, note_look, renew, story_of, who_there_is
from bot.domain.sign_in import Area
from bot.messages.characters import typed
from bot.registrations.known_people import matching
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.person_delegates import called
from bot.web.desk.person_named import desks_for, person_named, show_people
from bot.web.desk.site import DeskSite

PEOPLE_ON_A_PAGE, LINES_ON_A_PAGE = 25, 50
LONGEST_SEARCH = 100
ERASED, UNFINISHED, RENEWED = "erased", "erase_unfinished", "renewed"
DONE = frozenset({ERASED, UNFINISHED, RENEWED})


def people_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may = Depends(site.access.to(Area.PEOPLE))

    @routes.get("/people", dependencies=[may])
    def search(request: Request, q: str = "", page: int = 1, done: str = "") -> Response:
        caller = caller_of(request)
        return _found(site, request, caller, typed(q), page=page, done=done if done in DONE else "")

    @routes.post("/people", dependencies=site.to_send(Area.PEOPLE))
    def search_typed(request: Request, q: Annotated[str, Form()] = "") -> Response:
        caller, words = caller_of(request), typed(q)
        if "@" not in words:
            return RedirectResponse(f"/people?{urlencode({'q': words})}" if words else "/people", 303)
        people = who_there_is(desks_for(site, caller))
        ids = site.person_ids(index_of(people))
        one = next((one for one in people if words.lower() in one.addresses), None)
        if one is not None:
            return RedirectResponse(f"/people/{quote(ids.of(one.email), safe='')}", 303)
        return _found(site, request, caller, words)

    @routes.get("/people/{name}", dependencies=[may])
    def look(request: Request, name: str, page: int = 1, done: str = "") -> Response:
        caller = caller_of(request)
        desks, person, _ = person_named(site, caller, name)
        story = story_of(desks, person, caller.language)
        note_look(desks, caller.visitor, "person", person)
        pages = max(1, ceil(len(story.history) / LINES_ON_A_PAGE))
        page = min(max(page, 1), pages)
        first = (page - 1) * LINES_ON_A_PAGE
        return show_people(
            site, request, caller, "person", desks, person=person, way_name=name, story=story,
            pairs=[(one, called(one.leader), called(one.by)) for one in answering(desks, person)],
            lines=story.history[first : first + LINES_ON_A_PAGE], page=page, last_page=pages,
            done=done if done in DONE else "",
        )  # fmt: skip

    @routes.post("/people/{name}/links", dependencies=site.to_send(Area.PEOPLE))
    def renewed(request: Request, name: str) -> Response:
        caller = caller_of(request)
        desks, person, ids = person_named(site, caller, name)
        renew(desks, person, caller.visitor)
        return RedirectResponse(f"/people/{quote(ids.of(person.email), safe='')}?done={RENEWED}", 303)

    return routes


def _found(
    site: DeskSite, request: Request, caller: Caller, words: str, *, page: int = 1, done: str = ""
) -> Response:
    desks = desks_for(site, caller)
    words = words[:LONGEST_SEARCH]
    everybody = who_there_is(desks)
    found = matching(everybody, words)
    ids = site.person_ids(index_of(everybody))
    pages = max(1, ceil(len(found) / PEOPLE_ON_A_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PEOPLE_ON_A_PAGE
    shown = [(one, quote(ids.of(one.email), safe="")) for one in found[first : first + PEOPLE_ON_A_PAGE]]
    if shown:
        note_look(desks, caller.visitor, "people", len(shown))
    # What was typed with an address goes into no further address either.
    further = pages > 1 and "@" not in words
    return show_people(
        site, request, caller, "people", desks, words=words, shown=shown, total=len(found), page=page,
        last_page=pages if further else 1, is_cut=pages > 1 and not further, done=done,
        titles={desk.as_read.id: desk.as_read.organisation for desk in desks},
    )  # fmt: skip
