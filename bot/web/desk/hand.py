"""HR's hand at the desk: one person, one act, shown before it is done.

    GET  /courses/{id}/act?action=…          the form, for one person (`person`) where a list leads here    decides nothing
    POST /courses/{id}/act  step=look        what would happen, with each mail                              decides nothing
                            step=find        the form with whom HR may have meant                           decides nothing
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

from bot.desks.hand.acts import NOBODY_NEW, DoneAct, HandDesk, MovedOn, command_of
from bot.desks.hand.course import course_in_hand
from bot.desks.hand.hr import meet
from bot.desks.hand.picker import candidates
from bot.desks.hand.seat_words import name_of, newcomer_text
from bot.desks.hand.story import done_lines
from bot.desks.hand.wishes import Wish
from bot.domain.errors import GraphError, InputError, SignInFailed
from bot.domain.seats import RequestKind
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text
from bot.log_lines import get_logger
from bot.messages.characters import typed
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.act_form import DO, EDIT, FIND, LOOK, ActForm, act_form
from bot.web.desk.site import FOLLOW, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.hand.acts import SeenAct
    from bot.desks.hand.course import CourseInHand
    from bot.desks.hand.hr import Met
    from bot.desks.hand.picker import MeantPerson
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.people import PeopleIndex, Person
    from bot.domain.seats import SeatRequest
    from bot.opening.work import Work

LOG = get_logger("bot.web.desk")
LONGEST_REASON = 1000
LONGEST_WORDS = 100
LARGEST_NUMBER = 2**31 - 1
ACTIONS = {
    command_of(kind): kind
    for kind in (
        RequestKind.ENROL,
        RequestKind.WITHDRAW,
        RequestKind.MOVE,
        RequestKind.PROMOTE,
        RequestKind.HAND_OVER,
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
        address = self.form.address if self.form.action == "enrol" else ""
        return self._address(self.form.person) or self.course.people.canonical(address)

    @property
    def colleague(self) -> str:
        """The same of whom a seat is handed to."""
        if ACTIONS[self.form.action] is not RequestKind.HAND_OVER:
            return ""
        return self._address(self.form.to) or self.course.people.canonical(self.form.address)

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
            above=bool(self.form.above),
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

    @routes.post("/courses/{course}/act", dependencies=site.to_send(Area.HAND))
    def act(
        request: Request, course: str, form: Annotated[ActForm, Depends(act_form)], plan: str = ""
    ) -> Response:
        asked = _asked(site, request, plan, course, form.with_choice().by_the_way())
        if form.step == FIND or (form.words and not form.chosen and form.step == LOOK):
            return _found(asked)
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
            request, caller, Area.COURSES, "act_done", desk=desk, course=found, under_way=told.under_way,
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
        return "nobody_chosen" if kind is RequestKind.ENROL else "person"
    if kind is RequestKind.HAND_OVER and not asked.colleague:
        return "nobody_chosen"
    if form.offering not in {one.id for one in asked.course.offerings}:
        return "offering"
    if form.above and not typed(form.reason):
        return "reason_missing"
    return "reason_too_long" if len(typed(form.reason)) > LONGEST_REASON else ""


def _look_or_do(asked: _AskedAct) -> Response:
    try:
        wish = asked.wish()
        request = asked.hand.request(wish)
        seen = asked.hand.look(request, asked.caller.language, _met(asked, request))
    except (InputError, GraphError, SignInFailed) as error:
        return _form(asked, says=desk_text(asked.caller.language, error))
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
        external = (request.email,) if asked.form.external else ()
        return await meet(work.plan, work.stores, work.tenant.directory, [request], external=external)

    return asked.site.reach(asked.desk.written.id, ask)


def _found(asked: _AskedAct) -> Response:
    """The form with whom HR may have meant, from the books and, for somebody new, from the directory."""
    words, course, says = typed(asked.form.words)[:LONGEST_WORDS], asked.course, ""
    is_new = ACTIONS[asked.form.action] is RequestKind.ENROL
    known = [one for one in course.people.everybody if is_new or one.email != asked.person]
    directory: tuple[Person, ...] = ()

    async def search(work: Work) -> tuple[Person, ...]:
        return await work.tenant.directory.search_people(words)

    if is_new and words:
        try:
            directory = asked.site.reach(asked.desk.written.id, search)
        except (GraphError, SignInFailed, InputError) as error:
            says = desk_text(asked.caller.language, error)
    people = candidates(words, known, directory, members=course.members, only_members=not is_new)
    return _form(asked, problem="" if people or says else "nobody_found", says=says, found=people)


def _form(
    asked: _AskedAct, *, problem: str = "", says: str = "", found: tuple[MeantPerson, ...] = ()
) -> Response:
    """The form; `problem` is a text of ours, `says` are an error's words, `found` are people to choose."""
    status = 422 if problem or says else 200
    return _page(asked, "act", status=status, problem=problem, says=says, found=found)


def _shown(asked: _AskedAct, seen: SeenAct, *, status: int, problem: str = "") -> Response:
    """What would happen, by the look; of the first in line it is by now clear who that is."""
    decided = seen.look.requests[0].email or next(
        (one.after.email for one in seen.look.shown.settlement.transitions if not one.noted), ""
    )
    ids = asked.site.person_ids(seen.look.shown.people)
    form = replace(asked.form, person=ids.of(decided) if decided else "")
    strangers = [newcomer_text(one, asked.caller.language, area="hand") for one in seen.look.met.refused]
    people = seen.look.shown.people
    named = {"who": _name(people, decided), "colleague": _name(people, asked.colleague)}
    return _page(
        replace(asked, form=form), "act_shown", status=status, problem=problem, seen=seen,
        strangers=strangers, **named,
    )  # fmt: skip


def _page(asked: _AskedAct, name: str, *, status: int, **facts: object) -> Response:
    people, person = asked.course.people, asked.person
    facts = {"who": _name(people, person), "colleague": _name(people, asked.colleague)} | facts
    return asked.site.show(
        asked.request, asked.caller, Area.COURSES, name, status=status, desk=asked.desk, course=asked.course,
        form=asked.form, choices=asked.course.choices_for(ACTIONS[asked.form.action], person),
        standings=asked.course.standings_of(person, asked.caller.language), **facts,
    )  # fmt: skip


def _name(people: PeopleIndex, email: str) -> str:
    return name_of(people, email) if email else ""
