"""A decision of the plan: what each outcome means, and writing down what it came to.

    GET  /decisions/{id}     the outcomes side by side, then the form    decides nothing
    POST /decisions/{id}     writes it down, then 303 back               HR who showed who they are within the hour

What is decided is an edit (`bot.desks.plans.decisions`): nothing is sent by it before somebody has
approved it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from bot.desks.plans.decisions import DecisionProblem, DecisionWish, decide_here, open_decision, today_of
from bot.domain.sign_in import Area
from bot.i18n.spoken import outcome_text
from bot.log_lines import get_logger
from bot.messages.characters import one_line, typed
from bot.overview.decision_paper import decision_document
from bot.web.desk.access import Caller, caller_of
from bot.web.desk.site import SYNC, DeskSite
from bot.web.error_pages import sorry
from bot.web.sign_in.routes import way_to_sign_in
from config.settings import ApprovalMode

if TYPE_CHECKING:
    from bot.domain.assumptions import Assumption, Outcome

LOG = get_logger("bot.web.desk")
OPEN = "undecided"
FIELDS = {
    DecisionProblem.VALUE: "value",
    DecisionProblem.BODY: "decided_by",
    DecisionProblem.BODY_TOO_LONG: "decided_by",
    DecisionProblem.DAY: "decided_on",
    DecisionProblem.CASE_TOO_LONG: "case",
}
"""The field that a problem stands beside; the others are about the whole page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was filled in."""

    value: str = ""
    decided_by: str = ""
    decided_on: str = ""
    case: str = ""


def decision_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/decisions/{assumption}", dependencies=[Depends(site.access.to(Area.DECISIONS))])
    def show(request: Request, assumption: str, plan: str = "") -> Response:
        return _page(site, request, caller_of(request), plan, assumption)

    @routes.post("/decisions/{assumption}", dependencies=site.to_send(Area.DECISIONS, fresh=True))
    def decide(
        request: Request,
        assumption: str,
        plan: str = "",
        value: Annotated[str, Form()] = "",
        decided_by: Annotated[str, Form()] = "",
        decided_on: Annotated[str, Form()] = "",
        case: Annotated[str, Form()] = "",
        known: Annotated[int, Form()] = -1,
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        stands = open_decision(books, assumption)
        if stands is None:
            return sorry("invalid", caller.language, 404)
        body, number = one_line(typed(decided_by)), one_line(typed(case))
        filled = Typed(value=value, decided_by=body, decided_on=decided_on, case=number)
        if value != OPEN and value not in _words(stands.assumption):
            problem: DecisionProblem | None = DecisionProblem.VALUE
        else:
            wish = DecisionWish(
                assumption=assumption,
                value=_words(stands.assumption).get(value),
                decided_by=filled.decided_by,
                decided_on=_day(decided_on),
                case=filled.case,
                known=known,
            )
            problem = decide_here(books, wish, caller.visitor)
        if problem is not None:
            status = 409 if problem is DecisionProblem.MOVED else 422
            return _page(
                site, request, caller, plan, assumption, status=status, problem=problem, filled=filled
            )
        LOG.info("desk.settled", plan=books.written.id, assumption=assumption)
        site.wake(books.written.id, SYNC)
        done = urlencode({"plan": books.written.id, "done": "opened" if value == OPEN else "settled"})
        return RedirectResponse(f"/decisions/{quote(assumption)}?{done}", 303)

    return routes


def _words(assumption: Assumption) -> dict[str, Outcome]:
    """What a form says for each outcome."""
    return {f"{type(one).__name__}:{one}": one for one in assumption.options}


def _day(text: str) -> date | None:
    """As browsers send a day; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _page(
    site: DeskSite, request: Request, caller: Caller, plan: str, assumption: str, *, status: int = 200,
    problem: DecisionProblem | None = None, filled: Typed | None = None,
) -> Response:  # fmt: skip
    from bot.overview.as_html import overview_body

    desk, language = site.desk(caller, plan), caller.language
    books = desk.books
    stands = open_decision(books, assumption)
    document = decision_document(desk.overview(()), assumption, language)
    if stands is None or document is None:
        return sorry("invalid", language, 404)
    value, done = stands.assumption.value, request.query_params.get("done", "")
    words = _words(stands.assumption)
    return site.show(
        request,
        caller,
        Area.OVERVIEW,
        "decision",
        status=status,
        desk=desk,
        document=document,
        body=Markup(overview_body(document)),  # noqa: S704 - its templates escape
        stands=stands,
        outcomes=[(word, outcome_text(language, one)) for word, one in words.items()],
        outcome="" if value is None else outcome_text(language, value),
        problem=problem.value if problem else "",
        field=FIELDS.get(problem, "") if problem else "",
        filled=filled or Typed(decided_on=today_of(books).isoformat()),
        waits=books.settings.approval is ApprovalMode.PLAN,
        way=way_to_sign_in(request, again=True),
        done=done if done in {"settled", "opened"} else "",
    )
