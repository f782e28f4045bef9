"""HR's hand at the desk: one person, one act, shown before it is done.

    GET  /courses/{id}/act?action=…          the form, for one person (`person`) where a list leads here    decides nothing
    POST /courses/{id}/act  step=look        what would happen, with each mail                              decides nothing
                            step=edit        the form again, with all that was typed                        decides nothing
                            step=do          it is decided, then 303 to what was done
    GET  /courses/{id}/act/{first}-{last}    what was done, what is under way, and the way back

What is done is what was shown: the form carries a digest of it, and where something else would happen by now,
that is shown and nothing is done. Addresses stand in bodies only, never in a URL.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.acts import NOBODY_NEW, DoneAct, HandDesk, MovedOn, command_of
from bot.desks.course_in_hand import course_in_hand
from bot.desks.hand_story import done_lines
from bot.desks.hr import meet
from bot.desks.seat_words import name_of, newcomer_text
from bot.desks.wishes import Wish
from bot.domain.seats import RequestKind
from bot.domain.sign_in import Area
from bot.errors import GraphError, InputError, SignInFailed
from bot.i18n.catalogue import error_text
from bot.log_lines import get_logger
from bot.messages.characters import typed
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.act_form import DO, EDIT, ActForm, act_form
from bot.web.desk.site import FOLLOW, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.acts import SeenAct
    from bot.desks.course_in_hand import CourseInHand
    from bot.desks.hr import Met
    from bot.domain.seats import SeatRequest
    from bot.opening.work import Work
    from bot.ports.plan_desk import PlanDesk

LOG = get_logger("bot.web.desk")
LONGEST_REASON = 1000
LARGEST_NUMBER = 2**31 - 1
ACTIONS = {
    command_of(kind): kind
    for kind in (
        RequestKind.WITHDRAW,
        RequestKind.MOVE,
        RequestKind.PROMOTE,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _AskedAct:
    """One visit: whose, of which plan and course, and what the form says."""

    site: DeskSite
    request: Request
    caller: Caller
    desk: PlanDesk
    hand: HandDesk
    course: CourseInHand
    form: ActForm

    @property
    def person(self) -> str:
        """The canonical address of whom it is about, "" for nobody."""
        return self._address(self.form.person)

    @property
    def colleague(self) -> str:
        """The same of whom a seat is handed to."""
        return self._address(self.form.to)

    def _address(self, name: str) -> str:
        ids = self.site.person_ids(self.course.people)
        return (name and ids.find(name, among=self.course.addresses)) or ""

    def wish(self) -> Wish:
        return Wish(
            kind=ACTIONS[self.form.action],
            course=self.course.id,
            offering=self.form.offering,
            email=self.person,
            to=self.colleague,
            reason=typed(self.form.reason),
            by=self.caller.visitor.email or self.caller.visitor.subject,
            queue=bool(self.form.queue),
        )


def hand_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/act", dependencies=let_in)
    def ask(
        request: Request, course: str, plan: str = "", action: str = "", offering: str = "", person: str = ""
    ) -> Response:
        form = ActForm(action=action, offering=offering, person=person)
        return _form(_asked(site, request, plan, course, form))

    @routes.post("/courses/{course}/act", dependencies=let_in)
    def act(
        request: Request, course: str, form: Annotated[ActForm, Depends(act_form)], plan: str = ""
    ) -> Response:
        caller = caller_of(request)
        if not site.is_own_form(request, caller, form.proof):
            return sorry("foreign_form", caller.language, 403)
        asked = _asked(site, request, plan, course, form.by_the_way())
        problem = _problem(asked)
        if problem or form.step == EDIT:
            return _form(asked, problem=problem)
        return _look_or_do(asked)

    @routes.get("/courses/{course}/act/{first}-{last}", dependencies=let_in)
    def done(request: Request, course: str, first: int, last: int, plan: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        hand = HandDesk(books, by=caller.visitor.email or caller.visitor.subject)
        found = course_in_hand(books, course, caller.language)
        told = hand.told(course, DoneAct(first=first, last=last)) if last <= LARGEST_NUMBER else None
        if found is None or told is None:
            raise TurnedAway(sorry("no_such_act", caller.language, 404))
        ids = site.person_ids(found.people)
        back = told.back and ActForm(
            action=command_of(told.back.kind),
            offering=told.back.offering,
            person=ids.of(told.back.email),
            to=ids.of(told.back.to) if told.back.to else "",
            queue="yes" if told.back.queue else "",
            undo="yes",
        )
        return site.show(
            request, caller, Area.HAND, "act_done", desk=desk, course=found, under_way=told.under_way,
            said=done_lines(told.lines, found.people, found.titles, caller.language), back=back,
        )  # fmt: skip

    return routes


def _asked(site: DeskSite, request: Request, plan: str, course: str, form: ActForm) -> _AskedAct:
    """Raises TurnedAway where there is no such plan, course or act."""
    caller = caller_of(request)
    desk = site.desk(caller, plan)
    books = desk.books
    hand = HandDesk(books, by=caller.visitor.email or caller.visitor.subject)
    found = course_in_hand(books, course, caller.language)
    if found is None or form.action not in ACTIONS:
        raise TurnedAway(sorry("no_such_act", caller.language, 404))
    return _AskedAct(site=site, request=request, caller=caller, desk=desk, hand=hand, course=found, form=form)


def _problem(asked: _AskedAct) -> str:
    """What is wrong with the form, "" where nothing is: texts `hand.problem.<value>`."""
    form, kind = asked.form, ACTIONS[asked.form.action]
    if not asked.person and kind is not RequestKind.PROMOTE:
        return "person"
    if form.offering not in {one.id for one in asked.course.offerings}:
        return "offering"
    return "reason_too_long" if len(typed(form.reason)) > LONGEST_REASON else ""


def _look_or_do(asked: _AskedAct) -> Response:
    try:
        wish = asked.wish()
        request = asked.hand.request(wish)
        seen = asked.hand.look(request, asked.caller.language, _met(asked, request))
    except (InputError, GraphError, SignInFailed) as error:
        return _form(asked, says=error_text(asked.caller.language, error))
    if asked.form.step != DO:
        return _shown(asked, seen, status=200)
    if seen.named and not asked.form.names_others:
        return _shown(asked, seen, status=422, problem="names_others")
    try:
        done = asked.hand.do(seen, digest=asked.form.digest)
    except MovedOn:
        again = asked.hand.just_done(seen.look.requests[0])
        if again is not None:
            return _to_done(asked, again)
        return _shown(asked, seen, status=409, problem="" if not seen.is_possible else "moved_on")
    LOG.info("desk.acted", plan=asked.desk.written.id, action=asked.form.action)
    asked.site.wake(asked.desk.written.id, FOLLOW)
    return _to_done(asked, done)


def _to_done(asked: _AskedAct, done: DoneAct) -> Response:
    where = f"/courses/{asked.course.id}/act/{done.first}-{done.last}"
    return RedirectResponse(f"{where}?{urlencode({'plan': asked.desk.written.id})}", 303)


def _met(asked: _AskedAct, request: SeatRequest) -> Met:
    """Who the newcomers are, by the directory where the books do not know them."""
    if not asked.hand.has_newcomers(request):
        return NOBODY_NEW

    async def ask(work: Work) -> Met:
        return await meet(work.plan, work.stores, work.tenant.directory, [request])

    return asked.site.reach(asked.desk.written.id, ask)


def _form(asked: _AskedAct, *, problem: str = "", says: str = "") -> Response:
    """The form; `problem` is a text of ours, `says` are the words of an error."""
    return _page(asked, "act", status=422 if problem or says else 200, problem=problem, says=says)


def _shown(asked: _AskedAct, seen: SeenAct, *, status: int, problem: str = "") -> Response:
    """What would happen, by the look; of the first in line it is by now clear who that is."""
    decided = seen.look.requests[0].email or next(
        (one.after.email for one in seen.look.shown.settlement.transitions if not one.noted), ""
    )
    ids = asked.site.person_ids(seen.look.shown.people)
    form = replace(asked.form, person=ids.of(decided) if decided else "")
    strangers = [newcomer_text(one, asked.caller.language) for one in seen.look.met.refused]
    return _page(
        replace(asked, form=form), "act_shown", status=status, problem=problem, seen=seen, strangers=strangers
    )


def _page(asked: _AskedAct, name: str, *, status: int, **facts: object) -> Response:
    person = asked.person
    return asked.site.show(
        asked.request, asked.caller, Area.HAND, name, status=status, desk=asked.desk, course=asked.course,
        form=asked.form, who=name_of(asked.course.people, person) if person else "",
        standings=asked.course.standings_of(person, asked.caller.language), **facts,
    )  # fmt: skip
