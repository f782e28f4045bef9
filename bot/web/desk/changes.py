"""What waits for a person, and their word about it.

    GET  /changes            what would happen, course by course                      decides nothing
    POST /changes            the word about those that are ticked, then 303 back      HR who showed who they are within the hour
    POST /changes/ids        the word about an id that looks changed, then 303 back   as above

A form carries the checksum of each course as it was shown. What is not what waits any more is left as it is,
and the page says so: nobody approves what they have not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.plans.changed_ids import IdProblem, IdWish, said_ids, say_of_id
from bot.domain.approvals import Door
from bot.domain.changed_ids import IdWord
from bot.domain.sign_in import Area
from bot.log_lines import get_logger
from bot.messages.characters import typed
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.plan import undoable_here
from bot.web.desk.progress import progress_facts
from bot.web.desk.site import SYNC, DeskSite
from bot.web.protection import may_have_frames
from bot.web.sign_in.routes import way_to_sign_in
from bot.web.wide_forms import WideRoute

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk

LOG = get_logger("bot.web.desk")
LONGEST_COMMENT = 1000
APPROVE, REJECT, CHANGED, ONE_MORE = "approve", "reject", "changed", "one_more"
DONE = frozenset({APPROVE, REJECT, CHANGED, ONE_MORE, *(f"id_{word}" for word in IdWord)})


def changes_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter(route_class=WideRoute)

    @routes.get("/changes", dependencies=[Depends(site.access.to(Area.CHANGES))])
    def show(request: Request, plan: str = "", done: str = "") -> Response:
        caller = caller_of(request)
        return _page(site, request, caller, plan, done=done if done in DONE else "")

    @routes.post("/changes", dependencies=site.to_send(Area.CHANGES, fresh=True))
    def decide(
        request: Request,
        plan: str = "",
        shown: Annotated[list[str] | None, Form()] = None,
        decision: Annotated[str, Form()] = "",
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desk, reason = site.desk(caller, plan), typed(comment)
        chosen = dict(one.split(" ", 1) for one in shown or () if " " in one)
        problem = _problem(decision, chosen, reason)
        if problem:
            return _page(site, request, caller, plan, status=422, problem=problem, comment=reason)
        if decision == APPROVE and desk.left_for_another(chosen, caller.visitor):
            return _page(site, request, caller, plan, status=409, problem="saved_by_you", comment=reason)
        made = desk.decide(chosen, caller.visitor, approved=decision == APPROVE, comment=reason)
        LOG.info("desk.decided", plan=desk.written.id, decision=decision, courses=len(made))
        if made:
            site.wake(desk.written.id, SYNC)
        done = decision if len(made) == len(chosen) else CHANGED
        if done == APPROVE and _waits_on(desk, chosen):
            done = ONE_MORE
        return RedirectResponse(f"/changes?{urlencode({'plan': desk.written.id, 'done': done})}", 303)

    @routes.post("/changes/ids", dependencies=site.to_send(Area.CHANGES, fresh=True))
    def say(
        request: Request,
        plan: str = "",
        level: Annotated[str, Form()] = "",
        course: Annotated[str, Form()] = "",
        offering: Annotated[str, Form()] = "",
        old: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        word: Annotated[str, Form()] = "",
        known: Annotated[int, Form()] = -1,
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        if word not in set(IdWord):
            return _page(site, request, caller, plan, status=422, problem=IdProblem.GONE.value)
        said = IdWord(word)
        wish = IdWish(level=level, course=course, offering=offering, old=old, new=new, word=said, known=known)
        by = caller.visitor.email or caller.visitor.subject
        problem = say_of_id(desk.books, wish, by=by, door=Door.DESK)
        if problem is not None:
            return _page(site, request, caller, plan, status=409, problem=problem.value)
        LOG.info("desk.named", plan=desk.written.id, course=course, word=said.value)
        site.wake(desk.written.id, SYNC)
        asked = urlencode({"plan": desk.written.id, "done": f"id_{said.value}"})
        return RedirectResponse(f"/changes?{asked}#{quote(course)}", 303)

    return routes


def _waits_on(desk: PlanDesk, chosen: dict[str, str]) -> bool:
    """Whether what was approved needs another person still."""
    pending = desk.pending()
    return any(chosen.get(one.course) == one.checksum for one in pending.courses) if pending else False


def _problem(decision: str, chosen: dict[str, str], reason: str) -> str:
    """What is wrong with the form, "" where nothing is."""
    if decision not in {APPROVE, REJECT}:
        return "decision"
    if not chosen:
        return "nothing_chosen"
    if len(reason) > LONGEST_COMMENT:
        return "comment_too_long"
    return "reason_missing" if decision == REJECT and not reason else ""


def _page(
    site: DeskSite, request: Request, caller: Caller, plan: str, *, status: int = 200, **facts: str
) -> Response:
    desk = site.desk(caller, plan)
    pending = desk.pending()
    courses = pending.courses if pending else ()
    said = desk.decided(pending)
    ids = said_ids(desk.books, [one for course in courses for one in course.ids])
    facts = {"done": "", "problem": "", "comment": ""} | facts
    page = site.show(
        request, caller, Area.CHANGES, "changes", status=status, desk=desk, courses=courses, said=said,
        ids=ids,
        approvers=desk.approvers, way=way_to_sign_in(request, again=True),
        undoable=undoable_here(desk.books, caller), **progress_facts(desk, caller.language), **facts,
    )  # fmt: skip
    return may_have_frames(page)
