"""What waits, looked at closer: whom it mails, and what they get. Nothing is decided here.

    GET  /changes/{course}/people            everybody who would be mailed; `?q=` name, address or department    HR
    POST /changes/{course}/people            the same from the form: an address may be typed                     HR
    GET  /changes/{course}/mail              each text as Outlook will show it and as text, and what it changes  HR
    GET  /changes/{course}/mail/{number}     one of the texts by itself, for the frame it is shown in            HR

Each is a page of its own, and `/changes` fetches its main part where scripts run. A text is shown in a frame
that runs nothing, fetches nothing and leads nowhere, with a policy of its own: what stands in a plan stays
what it is, words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.plans.waiting_look import letters_to_look_at, mailed_people, waiting_mail_of
from bot.domain.people import PeopleIndex
from bot.domain.sign_in import Area
from bot.messages.characters import typed
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.courses import LONGEST_WORDS
from bot.web.desk.downloads import framed_document
from bot.web.desk.drawing import PAGES
from bot.web.desk.paging import paged
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry
from bot.web.protection import may_have_frames

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.approvals import WaitingMail

PEOPLE_A_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleAsked:
    """Whom of those who would be mailed somebody asks for."""

    plan: str
    words: str
    page: str

    @property
    def has_address(self) -> bool:
        """Whether a mail address may stand in the words: none goes into a URL."""
        return "@" in self.words


def change_look_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.CHANGES))]

    @routes.get("/changes/{course}/people", dependencies=let_in)
    def people(request: Request, course: str, plan: str = "", q: str = "", page: str = "") -> Response:
        return _people(site, request, course, PeopleAsked(plan=plan, words=typed(q), page=page))

    @routes.post("/changes/{course}/people", dependencies=site.to_send(Area.CHANGES))
    def people_typed(
        request: Request, course: str, plan: str = "", q: Annotated[str, Form()] = ""
    ) -> Response:
        asked = PeopleAsked(plan=plan, words=typed(q), page="")
        if asked.has_address:
            return _people(site, request, course, asked)
        desk = site.desk(caller_of(request), plan)
        return RedirectResponse(_address(desk, course, "people", q=asked.words), 303)

    @routes.get("/changes/{course}/mail", dependencies=let_in)
    def mails(request: Request, course: str, plan: str = "") -> Response:
        caller = caller_of(request)
        desk, mail = _found(site, caller, plan, course)
        page = site.show(
            request, caller, Area.CHANGES, "change_mail", desk=desk, course=course,
            title=_title(desk, course),
            letters=letters_to_look_at(mail),
            address=lambda number: _address(desk, course, f"mail/{number}"),
        )  # fmt: skip
        return may_have_frames(page)

    @routes.get("/changes/{course}/mail/{number}", dependencies=let_in)
    def one(request: Request, course: str, number: int, plan: str = "") -> Response:
        caller = caller_of(request)
        _, mail = _found(site, caller, plan, course)
        letters = letters_to_look_at(mail)
        if not 1 <= number <= len(letters):
            raise TurnedAway(sorry("no_change", caller.language, 404))
        shown = letters[number - 1]
        return framed_document(PAGES.draw("change_letter", caller.language, shown=shown))

    return routes


def _people(site: DeskSite, request: Request, course: str, asked: PeopleAsked) -> Response:
    caller = caller_of(request)
    desk, mail = _found(site, caller, asked.plan, course)
    everybody, words = mailed_people(desk.books, mail), asked.words[:LONGEST_WORDS]
    found = [one for one in everybody if one.is_called(words)]
    shown, number, pages = paged(found, asked.page, PEOPLE_A_PAGE)
    desk.look(caller.visitor, "preview", course=course, subject=str(len(everybody)))
    return site.show(
        request, caller, Area.CHANGES, "change_people", desk=desk, course=course, title=_title(desk, course),
        shown=shown, found=len(found), in_all=len(everybody), words=words, number=number,
        # What was typed with an address goes into no further address either.
        page_count=1 if asked.has_address else pages, is_cut=asked.has_address and pages > 1,
        link=lambda page: _address(desk, course, "people", q=words, page=page),
        form_address=_address(desk, course, "people"), is_part="hx-request" in request.headers,
        person_id=site.person_ids(PeopleIndex(one.person for one in shown if one.person)).of,
    )  # fmt: skip


def _address(desk: PlanDesk, course: str, what: str, **asked: object) -> str:
    said = {"plan": desk.written.id} | {name: value for name, value in asked.items() if value}
    return f"/changes/{quote(course, safe='')}/{what}?{urlencode(said)}"


def _found(site: DeskSite, caller: Caller, plan: str, course: str) -> tuple[PlanDesk, WaitingMail]:
    """The course that is asked for; raises TurnedAway where nothing of it waits any more."""
    desk = site.desk(caller, plan)
    mail = waiting_mail_of(desk.books, course)
    if mail is None:
        raise TurnedAway(sorry("no_change", caller.language, 404))
    return desk, mail


def _title(desk: PlanDesk, course: str) -> str:
    return (desk.books.plan.titles | desk.written.titles).get(course, course)
