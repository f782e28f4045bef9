"""Where a manager says yes or no to the sign-ups of their people, behind a signed link.

    GET  /m/{token}     all that waits for them, each with two buttons; decides nothing
    POST /m/{token}     yes or no to one of them (`sign_up`, `answer`)

| when | status | page |
|---|---|---|
| not a link of ours, or a plan that is not known | 404 | `invalid`, `gone` |
| renewed, or too old | 410 | `renewed`, `expired` |
| a form from elsewhere, or without our cookie | 403 | `foreign_form` |
| it waits for them no more | 409 | what waits, and that it was answered or taken back |
| else | 200, 303 | what waits |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import parse

from bot.domain.links import EndedLink, LinkEnd, Purpose
from bot.domain.manager_pages import ManagerPage
from bot.domain.people import Language
from bot.i18n.dates import day_text
from bot.links import LinkInvalid, read_token
from bot.log_lines import get_logger
from bot.ports.desk import Desk, ManagerDoor
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.limits import Limits
from bot.web.parts import READ, WebPart
from bot.web.protection import form_nonce, form_proof, is_own_form, keep_nonce
from bot.web.rendering import Templates

log = get_logger("bot.web")
PAGES = Templates(Path(__file__).parent / "templates")
LIMITS = Limits(paths=("/m/",), looks=parse("60/minute"), changes=parse("60/minute"))
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerSite:
    """What the routes need; `on_decided` is told the plan in which something was decided."""

    desks: Mapping[str, Desk]
    secret: str
    former_secrets: Sequence[str]
    base_url: str
    on_decided: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtDoor:
    """A link that opens: whose it is and what waits."""

    site: ManagerSite
    request: Request
    token: str
    plan: str
    door: ManagerDoor
    page: ManagerPage
    language: Language

    def show(self, status: int = 200, *, done: str = "") -> Response:
        nonce = form_nonce(self.request)
        html = PAGES.draw(
            "waiting", self.language, page=self.page, token=self.token, done=done, here=f"/m/{self.token}?",
            day=lambda moment: day_text(self.language, moment),
            proof=form_proof(self.site.secret, nonce, self.token),
        )  # fmt: skip
        answer = HTMLResponse(html, status_code=status)
        keep_nonce(answer, nonce, secure=self.site.base_url.startswith("https:"), path="/m/")
        return answer


def manager_pages(site: ManagerSite) -> WebPart:
    """The pages of managers who were asked."""
    routes = APIRouter()

    @routes.api_route("/m/{token}", methods=READ)
    def show(request: Request, token: str, lang: str = "", done: str = "") -> Response:
        found = _opened(site, request, token, lang)
        return found if isinstance(found, Response) else found.show(done=done if done in ANSWERS else "")

    @routes.post("/m/{token}")
    def answer(
        request: Request,
        token: str,
        sign_up: Annotated[str, Form()] = "",
        answer: Annotated[str, Form()] = "",
        proof: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
    ) -> Response:
        found = _opened(site, request, token, lang)
        if isinstance(found, Response):
            return found
        if not is_own_form(request, secret=site.secret, token=token, proof=proof, base_url=site.base_url):
            return sorry("foreign_form", found.language, 403, contact=found.page.contact)
        said = ANSWERS.get(answer)
        if said is None or not found.door.answer(found.page, sign_up, yes=said):
            return _afresh(found, lang).show(409, done="too_late")
        log.info("web.decided", kind="approve" if said else "disapprove", plan=found.plan)
        site.on_decided(found.plan)
        facts = urlencode({"lang": found.language.value, "done": answer})
        return RedirectResponse(f"/m/{token}?{facts}", status_code=303)

    return WebPart(router=routes, limits=(LIMITS,))


def _afresh(found: _AtDoor, lang: str) -> _AtDoor:
    again = _opened(found.site, found.request, found.token, lang)
    return again if isinstance(again, _AtDoor) else found


def _opened(site: ManagerSite, request: Request, token: str, lang: str) -> _AtDoor | Response:
    stranger = language_of(lang, language_asked_for(request))
    try:
        grant = read_token((site.secret, *site.former_secrets), token, purpose=Purpose.MANAGER)
    except LinkInvalid:
        return sorry("invalid", stranger, 404)
    desk = site.desks.get(grant.plan)
    if desk is None:
        return sorry("gone", stranger, 404)
    door = desk.managers()
    page = door.behind(replace(grant, plan=desk.plan))
    if isinstance(page, EndedLink):
        status = 404 if page.why is LinkEnd.GONE else 410
        return sorry(page.why.value, language_of(lang, page.language), status, contact=page.contact)
    return _AtDoor(
        site=site,
        request=request,
        token=token,
        plan=desk.plan,
        door=door,
        page=page,
        language=language_of(lang, page.language),
    )
