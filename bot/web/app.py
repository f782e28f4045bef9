"""The web application: personal pages behind signed links, the calendar feed, and whether it is alive.

    GET  /p/{token}            shows a page                                     decides nothing
    GET  /p/{token}/confirm    asks whether it is meant                         decides nothing
    POST /p/{token}/confirm    decides, then 303 to the page                    the only place where something happens,
    POST /p/{token}/note       keeps a note, then 303 to the page               and this
    GET  /feed/{token}.ics     the plan's courses as a calendar
    GET  /healthz              200 while the process serves
    GET  /static/…             style sheet, fonts, icons

Mail scanners open every link and people forward mails: a link that is opened shows whose it is, and nothing changes before a
form on our own page has been sent. Tokens and addresses stand in no log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.domain.notes import LONGEST_NOTE
from bot.domain.pages import OfferingView, PersonPage
from bot.domain.people import Language
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.errors import DatabaseFailed
from bot.links import Grant, LinkExpired, LinkInvalid, Purpose, read_token
from bot.ports import Desk
from bot.web.drawing import STATIC, draw
from bot.web.protection import Shield, form_nonce, form_proof, is_own_form, keep_nonce

log = structlog.get_logger("bot.web")
LONGEST_REASON = 500
LONGEST_ADDRESS = 320
DONE = frozenset({"seat", "line", "given_up", "handed_over", "note"})
"""What may have just happened; texts are `web.done.<value>`."""


class _Site:
    """What the routes share."""

    def __init__(
        self, desks: Mapping[str, Desk], secret: str, base_url: str, now: Callable[[], datetime], on_decided: Callable[[str], None]
    ) -> None:
        self.desks, self.secret, self.base_url, self.now, self.on_decided = desks, secret, base_url, now, on_decided
        self.secure = urlsplit(base_url).scheme == "https"

    def open(self, token: str, lang: str) -> tuple[Grant, Desk, PersonPage, Language] | Response:
        """Everything that a page needs, or the page that says why there is none."""
        try:
            grant = read_token(self.secret, token, purpose=Purpose.PERSON, now=self.now())
        except LinkExpired:
            return _sorry("expired", _language(lang, Language.DA), 410)
        except LinkInvalid:
            return _sorry("invalid", _language(lang, Language.DA), 404)
        desk = self.desks.get(grant.plan)
        page = desk.page(email=grant.email, course=grant.course) if desk is not None else None
        if desk is None or page is None:
            return _sorry("gone", _language(lang, Language.DA), 404)
        return grant, desk, page, _language(lang, page.language)

    def open_for_change(self, request: Request, token: str, lang: str, proof: str) -> tuple[Grant, Desk, PersonPage, Language] | Response:
        """As `open`, for a form that was sent from our own page."""
        opened = self.open(token, lang)
        if isinstance(opened, Response) or is_own_form(request, secret=self.secret, token=token, proof=proof, base_url=self.base_url):
            return opened
        return _sorry("foreign_form", opened[3], 403)

    def show(
        self, request: Request, token: str, page: PersonPage, language: Language, name: str, status: int = 200, **facts: Any
    ) -> Response:
        """A page with a form on it; the browser gets the cookie that the form needs."""
        nonce = form_nonce(request)
        proof = form_proof(self.secret, nonce, token)
        html = draw(name, language, page=page, course=page.course, token=token, proof=proof, limits=LIMITS, kinds=RequestKind, **facts)
        answer = HTMLResponse(html, status_code=status)
        keep_nonce(answer, nonce, secure=self.secure)
        return answer


LIMITS = {"note": LONGEST_NOTE, "reason": LONGEST_REASON, "address": LONGEST_ADDRESS}


def create_app(
    desks: Mapping[str, Desk],
    *,
    secret: str,
    base_url: str,
    now: Callable[[], datetime],
    on_decided: Callable[[str], None] = lambda _plan: None,
) -> FastAPI:
    """The application for the plans in `desks` (by plan id); `on_decided` is told the plan in which something was decided.

    `secret` and `base_url` are those of the settings that made the links; `now` gives the instant, UTC.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    site = _Site(desks, secret, base_url, now, on_decided)
    app.add_middleware(Shield, secure=site.secure)
    app.mount("/static", _Cached(directory=STATIC, check_dir=False), name="static")
    app.add_exception_handler(404, lambda _request, _error: _sorry("invalid", Language.DA, 404))
    app.add_exception_handler(DatabaseFailed, _busy)
    _add_pages(app, site)
    _add_changes(app, site)

    @app.get("/feed/{name}")
    def feed(name: str) -> Response:
        try:
            grant = read_token(secret, name.removesuffix(".ics"), purpose=Purpose.FEED, now=now())
        except (LinkInvalid, LinkExpired):
            return PlainTextResponse("Not found", status_code=404)
        desk = desks.get(grant.plan)
        if desk is None:
            return PlainTextResponse("Not found", status_code=404)
        host = urlsplit(base_url).hostname or "localhost"
        return Response(desk.feed(host=host), media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, max-age=900"})

    @app.get("/healthz")
    def healthz() -> Response:
        return PlainTextResponse("ok")

    return app


def _add_pages(app: FastAPI, site: _Site) -> None:
    @app.get("/p/{token}")
    def show_page(request: Request, token: str, lang: str = "", done: str = "", offering: str = "") -> Response:
        opened = site.open(token, lang)
        if isinstance(opened, Response):
            return opened
        _, _, page, language = opened
        about = _offering(page, offering)
        told = done if done in DONE and (about is not None or done == "note") else ""
        return site.show(request, token, page, language, "course", done=told, about=about)

    @app.get("/p/{token}/confirm")
    def ask(request: Request, token: str, action: str = "", offering: str = "", lang: str = "") -> Response:
        opened = site.open(token, lang)
        if isinstance(opened, Response):
            return opened
        _, _, page, language = opened
        kind, about = _asked(page, action, offering)
        if kind is None or about is None:
            return RedirectResponse(_page_address(token, language), status_code=303)
        return site.show(request, token, page, language, "confirm", kind=kind, about=about, problem="", colleague="", reason="")


def _add_changes(app: FastAPI, site: _Site) -> None:
    @app.post("/p/{token}/confirm")
    def decide(
        request: Request,
        token: str,
        action: Annotated[str, Form()] = "",
        offering: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
        colleague: Annotated[str, Form()] = "",
        proof: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
    ) -> Response:
        opened = site.open_for_change(request, token, lang, proof)
        if isinstance(opened, Response):
            return opened
        grant, desk, page, language = opened
        kind, about = _asked(page, action, offering)
        if kind is None or about is None:
            return site.show(request, token, page, language, "course", 409, done="", about=None, refused="nothing_to_do")
        to, problem = _checked(desk, kind, grant.course, about.offering, colleague=colleague, reason=reason)
        if problem:
            facts = {"kind": kind, "about": about, "problem": problem, "colleague": colleague, "reason": reason}
            return site.show(request, token, page, language, "confirm", 422, **facts)
        wish = SeatRequest(
            kind=kind,
            course=grant.course,
            offering=about.offering,
            email=page.email,
            at=site.now(),
            source=AnswerSource.WEB,
            by=page.email,
            reason=reason.strip(),
            to=to,
        )
        refusal = desk.decide(wish)
        after = desk.page(email=grant.email, course=grant.course) or page
        if refusal is not None:
            log.info("web.refused", kind=kind.value, reason=refusal.reason.value)
            return site.show(request, token, after, language, "course", 409, done="", about=about, refused=refusal.reason.value)
        log.info("web.decided", kind=kind.value, plan=grant.plan, course=grant.course)
        site.on_decided(grant.plan)
        return RedirectResponse(_page_address(token, language, done=_what_happened(kind, after, about), offering=about.offering), 303)

    @app.post("/p/{token}/note")
    def keep_note(
        request: Request,
        token: str,
        text: Annotated[str, Form()] = "",
        proof: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
    ) -> Response:
        opened = site.open_for_change(request, token, lang, proof)
        if isinstance(opened, Response):
            return opened
        grant, desk, page, language = opened
        if len(text) > LONGEST_NOTE:
            return site.show(request, token, page, language, "course", 422, done="", about=None, problem="note_too_long")
        desk.save_note(email=grant.email, course=grant.course, text=text)
        return RedirectResponse(_page_address(token, language, done="note"), 303)


def _checked(desk: Desk, kind: RequestKind, course: str, offering: str, *, colleague: str, reason: str) -> tuple[str, str]:
    """The colleague's canonical address ("" where there is none to name), and what is wrong with the form ("" when it is in order)."""
    if len(reason) > LONGEST_REASON:
        return "", "reason_too_long"
    if kind is not RequestKind.HAND_OVER:
        return "", ""
    known = desk.colleague(course=course, offering=offering, address=colleague) if 0 < len(colleague) <= LONGEST_ADDRESS else None
    return (known, "") if known is not None else ("", "colleague_unknown")


class _Cached(StaticFiles):
    """Style and fonts change with the program only; a page refers to them by name, so an hour is safe."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def _asked(page: PersonPage, action: str, offering: str) -> tuple[RequestKind | None, OfferingView | None]:
    """What is asked for, as far as the page offers it."""
    about = _offering(page, offering)
    kind = next((one for one in (about.actions if about else ()) if one.value == action), None)
    return kind, about


def _offering(page: PersonPage, offering: str) -> OfferingView | None:
    return next((one for one in page.course.offerings if one.offering == offering), None)


def _what_happened(kind: RequestKind, page: PersonPage | None, about: OfferingView) -> str:
    now = _offering(page, about.offering) if page is not None else None
    if kind is RequestKind.CHOOSE:
        return "line" if now is not None and now.status is RegistrationStatus.WAITLISTED else "seat"
    return "handed_over" if kind is RequestKind.HAND_OVER else "given_up"


def _language(lang: str, otherwise: Language) -> Language:
    return Language(lang) if lang in set(Language) else otherwise


def _page_address(token: str, language: Language, **facts: str) -> str:
    return f"/p/{token}?{urlencode({'lang': language.value, **facts})}"


def _sorry(what: str, language: Language, status: int) -> Response:
    return HTMLResponse(draw("sorry", language, what=what), status_code=status)


def _busy(_request: Request, error: Exception) -> Response:
    log.error("web.database_failed", error=str(error))
    return HTMLResponse(draw("sorry", Language.DA, what="busy"), status_code=503, headers={"Retry-After": "30"})
