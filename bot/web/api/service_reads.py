"""What the service did and does, and whether everything is in place. Only HR.

GET   /api/v1/plans/{plan}/runs           what was done last and comes next, what is wrong, who was not told
GET   /api/v1/plans/{plan}/examination    what `doctor` found last, in whichever process
POST  /api/v1/plans/{plan}/examination    let it look now: asks Microsoft 365; 503 while another one goes on
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Row, answer, utc
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.problems import AnswerProblem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.service_state import JobState
    from bot.web.api.access import ApiSite, Asker


def service_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])

    @routes.get("/plans/{plan}/runs", response_model=shapes.RunsDocument, dependencies=[Depends(site.to(HR))])
    def runs(request: Request, plan: str) -> Response:
        asker = asker_of(request)
        site.desk(asker, plan)
        state = site.service.state()
        served = next((one for one in state.plans if one.plan == plan), None)
        document: Row = {"plan": plan, "database": state.database, "microsoft": state.microsoft}
        if served is None:
            return answer(document | {"rests": False, "mails": 0, "troubles": [], "jobs": [], "untold": []})
        troubles = [
            {"trouble": kind.value, "job": job, "words": text(asker.language, f"runs.trouble.{kind.value}")}
            for kind, job in served.troubles
        ]
        untold = [
            {"receiver": one.receiver, "count": one.count, "since": utc(one.since)} for one in served.untold
        ]
        more = {"rests": served.rests, "mails": served.mails.count, "troubles": troubles, "untold": untold}
        return answer(document | more | {"jobs": [_job(one) for one in served.jobs]})

    @routes.get(
        "/plans/{plan}/examination",
        response_model=shapes.ExaminationDocument,
        dependencies=[Depends(site.to(HR))],
    )
    def examination(request: Request, plan: str) -> Response:
        asker = asker_of(request)
        site.desk(asker, plan)
        return _last(site, plan, asker.language)

    @routes.post(
        "/plans/{plan}/examination",
        response_model=shapes.ExaminationDocument,
        responses=CONFLICT,
        dependencies=[Depends(site.to(HR, costly=True))],
    )
    def examine(request: Request, plan: str, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        return once(request, asker, desk, key, None, partial(_examine, site, asker, plan))

    return routes


# Looking once more does no harm.
def _examine(site: ApiSite, asker: Asker, plan: str, _since: datetime | None) -> Response:
    if not site.service.examine(plan, asker.language):
        busy = usual_problem(503, "examined_now", asker.language, headers={"Retry-After": "60"})
        raise AnswerProblem(busy)
    return _last(site, plan, asker.language)


def _last(site: ApiSite, plan: str, language: Language) -> Response:
    last = site.service.last_examination(plan)
    findings = [
        {
            "check": one.check,
            "subject": one.subject,
            "state": one.state.value,
            "words": one_line(text(language, one.message, **one.params)),
        }
        for one in last.findings
    ]
    return answer(
        {
            "plan": plan,
            "at": utc(last.at),
            "goes_on": last.goes_on,
            "error": last.error,
            "failed": last.failed,
            "findings": findings,
        }
    )


def _job(one: JobState) -> Row:
    last = one.last
    return {
        "job": one.job,
        "outcome": last.outcome.value if last else None,
        "error": last.error if last else "",
        "finished_at": utc(last.finished_at) if last else None,
        "good_at": utc(one.good_at),
        "next_at": utc(one.next_at),
        "begun_at": utc(one.begun_at),
        "trouble": one.trouble.value if one.trouble else None,
    }
