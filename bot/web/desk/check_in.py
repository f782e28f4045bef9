"""Checking in by sign-in, and the code of a session to show to the room.

    GET  /me/here/{word}                    asks whether it is meant: who, where                whoever is signed in
    POST /me/here/{word}                    says that one is there, and shows what is said      whoever is signed in
    GET  /courses/{id}/door/code?…          the code, large: on the screen, or on paper         HR
    GET  /courses/{id}/door/code.png?…      the code alone, for a slide                         HR

Whoever is signed in checks in themselves and nobody else (`bot.desks.day.check_in`); that, and no code, is
known of them by us. A code names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from bot.desks.day.check_in import CheckInDesk
from bot.desks.person.courses import own_person
from bot.domain.check_in import CheckInAnswer
from bot.domain.sign_in import Area
from bot.i18n.dates import span_text
from bot.links import check_in_link, room_code
from bot.messages.characters import unbroken
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.drawing import PAGES
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry
from bot.web.qr import qr_png, qr_svg

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.check_in import CheckInSession


def check_in_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/me/here/{word}", dependencies=[Depends(site.access.to(Area.ME))])
    def ask(request: Request, word: str) -> Response:
        caller = caller_of(request)
        _, found = _found(site, caller, word)
        return _own_page(site, request, found, found.why_not)

    @routes.post("/me/here/{word}", dependencies=site.to_send(Area.ME))
    def say(request: Request, word: str) -> Response:
        caller = caller_of(request)
        desk, found = _found(site, caller, word)
        email = own_person(desk.stores, desk.written.id, caller.visitor)
        answer = CheckInAnswer.AT_THE_DOOR
        if email is not None:
            answer = check_in_of(site, desk).say(found, email, door="desk")
        return _own_page(site, request, found, answer)

    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/door/code", dependencies=let_in)
    def poster(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = ""
    ) -> Response:
        caller = caller_of(request)
        found = _session(site, caller, plan, (course, offering, session))
        address = check_in_link(site.secret, site.home, found.place)
        page = PAGES.draw(
            "door_code",
            caller.language,
            session=found,
            held=_when(caller, found),
            qr=qr_svg(address, address),
            code=room_code(site.secret, found.place),
        )
        return HTMLResponse(page)

    @routes.get("/courses/{course}/door/code.png", dependencies=let_in)
    def image(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = ""
    ) -> Response:
        found = _session(site, caller_of(request), plan, (course, offering, session))
        attached = {"Content-Disposition": 'attachment; filename="qr.png"'}
        png = qr_png(check_in_link(site.secret, site.home, found.place))
        return Response(png, media_type="image/png", headers=attached)

    return routes


def check_in_of(site: DeskSite, desk: PlanDesk) -> CheckInDesk:
    """What people check in to in one plan."""
    books = desk.books
    return CheckInDesk(settings=books.settings, plan=books.plan, stores=books.stores, keys=(site.secret,))


def _found(site: DeskSite, caller: Caller, word: str) -> tuple[PlanDesk, CheckInSession]:
    """The session of this code, in whichever plan it is; raises TurnedAway where there is none."""
    for name in site.every_desk:
        desk = site.every_desk.get(name)
        found = check_in_of(site, desk).find(word) if desk is not None else None
        if desk is not None and found is not None and found.why_not is not CheckInAnswer.OFF:
            return desk, found
    raise TurnedAway(sorry("no_check_in", caller.language, 404))


def _session(site: DeskSite, caller: Caller, plan: str, where: tuple[str, str, str]) -> CheckInSession:
    """The session of a door, raises TurnedAway where people do not check in to it."""
    found = check_in_of(site, site.desk(caller, plan)).at(*where)
    if found is None:
        raise TurnedAway(sorry("no_check_in", caller.language, 404))
    return found


def _own_page(
    site: DeskSite, request: Request, found: CheckInSession, answer: CheckInAnswer | None
) -> Response:
    caller = caller_of(request)
    return site.show(
        request, caller, Area.ME, "check_in_here", session=found, held=_when(caller, found), answer=answer
    )


def _when(caller: Caller, found: CheckInSession) -> str:
    return unbroken(span_text(caller.language, found.start, found.end, all_day=found.all_day))
