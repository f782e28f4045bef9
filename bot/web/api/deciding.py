"""The decisions that a plan leaves open. Only HR.

GET   /api/v1/plans/{plan}/decisions/{decision}    as it stands, and what may be decided
POST  /api/v1/plans/{plan}/decisions/{decision}    writes it down, or opens it again             logged

What is decided is an edit: nothing is sent by it before somebody has approved what follows.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.desks.plans.decisions import DecisionProblem, DecisionWish, decide_here, open_decision
from bot.domain.approvals import Door
from bot.i18n.catalogue import text
from bot.messages.characters import one_line, typed
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Row, answer
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.plans.decisions import OpenDecision
    from bot.web.api.access import ApiSite, Asker

SYNC = "sync_plan"


def deciding_routes(site: ApiSite) -> APIRouter:
    """Both of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD | CONFLICT, dependencies=[Depends(site.token())])
    where = "/plans/{plan}/decisions/{decision}"

    @routes.get(where, response_model=shapes.DecisionDocument, dependencies=[Depends(site.to(HR))])
    def stands(request: Request, plan: str, decision: str) -> Response:
        asker = asker_of(request)
        return answer(_document(_open(site, asker, plan, decision)))

    @routes.post(where, response_model=shapes.DecisionDocument, dependencies=[Depends(site.to(HR))])
    def decide(
        request: Request, plan: str, decision: str, asked: shapes.DecisionAsked, key: Key = ""
    ) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        return once(request, asker, desk, key, asked, partial(_decide, site, asker, plan, decision, asked))

    return routes


def _open(site: ApiSite, asker: Asker, plan: str, decision: str) -> OpenDecision:
    found = open_decision(site.desk(asker, plan).books, decision)
    if found is None:
        raise AnswerProblem(usual_problem(404, "no_decision", asker.language))
    return found


def _decide(
    site: ApiSite,
    asker: Asker,
    plan: str,
    decision: str,
    asked: shapes.DecisionAsked,
    since: datetime | None,
) -> Response:
    found = _open(site, asker, plan, decision)
    if since is not None and found.known > asked.known and found.assumption.value == asked.value:
        # It was written down, and nobody heard of it.
        return answer(_document(found))
    wish = DecisionWish(
        assumption=decision,
        value=asked.value,
        decided_by=one_line(typed(asked.decided_by)),
        decided_on=asked.decided_on,
        case=one_line(typed(asked.case)),
        known=asked.known,
    )
    wrong = decide_here(site.desk(asker, plan).books, wish, asker.visitor, door=Door.API)
    if wrong is not None:
        code = "decision_moved" if wrong is DecisionProblem.MOVED else "decision_unusable"
        said = text(asker.language, f"decisions.problem.{wrong.value}")
        raise AnswerProblem(problem(409, code, said))
    site.wake(plan, SYNC)
    return answer(_document(_open(site, asker, plan, decision)))


def _document(found: OpenDecision) -> Row:
    one = found.assumption
    return {
        "id": one.id,
        "question": one.question,
        "value": one.value,
        "options": list(one.options),
        "in_plan": found.in_plan,
        "known": found.known,
        "decided_by": one.decided_by,
        "decided_on": one.decided_on.isoformat() if one.decided_on else None,
        "case": one.case,
    }
