"""HR sends somebody a mail about a course once more: the one about signing up, or the answer to their wish.

    GET  /courses/{id}/again?person=…    which mails there are for them now, each as they would get it   decides nothing
    POST /courses/{id}/again             one of them, by its `key`, once                                 then 303 back

Addresses stand in no URL. What cannot be sent any more is 409 and the page as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.hand.course import course_in_hand
from bot.desks.hand.seat_words import name_of
from bot.desks.messages.told_again import AgainDesk
from bot.domain.approvals import Door
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import typed
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.downloads import own_document
from bot.web.desk.hand import LONGEST_REASON
from bot.web.desk.site import FOLLOW, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.messages.told_again import MailAgain
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.plan import Course

WHEN_AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class _AskedAgain:
    """One visit: whose, of which course, and who is to get a mail."""

    site: DeskSite
    request: Request
    caller: Caller
    desk: PlanDesk
    course: Course
    again: AgainDesk
    person: str

    def address(self, **more: str) -> str:
        query = urlencode({"plan": self.desk.written.id, "person": self.person} | more)
        return f"/courses/{quote(self.course.id, safe='')}/again?{query}"


def again_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/again", dependencies=let_in)
    def show(
        request: Request, course: str, plan: str = "", person: str = "", done: str = "", mail: str = ""
    ) -> Response:
        asked = _asked(site, request, plan, course, person)
        if mail:
            return _as_it_looks(asked, mail)
        return _page(asked, done=bool(done))

    @routes.post("/courses/{course}/again", dependencies=site.to_send(Area.HAND))
    def send(
        request: Request, course: str, plan: str = "", person: str = "",
        key: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "",
        when: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        asked = _asked(site, request, plan, course, person)
        why = typed(reason)
        if len(why) > LONGEST_REASON:
            said = text(asked.caller.language, "remind.reason_too_long")
            return _page(asked, problem=said, reason=why, status=422)
        try:
            asked.again.send(key, reason=why, at_once=when == WHEN_AT_ONCE)
        except InputError as error:
            return _page(asked, problem=error_text(asked.caller.language, error), reason=why, status=409)
        site.wake(asked.desk.written.id, FOLLOW)
        return RedirectResponse(asked.address(done="yes"), 303)

    return routes


def _asked(site: DeskSite, request: Request, plan: str, course: str, person: str) -> _AskedAgain:
    """Raises TurnedAway where there is no such plan, course or person."""
    caller = caller_of(request)
    desk = site.desk(caller, plan)
    found = course_in_hand(desk.books, course, caller.language)
    known = desk.books.plan.course(course)
    if found is None or known is None:
        raise TurnedAway(sorry("no_course", caller.language, 404))
    email = site.person_ids(found.people).find(person, among=found.addresses)
    if not email:
        raise TurnedAway(sorry("no_such_act", caller.language, 404))
    by = caller.visitor.email or caller.visitor.subject
    again = AgainDesk(desk.books, course, email, by=by, door=Door.DESK)
    return _AskedAgain(
        site=site, request=request, caller=caller, desk=desk, course=known, again=again, person=person
    )


def _page(
    asked: _AskedAgain, *, done: bool = False, problem: str = "", reason: str = "", status: int = 200
) -> Response:
    mails: tuple[MailAgain, ...] = ()
    try:
        mails = asked.again.look()
    except InputError as error:
        problem = problem or error_text(asked.caller.language, error)
    asked.desk.look(asked.caller.visitor, "messages", course=asked.course.id, subject=asked.again.email)
    return asked.site.show(
        asked.request, asked.caller, Area.COURSES, "again", status=status, desk=asked.desk,
        course=asked.course, who=name_of(asked.again.people, asked.again.email), letters=mails, done=done,
        problem=problem, reason=reason, waits_until=asked.again.waits_until, address=asked.address,
    )  # fmt: skip


def _as_it_looks(asked: _AskedAgain, number: str) -> Response:
    mails = asked.again.look()
    if not (number.isdecimal() and 1 <= int(number) <= len(mails)):
        raise TurnedAway(sorry("no_such_act", asked.caller.language, 404))
    return own_document(mails[int(number) - 1].mail.html)
