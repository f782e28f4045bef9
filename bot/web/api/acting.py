"""What programs may do in HR's name: a word about what waits, HR's hand on one seat, and taking that back.

Each leaves a line with the door `api` and who it was, and lets the job come next that carries it out; under a
key it is done once (`bot.web.api.once`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response

from bot.desks.hand.acts import DoneAct, HandDesk
from bot.desks.hand.seat_act import act_on_seat, acted_since
from bot.desks.hand.seat_words import refusal_key
from bot.desks.hand.undoing import way_back_of
from bot.desks.hand.wishes import Wish
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.errors import InputError, SafetyRefused
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import typed
from bot.web.api import shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.desks.hand.seat_act import ActedSeat
    from bot.domain.approvals import Decision
    from bot.domain.people import Language
    from bot.web.api.access import ApiSite, Asker

SYNC, FOLLOW = "sync_plan", "follow_decisions"
KINDS = {
    "enrol": RequestKind.ENROL,
    "withdraw": RequestKind.WITHDRAW,
    "move": RequestKind.MOVE,
    "promote": RequestKind.PROMOTE,
    "handover": RequestKind.HAND_OVER,
}
LARGEST_NUMBER = 2**31 - 1
LineNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


def acting_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD | CONFLICT, dependencies=[Depends(site.token())])

    @routes.post(
        "/plans/{plan}/approvals",
        status_code=201,
        response_model=shapes.ApprovalGiven,
        dependencies=[Depends(site.to(HR, costly=True))],
    )
    def approvals(request: Request, plan: str, asked: shapes.ApprovalAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        return once(request, asker, desk, key, asked, partial(_give_word, site, asker, plan, asked))

    @routes.post("/plans/{plan}/seats", response_model=shapes.SeatMoved, dependencies=[Depends(site.to(HR))])
    def seats(request: Request, plan: str, asked: shapes.SeatAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        wish = Wish(
            kind=KINDS[asked.action],
            course=asked.course,
            offering=asked.offering or "",
            email=asked.email,
            to=asked.to or "",
            reason=typed(asked.reason),
            by=asker.by,
            queue=asked.queue,
            above=asked.above,
        )
        act = partial(_move, site, asker, plan, wish, names_others=asked.names_others)
        return once(request, asker, site.desk(asker, plan), key, asked, act)

    @routes.post(
        "/plans/{plan}/courses/{course}/acts/{first}-{last}/undo",
        response_model=shapes.SeatMoved,
        dependencies=[Depends(site.to(HR))],
    )
    def undo(
        request: Request,
        plan: str,
        course: str,
        first: LineNumber,
        last: LineNumber,
        asked: shapes.UndoAsked,
        key: Key = "",
    ) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        act = partial(_take_back, site, asker, plan, course, DoneAct(first=first, last=last), asked)
        return once(request, asker, desk, key, asked, act)

    return routes


def _give_word(
    site: ApiSite, asker: Asker, plan: str, asked: shapes.ApprovalAsked, since: datetime | None
) -> Response:
    from bot.desks.plans.approvals import give_word, word_given

    approved, courses = asked.decision == "approve", asked.courses or ()
    if since is not None:
        books = site.desk(asker, plan).books
        given, enough = word_given(
            books, approved=approved, by=asker.by, door=Door.API, courses=courses, since=since
        )
        if given:
            site.wake(plan, SYNC)
            return _given(given, is_enough=enough)
    act = partial(
        give_word,
        checksum=asked.checksum,
        approved=approved,
        by=asker.by,
        door=Door.API,
        courses=courses,
        comment=typed(asked.reason),
        line=_line,
    )
    try:
        word = site.reach(plan, act)
    except (SafetyRefused, InputError) as error:
        raise AnswerProblem(_refused(error, asker.language)) from None
    site.wake(plan, SYNC)
    return _given(word.decisions, is_enough=word.is_enough)


def _given(decisions: Iterable[Decision], *, is_enough: bool) -> Response:
    rows = [
        {"course": one.course, "checksum": one.checksum, "mails": one.mails, "state": one.word}
        for one in decisions
    ]
    return JSONResponse({"decisions": rows, "enough": is_enough}, status_code=201)


def _move(
    site: ApiSite, asker: Asker, plan: str, wish: Wish, since: datetime | None, *, names_others: bool
) -> Response:
    done = acted_since(site.desk(asker, plan).books, wish, since) if since is not None else None
    if done is None:
        act = partial(act_on_seat, wish=wish, door=Door.API, names_others=names_others)
        done = site.reach(plan, act)
    if done.code:
        raise AnswerProblem(problem(409, done.code, _why(done, asker.language)))
    site.wake(plan, FOLLOW)
    return JSONResponse(
        {"moves": list(done.moved), "strangers": list(done.strangers), "act": f"{done.first}-{done.last}"}
    )


def _take_back(
    site: ApiSite,
    asker: Asker,
    plan: str,
    course: str,
    done: DoneAct,
    asked: shapes.UndoAsked,
    since: datetime | None,
) -> Response:
    """The opposite wish, by the table of `bot.desks.hand.undoing`; decided as any other."""
    books = site.desk(asker, plan).books
    told = HandDesk(books, by=asker.by).told(course, done) if books.plan.course(course) else None
    if told is None:
        raise AnswerProblem(usual_problem(404, "no_act", asker.language))
    back = told.back
    if since is not None and back is None:
        # It was taken back, and nobody heard of it: its opposite is looked for among what was done.
        back = way_back_of(told.lines)
    if back is None:
        raise AnswerProblem(usual_problem(409, "no_way_back", asker.language))
    wish = Wish(
        kind=back.kind,
        course=course,
        offering=back.offering,
        email=back.email,
        to=back.to,
        reason=typed(asked.reason),
        by=asker.by,
        queue=back.queue,
    )
    return _move(site, asker, plan, wish, since, names_others=asked.names_others)


def _line(decision: Decision) -> Action:
    return Action(
        at=decision.at,
        by=decision.by,
        command="approve" if decision.approved else "reject",
        plan=decision.plan,
        course=decision.course,
        door=decision.door.value,
        detail=decision.checksum,
    )


def _refused(error: SafetyRefused | InputError, language: Language) -> Response:
    return problem(409, error.code, error_text(language, error))


def _why(acted: ActedSeat, language: Language) -> str:
    """The refusal in words; who it is about, whoever asks knows."""
    if acted.error is not None:
        return error_text(language, acted.error)
    if acted.newcomer is not None:
        return text(language, f"seats.newcomer.{acted.newcomer.problem}", address=acted.newcomer.email)
    assert acted.refusal is not None  # noqa: S101 - there is a code
    return text(language, f"seats.refused.{refusal_key(acted.refusal)}")
