"""What was said of one course, for who was given the link to it: to read, and nothing else.

    GET  /e/{token}    the results that may be shown, as HR sees them    decides nothing

| when | status | page |
|---|---|---|
| not a link of ours | 404 | `invalid` |
| the plan or the course is not known any more, or has no form of our own | 404 | `gone` |
| the link is older than half a year | 410 | `results_over` |
| HR has ended it | 410 | `results_ended` |

No names are on the page, and tokens stand in no log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from limits import parse

from bot.links import LinkInvalid, read_results
from bot.ports.desk import Desk
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.limits import Limits
from bot.web.parts import READ, WebPart
from bot.web.rendering import Templates
from bot.web.result_words import result_words

LIMITS = Limits(paths=("/e/",), looks=parse("60/minute"), changes=parse("10/minute"))
PAGES = Templates(words=result_words)


def result_pages(
    desks: Mapping[str, Desk], *, secrets: Sequence[str], now: Callable[[], datetime]
) -> WebPart:
    """The page of everybody who was given such a link."""
    routes = APIRouter()

    @routes.api_route("/e/{token}", methods=READ)
    def show(request: Request, token: str, lang: str = "") -> Response:
        stranger = language_of(lang, language_asked_for(request))
        try:
            grant = read_results(secrets, token)
        except LinkInvalid:
            return sorry("invalid", stranger, 404)
        desk = desks.get(grant.plan)
        found = desk.evaluation_of(grant.course) if desk is not None else None
        if desk is None or found is None:
            return sorry("gone", stranger, 404)
        language = language_of(lang, desk.language)
        if grant.is_over(now()):
            return sorry("results_over", language, 410)
        if grant.generation < desk.results_generation(grant.course):
            return sorry("results_ended", language, 410)
        return HTMLResponse(PAGES.draw("evaluation_shared", language, found=found))

    return WebPart(router=routes, limits=(LIMITS,))
