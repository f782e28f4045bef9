"""The web application: personal pages behind signed links, the calendar feed, and whether it is alive.

    GET  /p/{token}            shows a page                                     decides nothing
    GET  /p/{token}/confirm    asks whether it is meant                         decides nothing
    POST /p/{token}/confirm    decides, then 303 to the page                    the only place where something happens,
    POST /p/{token}/note       keeps a note, then 303 to the page               and this
    GET  /feed/{token}.ics     the plan's courses as a calendar
    POST /graph/…              Microsoft Graph tells that something changed     `bot.web.notifications`
    GET  /healthz, /readyz     whether it lives and works                       `bot.web.health`
    GET  /static/…             style sheet, fonts, icons

Mail scanners open every link and people forward mails: a link that is opened shows whose it is, and nothing
changes before a form on our own page has been sent. Tokens and addresses stand in no log.

| when | status | page |
|---|---|---|
| not a link of ours, or not a page | 404 | `invalid` |
| the link has ended, was renewed, or is a leaver's | 410 | `expired`, `renewed`, `left`, with whom to write to |
| the plan or the course is not known any more | 404 | `gone` |
| the form was not sent from our own page | 403 | `foreign_form` |
| something in the form has to be put right | 422 | the same page, what is wrong beside the field |
| the desk refuses | 409 | the course as it is now, and why |
| the books cannot be read or written | 503 | `busy` |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from bot.domain.addresses import visible
from bot.domain.links import EndedLink, Grant, LinkEnd, Purpose
from bot.domain.notes import LONGEST_NOTE
from bot.domain.pages import PersonPage
from bot.domain.people import Language
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RefusalReason, RequestKind, SeatRequest
from bot.errors import KursusbotError
from bot.links import LinkInvalid, read_token
from bot.log_lines import get_logger
from bot.ports.desk import Desk
from bot.web.batching import Gathering
from bot.web.error_pages import browser_language, language_of, sorry
from bot.web.forms import (
    BY_LINK,
    LIMITS,
    LONGEST_ADDRESS,
    LONGEST_REASON,
    offering_of,
    still_true,
    typed,
    what_happened,
)
from bot.web.health import READ, Metrics, Telling, add_health
from bot.web.notifications import add_notifications
from bot.web.protection import HEADERS, Shield, form_nonce, form_proof, is_own_form, keep_nonce
from bot.web.rendering import STATIC, draw

log = get_logger("bot.web")


class _Opened(NamedTuple):
    """Everything that a page needs."""

    grant: Grant
    desk: Desk
    page: PersonPage
    language: Language


class _Site:
    """What the routes share."""

    def __init__(
        self,
        desks: Mapping[str, Desk],
        secret: str,
        base_url: str,
        now: Callable[[], datetime],
        on_decided: Callable[[str], None],
        former_secrets: Sequence[str],
    ) -> None:
        self.desks, self.secret, self.base_url, self.now, self.on_decided = (
            desks,
            secret,
            base_url,
            now,
            on_decided,
        )
        self.secrets = (secret, *former_secrets)
        self.secure = urlsplit(base_url).scheme == "https"

    def open(self, request: Request, token: str, lang: str) -> _Opened | Response:
        """Everything that a page needs, or the page that says why there is none."""
        stranger = language_of(lang, _language_asked_for(request))
        try:
            grant = read_token(self.secrets, token, purpose=Purpose.PERSON)
        except LinkInvalid:
            return sorry("invalid", stranger, 404)
        desk = self.desks.get(grant.plan)
        if desk is None:
            return sorry("gone", stranger, 404)
        page = desk.page(grant)
        if isinstance(page, EndedLink):
            status = 404 if page.why is LinkEnd.GONE else 410
            return sorry(page.why.value, language_of(lang, page.language), status, contact=page.contact)
        # Plan and course may have other ids by now than the link says.
        return _Opened(
            replace(grant, plan=desk.plan, course=page.course.course),
            desk,
            page,
            language_of(lang, page.language),
        )

    def open_for_change(self, request: Request, token: str, lang: str, proof: str) -> _Opened | Response:
        """As `open`, for a form that was sent from our own page."""
        opened = self.open(request, token, lang)
        if isinstance(opened, Response) or is_own_form(
            request, secret=self.secret, token=token, proof=proof, base_url=self.base_url
        ):
            return opened
        return sorry("foreign_form", opened.language, 403, contact=opened.page.contact)

    def show_course(
        self,
        request: Request,
        token: str,
        opened: _Opened,
        status: int = 200,
        *,
        done: str = "",
        refused: str = "",
        **facts: Any,
    ) -> Response:
        """The course; `done` and `refused` tell what just happened to `about`."""
        here = f"/p/{token}?"
        facts = {"about": None, "problem": "", "note": opened.page.course.note} | facts
        return self._show(
            request, token, opened, "course", status, here=here, done=done, refused=refused, **facts
        )

    def show_question(
        self, request: Request, token: str, opened: _Opened, status: int = 200, **facts: Any
    ) -> Response:
        """The form that asks whether it is meant."""
        facts = {"problem": "", "colleague": "", "reason": ""} | facts
        asked = urlencode({"action": facts["kind"].value, "offering": facts["about"].offering})
        here = f"/p/{token}/confirm?{asked}&"
        return self._show(request, token, opened, "confirm", status, here=here, **facts)

    def _show(
        self, request: Request, token: str, opened: _Opened, name: str, status: int, **facts: Any
    ) -> Response:
        """A page with a form on it; the browser gets the cookie that the form needs."""
        nonce = form_nonce(request)
        facts |= {
            "page": opened.page,
            "course": opened.page.course,
            "token": token,
            "proof": form_proof(self.secret, nonce, token),
        }
        html = draw(name, opened.language, limits=LIMITS, kinds=RequestKind, address=quote, **facts)
        answer = HTMLResponse(html, status_code=status)
        keep_nonce(answer, nonce, secure=self.secure)
        return answer


def create_app(
    desks: Mapping[str, Desk],
    *,
    secret: str,
    base_url: str,
    now: Callable[[], datetime],
    former_secrets: Sequence[str] = (),
    on_decided: Callable[[str], None] = lambda _plan: None,
    readiness: Telling | None = None,
    gathering: Gathering | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The application for the plans in `desks` (by plan id).

    `on_decided` is told the plan in which something was decided.

    `secret` and `base_url` are those of the settings that made the links, `former_secrets` open what was sent
    before; `now` gives the instant, UTC. With `readiness` there is `/readyz`, with `metrics` `/metrics`, with
    `gathering` Microsoft Graph may call.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    site = _Site(desks, secret, base_url, now, on_decided, former_secrets)
    app.add_middleware(Shield, secure=site.secure)
    app.mount("/static", _Cached(directory=STATIC, check_dir=False), name="static")
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(RequestValidationError, _no_page)
    app.add_exception_handler(KursusbotError, _busy)
    app.add_exception_handler(Exception, _failed)
    _add_pages(app, site)
    _add_changes(app, site)
    if gathering is not None:
        add_notifications(app, gathering)

    @app.api_route("/feed/{name}", methods=READ)
    def feed(name: str) -> Response:
        try:
            grant = read_token(site.secrets, name.removesuffix(".ics"), purpose=Purpose.FEED)
        except LinkInvalid:
            return PlainTextResponse("Not found", status_code=404)
        desk = desks.get(grant.plan)
        found = (
            desk.feed(grant, host=urlsplit(base_url).hostname or "localhost") if desk is not None else None
        )
        if found is None:
            return PlainTextResponse("Not found", status_code=404)
        return Response(
            found,
            media_type="text/calendar; charset=utf-8",
            headers={"Cache-Control": "private, max-age=900"},
        )

    add_health(app, readiness, metrics)
    return app


def _add_pages(app: FastAPI, site: _Site) -> None:
    @app.api_route("/p/{token}", methods=READ)
    def show_page(
        request: Request, token: str, lang: str = "", done: str = "", offering: str = ""
    ) -> Response:
        opened = site.open(request, token, lang)
        if isinstance(opened, Response):
            return opened
        about = offering_of(opened.page, offering)
        return site.show_course(
            request, token, opened, done=done if still_true(done, about) else "", about=about
        )

    @app.api_route("/p/{token}/confirm", methods=READ)
    def ask(request: Request, token: str, action: str = "", offering: str = "", lang: str = "") -> Response:
        opened = site.open(request, token, lang)
        if isinstance(opened, Response):
            return opened
        kind, about = BY_LINK.get(action), offering_of(opened.page, offering)
        if about is None or kind is None or kind not in about.actions:
            return RedirectResponse(_page_address(token, opened.language), status_code=303)
        return site.show_question(request, token, opened, kind=kind, about=about)


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
        kind, about = BY_LINK.get(action), offering_of(page, offering)
        if (
            about is None
            or kind is None
            or (kind is RequestKind.GIVE_UP and about.status is None and kind not in about.actions)
        ):
            # A date that the person was not asked about is not declined, only left alone.
            unknown = RefusalReason.UNKNOWN_OFFERING if about is None else RefusalReason.NOTHING_TO_DO
            return site.show_course(request, token, opened, 409, refused=unknown.value)
        reason, colleague = typed(reason), typed(visible(colleague))
        to, problem = _checked(desk, kind, grant, about.offering, colleague=colleague, reason=reason)
        if problem and kind in about.actions:
            return site.show_question(
                request,
                token,
                opened,
                422,
                kind=kind,
                about=about,
                problem=problem,
                colleague=colleague,
                reason=reason,
            )
        # What the page did not offer is asked for all the same: somebody took the last seat meanwhile, and
        # only the desk knows.
        wish = SeatRequest(
            kind=kind,
            course=grant.course,
            offering=about.offering,
            email=page.email,
            at=site.now(),
            source=AnswerSource.WEB,
            by=page.email,
            reason=reason[:LONGEST_REASON],
            to=to,
        )
        refusal = desk.decide(wish)
        shown = desk.page(grant)
        after = opened._replace(page=page if isinstance(shown, EndedLink) else shown)
        now_there = offering_of(after.page, about.offering)
        if refusal is not None:
            log.info("web.refused", kind=kind.value, reason=refusal.reason.value)
            return site.show_course(request, token, after, 409, refused=refusal.reason.value, about=now_there)
        log.info("web.decided", kind=kind.value, plan=grant.plan, course=grant.course)
        site.on_decided(grant.plan)
        return RedirectResponse(
            _page_address(token, language, done=what_happened(kind, now_there), offering=about.offering), 303
        )

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
        note = typed(text)
        if len(note) > LONGEST_NOTE:
            return site.show_course(request, token, opened, 422, problem="note_too_long", note=note)
        opened.desk.save_note(email=opened.page.email, course=opened.grant.course, text=note)
        return RedirectResponse(_page_address(token, opened.language, done="note"), 303)


def _checked(
    desk: Desk, kind: RequestKind, grant: Grant, offering: str, *, colleague: str, reason: str
) -> tuple[str, str]:
    """The colleague's canonical address, and what is wrong with the form.

    "" where there is none to name, and where the form is in order.
    """
    if len(reason) > LONGEST_REASON:
        return "", "reason_too_long"
    if kind is not RequestKind.HAND_OVER:
        return "", ""
    if not colleague:
        return "", "colleague_missing"
    known = (
        desk.colleague(course=grant.course, offering=offering, address=colleague)
        if len(colleague) <= LONGEST_ADDRESS
        else None
    )
    return (known, "") if known is not None else ("", "colleague_unknown")


class _Cached(StaticFiles):
    """Style and fonts change with the program only; a page refers to them by name, so an hour is safe."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def _page_address(token: str, language: Language, **facts: str) -> str:
    return f"/p/{token}?{urlencode({'lang': language.value, **facts})}"


def _language_asked_for(request: Request) -> Language:
    return browser_language(request.headers.get("accept-language", ""))


def _no_page(request: Request, error: Exception) -> Response:
    """No such page, no such method, a form that cannot be read; nothing of what was sent is repeated."""
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (422, None)
    return sorry("invalid", _language_asked_for(request), status, headers=headers)


def _busy(request: Request, error: Exception) -> Response:
    log.error("web.books_failed", error=str(error))
    return sorry("busy", _language_asked_for(request), 503, headers={"Retry-After": "30"})


def _failed(request: Request, _error: Exception) -> Response:
    """A bug; the server writes the traceback.

    This answer does not pass the shield, so it brings the headers itself.
    """
    return sorry("busy", _language_asked_for(request), 500, headers=HEADERS | {"Cache-Control": "no-store"})
