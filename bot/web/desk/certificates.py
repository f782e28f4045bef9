"""The certificates of a course: who has earned one, who has got one, and approving those that wait. Only HR.

    GET  /courses/{id}/certificates        who waits, and who has one                          decides nothing
    GET  /courses/{id}/certificates/pdf    one (`who`), else the first who waits, as a PDF     decides nothing
    POST /courses/{id}/certificates        approves exactly those who were shown, then 303 back
    POST /courses/{id}/certificates/name   makes one out anew with the name shown (`called`), then 303

To more than `bot.domain.broadcasts.MANY` only somebody sends who has shown who they are within the hour.
Where others have earned one than were shown, it is 409 and the page as it is now. Whoever is shown names is
in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.afterwards.certificates import CertificateHand, CertificatesRefused
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.broadcasts import MANY
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.domain.wording import CERTIFICATE
from bot.i18n.catalogue import text
from bot.log_lines import get_logger
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.downloads import file_named
from bot.web.desk.one_course import unknown_course
from bot.web.desk.site import FOLLOW, DeskSite
from bot.web.error_pages import sorry
from bot.web.sign_in.routes import way_to_sign_in

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk

LOG = get_logger("bot.web.desk")
COMMAND = "certificates"


def certificate_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    only_hr = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/certificates", dependencies=only_hr)
    def show(request: Request, course: str, plan: str = "", done: str = "") -> Response:
        caller = caller_of(request)
        return _page(site, request, caller, site.desk(caller, plan), course, done=done)

    @routes.get("/courses/{course}/certificates/pdf", dependencies=only_hr)
    def pdf(request: Request, course: str, plan: str = "", who: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        hand = _hand(desk, caller, course)
        email = site.person_ids(hand.people).find(who, among=hand.addresses) if who else ""
        found = hand.example(hand.look(), email) if email is not None else None
        if found is None:
            return sorry("no_course", caller.language, 404)
        desk.look(caller.visitor, COMMAND, course=course, detail="pdf")
        called = text(caller.language, "certificate.heading")
        return file_named(found, "pdf", plain="kursusbevis", called=f"{called} - {hand.course.title}")

    @routes.post("/courses/{course}/certificates", dependencies=site.to_send(Area.HAND))
    def approve(
        request: Request, course: str, plan: str = "", digest: Annotated[str, Form()] = ""
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        hand = _hand(desk, caller, course)
        waiting = len(hand.look().waiting)
        if waiting > MANY and not caller.is_fresh:
            return _page(site, request, caller, desk, course, status=403)
        try:
            new = hand.issue(digest, by=_name(caller), noted=[_line(desk, caller, course, str(waiting))])
        except CertificatesRefused as error:
            problem = text(caller.language, f"errors.{error.code}", **error.params)
            return _page(site, request, caller, desk, course, status=409, problem=problem)
        LOG.info("desk.certificates_approved", plan=desk.written.id, course=course, people=new)
        site.wake(desk.written.id, FOLLOW)
        return RedirectResponse(_address(desk, course, done="yes"), 303)

    @routes.post("/courses/{course}/certificates/name", dependencies=site.to_send(Area.HAND))
    def rename(
        request: Request, course: str, plan: str = "", who: Annotated[str, Form()] = "",
        offering: Annotated[str, Form()] = "", called: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        hand = _hand(desk, caller, course)
        email = site.person_ids(hand.people).find(who, among=hand.addresses) or ""
        line = _line(desk, caller, course, email, detail="reissue")
        try:
            hand.reissue(email, offering, called, by=_name(caller), noted=[line])
        except CertificatesRefused as error:
            problem = text(caller.language, f"errors.{error.code}", **error.params)
            return _page(site, request, caller, desk, course, status=409, problem=problem)
        LOG.info("desk.certificate_made_out_anew", plan=desk.written.id, course=course)
        site.wake(desk.written.id, FOLLOW)
        return RedirectResponse(_address(desk, course, done="name"), 303)

    return routes


def _page(
    site: DeskSite, request: Request, caller: Caller, desk: PlanDesk, course: str, *,
    status: int = 200, problem: str = "", done: str = "",
) -> Response:  # fmt: skip
    hand = _hand(desk, caller, course)
    look = hand.look()
    if look.waiting or look.given:
        people = str(len(look.waiting) + len(look.given))
        desk.look(caller.visitor, COMMAND, course=course, subject=people)
    has_to_show = len(look.waiting) > MANY and not caller.is_fresh
    return site.show(
        request, caller, Area.COURSES, "certificates", status=status, desk=desk, look=look,
        course=hand.course, problem=problem, done=done, many=MANY,
        way=way_to_sign_in(request, again=True) if has_to_show else "",
        here_address=_address(desk, course), named=site.person_ids(hand.people).of,
        pdf_address=lambda who: _address(desk, course, "/pdf", who=who),
        words_address=_words_address(desk, course), name_address=_address(desk, course, "/name"),
    )  # fmt: skip


def _hand(desk: PlanDesk, caller: Caller, course: str) -> CertificateHand:
    try:
        return CertificateHand(desk.books, course)
    except InputError:
        raise TurnedAway(unknown_course(caller, course, desk.written.id)) from None


def _name(caller: Caller) -> str:
    return caller.visitor.email or caller.visitor.subject


def _line(desk: PlanDesk, caller: Caller, course: str, subject: str, *, detail: str = "approve") -> Action:
    return Action(
        at=desk.books.now(),
        by=_name(caller),
        command=COMMAND,
        plan=desk.written.id,
        course=course,
        subject=subject,
        door=Door.DESK.value,
        detail=detail,
    )


def _words_address(desk: PlanDesk, course: str) -> str:
    """Where HR tries the words on it."""
    query = urlencode({"plan": desk.written.id, "course": course, "message": CERTIFICATE})
    return f"/plan/texts?{query}"


def _address(desk: PlanDesk, course: str, below: str = "", **more: str) -> str:
    query = urlencode({"plan": desk.written.id} | more)
    return f"/courses/{quote(course, safe='')}/certificates{below}?{query}"
