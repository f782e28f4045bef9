"""Sending the list of a course's participants to who looks after it, and to oneself.

GET  /courses/{id}/mail    whom it may go to, how many are on it, and the mail as it reads        HR    decides nothing
POST /courses/{id}/mail    sends it to those that are ticked, then 303 back                       HR

What is sent is the list as it was shown: where it is another by now, it is shown again first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.registrations.mailed_lists import list_mail, may_get_list
from bot.domain.errors import GraphError, InputError, KursusbotError, RunLocked, SignInFailed
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text
from bot.messages.plain_text import text_of
from bot.rounds.overview_mail import mail_overview
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.one_course import unknown_course
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk

SENT, WAITS = "sent", "waits"
DONE = frozenset({SENT, WAITS})


def list_mail_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.LIST_MAIL))]

    @routes.get("/courses/{course}/mail", dependencies=let_in)
    def show(request: Request, course: str, plan: str = "", done: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        return _page(site, request, caller, desk, course, done=done if done in DONE else "")

    @routes.post("/courses/{course}/mail", dependencies=site.to_send(Area.LIST_MAIL))
    def send(
        request: Request,
        course: str,
        plan: str = "",
        to: Annotated[list[str] | None, Form()] = None,
        shown: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        allowed = _allowed(desk, caller, course)
        chosen = tuple(one for number, one in enumerate(allowed) if str(number) in (to or ()))
        if not chosen:
            return _page(site, request, caller, desk, course, status=422, problem="nobody")
        edition = list_mail(desk.books, course, chosen, caller.language).edition
        if edition.digest != shown:
            return _page(site, request, caller, desk, course, status=409, problem="changed")
        subject = chosen[0] if len(chosen) == 1 else str(len(chosen))
        desk.note(
            caller.visitor, "registrations --send", course=course, subject=subject, detail=edition.digest
        )
        try:
            mailed = site.reach(desk.written.id, lambda work: mail_overview(work, edition, chosen))
        except (RunLocked, GraphError, SignInFailed) as error:
            return _page(site, request, caller, desk, course, status=503, trouble=error)
        done = WAITS if mailed.left_over else SENT
        return RedirectResponse(
            f"/courses/{course}/mail?{urlencode({'plan': desk.written.id, 'done': done})}", 303
        )

    return routes


def _allowed(desk: PlanDesk, caller: Caller, course: str) -> tuple[str, ...]:
    try:
        return may_get_list(desk.books, course, also=caller.visitor.email)
    except InputError:
        raise TurnedAway(unknown_course(caller, course, desk.written.id)) from None


def _page(
    site: DeskSite,
    request: Request,
    caller: Caller,
    desk: PlanDesk,
    course: str,
    *,
    status: int = 200,
    done: str = "",
    problem: str = "",
    trouble: KursusbotError | None = None,
) -> Response:
    allowed = _allowed(desk, caller, course)
    mail = list_mail(desk.books, course, allowed, caller.language)
    had = [message.key in mail.foreseen.before for message in mail.foreseen.messages]
    return site.show(
        request, caller, Area.COURSES, "list_mail", desk=desk, status=status, course=course, mail=mail,
        title=desk.books.plan.title_of(course), addresses=[*enumerate(zip(allowed, had, strict=True))],
        own=caller.visitor.email, words=text_of(mail.edition.notice.html), done=done, problem=problem,
        trouble=desk_text(caller.language, trouble) if trouble else "",
    )  # fmt: skip
