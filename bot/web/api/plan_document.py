"""The plan itself, as the document that it is. Only HR.

GET   /api/v1/plans/{plan}/plan    what it says, with the number of its last save as `ETag`          logged
PUT   /api/v1/plans/{plan}/plan    another content, where that is still the last save (`If-Match`)   logged

Only a plan that is kept on the desk can be written; one in a file is HR's own. What follows from a save for
the calendar waits for approval, as after any edit.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response

from bot.desks.plans.store import PlanStore, SaveState
from bot.domain.approvals import Door
from bot.domain.desk_plans import document_content
from bot.domain.plan_places import desk_plan_named
from bot.i18n.catalogue import text
from bot.plan import problems_json
from bot.plan.document import json_document
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import line_of
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD, UNMATCHED
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.plan import CoursePlan
    from bot.domain.problems import Problem
    from bot.web.api.access import ApiSite, Asker

SYNC = "sync_plan"
Match = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^("\d{1,9}")?$',
        description="The `ETag` of the plan that yours was made from.",
    ),
]
REFUSED = {SaveState.CONFLICT: (412, "plan_saved_since"), SaveState.OTHER_PLAN: (409, "plan_other")}


def plan_document_routes(site: ApiSite) -> APIRouter:
    """Both of them."""
    routes = APIRouter(
        prefix="/api/v1", responses=TOLD | CONFLICT | UNMATCHED, dependencies=[Depends(site.token())]
    )
    where, only_hr = "/plans/{plan}/plan", [Depends(site.to(HR))]

    @routes.get(where, response_model=shapes.PlanAsDocument, dependencies=only_hr)
    def read(request: Request, plan: str) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        desk.stores.actions.note(line_of(desk, asker, "plan export", detail="json"))
        return _as_kept(desk)

    @routes.put(where, response_model=shapes.PlanAsDocument, dependencies=only_hr)
    def write(
        request: Request, plan: str, asked: shapes.PlanAsked, match: Match = "", key: Key = ""
    ) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        if not match:
            raise AnswerProblem(usual_problem(428, "no_match", asker.language))
        act = partial(_write, site, asker, desk, asked.root, int(match.strip('"')))
        return once(request, asker, desk, key, asked, act)

    return routes


def _store(desk: PlanDesk) -> PlanStore | None:
    """None of a plan in a file."""
    books = desk.books
    named = desk_plan_named(books.settings.plan or "")
    return None if named is None else PlanStore(books.settings, desk.stores, named)


def _as_kept(desk: PlanDesk) -> Response:
    """As it was saved last; of a plan in a file as it was read, without a number."""
    store = _store(desk)
    kept = store.kept() if store is not None else None
    plan, number = (kept[0], kept[1].number) if kept is not None else (desk.books.whole, None)
    told = {"plan": plan.id, "number": number, "document": json_document(plan)}
    return JSONResponse(told, headers={"ETag": f'"{number}"'} if number is not None else {})


def _write(
    site: ApiSite, asker: Asker, desk: PlanDesk, document: dict[str, Any], base: int, since: datetime | None
) -> Response:
    store = _store(desk)
    if store is None:
        raise AnswerProblem(usual_problem(409, "plan_in_file", asker.language))
    parsed = store.read(document_content(document))
    if parsed.plan is None:
        raise AnswerProblem(_invalid(asker, parsed.problems))
    done = store.save(parsed.plan, base=base, by=asker.by, door=Door.API)
    if done.state is SaveState.CONFLICT and since is not None and _was_saved(store, parsed.plan, base, asker):
        # Nobody heard of it.
        return _as_kept(desk)
    if done.state in REFUSED:
        status, code = REFUSED[done.state]
        raise AnswerProblem(usual_problem(status, code, asker.language))
    if done.state is SaveState.INVALID:
        raise AnswerProblem(_invalid(asker, done.problems))
    site.wake(desk.as_read.id, SYNC)
    return _as_kept(desk)


def _was_saved(store: PlanStore, plan: CoursePlan, base: int, asker: Asker) -> bool:
    """Whether that is the last save already, and theirs."""
    kept = store.kept()
    if kept is None or (kept[1].number, kept[1].saved_by) != (base + 1, asker.by):
        return False
    return json_document(kept[0]) == json_document(plan)


def _invalid(asker: Asker, problems: tuple[Problem, ...]) -> Response:
    """With all that is wrong, each with its place in the document."""
    said = text(asker.language, "api.problem.plan_invalid")
    told = problems_json(problems, asker.language, ok=False)["problems"]
    return problem(422, "plan_invalid", said, problems=told)
