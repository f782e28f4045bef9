"""The web application: which parts are mounted, what protects all of them, what is shown when one fails.

    /p/{token}…          a person's own page behind a signed link        `bot.web.person`
    /d/{token}           who comes through a session's door               `bot.web.door`
    /i/{word}            what the QR code of a session opens              `bot.web.check_in`
    /e/{token}           what was said of a course, for who spoke        `bot.web.results`
    /certificate…        own certificates, and whether one holds          `bot.web.certificate`
    /m/{token}           where managers say yes or no to sign-ups         `bot.web.sign_ups`
    /feed/{token}.ics    the plan's courses as a calendar                 `bot.web.feed`
    /, /changes, …       the desk, for whoever is signed in               `bot.web.desk`
    /signin, /signout    who somebody is                                  `bot.web.sign_in`
    /api/v1/…            the same for programs, by a token                `bot.web.api`
    /bot/messages        what people write and press in Teams             `bot.teams`
    /graph/…             Microsoft Graph tells that something changed     `bot.web.graph_calls`
    /healthz, /readyz    whether it lives and works                       `bot.web.health`
    /static/…            style sheet, fonts, icons

| when | status | page |
|---|---|---|
| there is no such page, or no such method | 404, 405 | `invalid` |
| a form cannot be read | 422 | `invalid`, and nothing of what was sent is repeated |
| the books cannot be read or written | 503 | `busy` |
| a bug | 500 | `busy` |

Under `/api/` each of them is a problem (RFC 9457) in the place of a page. What else a part answers stands
with its routes. It only composes: another part is another line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from bot.domain.errors import InputError, KursusbotError
from bot.i18n.catalogue import text
from bot.log_lines import get_logger
from bot.messages.characters import one_line
from bot.web.certificate.routes import CertificateSite, certificate_pages
from bot.web.check_in.routes import CheckInSite, check_in_page
from bot.web.door.routes import DoorSite, door_pages
from bot.web.error_pages import language_asked_for, sorry
from bot.web.feed import calendar_feed
from bot.web.graph_calls.routes import graph_calls
from bot.web.health import health
from bot.web.parts import mount
from bot.web.person.evaluation import evaluation_pages
from bot.web.person.routes import person_pages
from bot.web.person.site import NothingToShow, PersonSite
from bot.web.person.tasks import task_pages
from bot.web.problems import is_for_programs, problem, usual_problem
from bot.web.protection import HEADERS, Shield
from bot.web.rendering import STATIC
from bot.web.results import result_pages
from bot.web.sign_ups.routes import ManagerSite, manager_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from fastapi import Request
    from fastapi.responses import Response

    from bot.domain.people import Language
    from bot.ports.desk import Desk
    from bot.web.graph_calls.batching import Gathering
    from bot.web.health import Metrics, Telling
    from bot.web.parts import WebPart

log = get_logger("bot.web")
MOST_PLACES, LONGEST_PLACE = 20, 100


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
    desk: WebPart | None = None,
    api: WebPart | None = None,
    bot: WebPart | None = None,
) -> FastAPI:
    """The application for the plans in `desks` (by plan id).

    `on_decided` is told the plan in which something was decided.

    `secret` and `base_url` are those of the settings that made the links, `former_secrets` open what was sent
    before; `now` gives the instant, UTC. With `readiness` there is `/readyz`, with `metrics` `/metrics`, with
    `gathering` Microsoft Graph may call, with `desk` people may sign in,
    with `api` programs may ask, with `bot` Teams may call.
    """
    site = PersonSite(
        desks=desks,
        secret=secret,
        former_secrets=former_secrets,
        base_url=base_url,
        now=now,
        on_decided=on_decided,
    )
    at_doors = DoorSite(desks=desks, secret=secret, former_secrets=former_secrets, base_url=base_url, now=now)
    parts = [
        person_pages(site),
        evaluation_pages(),
        task_pages(),
        result_pages(desks, secrets=(secret, *former_secrets), now=now),
        door_pages(at_doors),
        check_in_page(CheckInSite(desks=desks, keys=(secret, *former_secrets), has_sign_in=desk is not None)),
        certificate_pages(CertificateSite(desks=desks, secrets=(secret, *former_secrets))),
        manager_pages(
            ManagerSite(
                desks=desks,
                secret=secret,
                former_secrets=former_secrets,
                base_url=base_url,
                on_decided=on_decided,
            )
        ),
        calendar_feed(desks, secrets=(secret, *former_secrets), base_url=base_url),
        health(readiness, metrics),
    ]
    if gathering is not None:
        parts.append(graph_calls(gathering))
    parts += [part for part in (desk, api, bot) if part is not None]
    return _composed(parts, secure=site.is_secure)


def _composed(parts: Sequence[WebPart], *, secure: bool) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    limits = tuple(one for part in parts for one in part.limits)
    app.add_middleware(Shield, secure=secure, limits=limits)
    app.mount("/static", _Cached(directory=STATIC, check_dir=False), name="static")
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(RequestValidationError, _no_page)
    app.add_exception_handler(NothingToShow, _nothing_to_show)
    app.add_exception_handler(KursusbotError, _busy)
    app.add_exception_handler(Exception, _failed)
    for part in parts:
        mount(app, part)
    return app


class _Cached(StaticFiles):
    """Style and fonts change with the program only; a page refers to them by name, so an hour is safe."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def _no_page(request: Request, error: Exception) -> Response:
    """No such page, no such method, a form that cannot be read; nothing of what was sent is repeated."""
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (422, None)
    if is_for_programs(request.url.path):
        code = {404: "no_address", 405: "no_method", 422: "unusable"}.get(status, "unreadable")
        more = {"errors": wrong_places(error)} if isinstance(error, RequestValidationError) else {}
        language = language_asked_for(request)
        return problem(status, code, text(language, f"api.problem.{code}"), headers=headers, **more)
    return sorry("invalid", language_asked_for(request), status, headers=headers)


def _nothing_to_show(request: Request, error: Exception) -> Response:
    """A link that opens nothing; whoever looked says why."""
    return error.answer if isinstance(error, NothingToShow) else _failed(request, error)


def _busy(request: Request, error: Exception) -> Response:
    log.error("web.books_failed", error=str(error))
    if is_for_programs(request.url.path):
        return _told_to_a_program(error, language_asked_for(request))
    return sorry("busy", language_asked_for(request), 503, headers={"Retry-After": "30"})


def _failed(request: Request, _error: Exception) -> Response:
    """A bug; the server writes the traceback.

    This answer does not pass the shield, so it brings the headers itself.
    """
    headers, language = HEADERS | {"Cache-Control": "no-store"}, language_asked_for(request)
    if is_for_programs(request.url.path):
        return usual_problem(500, "fault", language, headers=headers)
    return sorry("busy", language, 500, headers=headers)


def _told_to_a_program(error: Exception, language: Language) -> Response:
    """Which of the things that we need does not answer."""
    code = "books_silent" if isinstance(error, InputError) else "microsoft_silent"
    return usual_problem(503, code, language, headers={"Retry-After": "30"})


def wrong_places(error: RequestValidationError) -> list[dict[str, str]]:
    """Where something is wrong with what was sent, and which rule it breaks; never what was sent."""
    return [
        {"place": one_line(".".join(map(str, one["loc"])))[:LONGEST_PLACE], "rule": one["type"]}
        for one in error.errors()[:MOST_PLACES]
    ]
