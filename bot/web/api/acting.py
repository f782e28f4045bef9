"""What programs may do in HR's name: say yes or no to what waits, and HR's hand on one seat.

Both leave a line with the door `api` and who it was, and let the job come next that carries it out.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from bot.desks.seat_words import refusal_key
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.seats import RequestKind
from bot.errors import InputError, SafetyRefused
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import typed
from bot.web.api import shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.problems import AnswerProblem, problem

if TYPE_CHECKING:
    from bot.desks.seat_act import ActedSeat
    from bot.domain.approvals import Decision
    from bot.domain.people import Language
    from bot.web.api.access import ApiSite

SYNC, FOLLOW = "sync_plan", "follow_decisions"


def acting_routes(site: ApiSite) -> APIRouter:
    """The two of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD | CONFLICT, dependencies=[Depends(site.token())])

    @routes.post(
        "/plans/{plan}/approvals",
        status_code=201,
        response_model=shapes.ApprovalGiven,
        dependencies=[Depends(site.to(HR, costly=True))],
    )
    def approvals(request: Request, plan: str, asked: shapes.ApprovalAsked) -> Response:
        from bot.desks.approvals import give_word

        asker = asker_of(request)
        site.desk(asker, plan)
        given = partial(
            give_word,
            checksum=asked.checksum,
            approved=asked.decision == "approve",
            by=asker.by,
            door=Door.API,
            courses=asked.courses or (),
            comment=typed(asked.reason),
            line=_line,
        )
        try:
            word = site.reach(plan, given)
        except (SafetyRefused, InputError) as error:
            raise AnswerProblem(_refused(error, asker.language)) from None
        site.wake(plan, SYNC)
        rows = [
            {"course": one.course, "checksum": one.checksum, "mails": one.mails, "state": one.word}
            for one in word.decisions
        ]
        return JSONResponse({"decisions": rows, "enough": word.is_enough}, status_code=201)

    @routes.post("/plans/{plan}/seats", response_model=shapes.SeatMoved, dependencies=[Depends(site.to(HR))])
    def seats(request: Request, plan: str, asked: shapes.SeatAsked) -> Response:
        from bot.desks.seat_act import act_on_seat
        from bot.desks.wishes import Wish

        asker = asker_of(request)
        site.desk(asker, plan)
        wish = Wish(
            kind=RequestKind(asked.action),
            course=asked.course,
            offering=asked.offering or "",
            email=asked.email,
            reason=typed(asked.reason),
            by=asker.by,
            queue=asked.queue,
            above=asked.above,
        )
        act = partial(act_on_seat, wish=wish, door=Door.API, names_others=asked.names_others)
        acted = site.reach(plan, act)
        if acted.code:
            raise AnswerProblem(problem(409, acted.code, _why(acted, asker.language)))
        site.wake(plan, FOLLOW)
        return JSONResponse({"moves": list(acted.moved), "strangers": list(acted.strangers)})

    return routes


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
