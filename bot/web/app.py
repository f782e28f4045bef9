"""The web application: which parts are mounted, what protects all of them, what is shown when one fails.

    /p/{token}…          a person's own page behind a signed link        `bot.web.person`
    /feed/{token}.ics    the plan's courses as a calendar                 `bot.web.feed`
    /, /changes, …       the desk, for whoever is signed in               `bot.web.desk`
    /signin, /signout    who somebody is                                  `bot.web.sign_in`
    /graph/…             Microsoft Graph tells that something changed     `bot.web.graph_calls`
    /healthz, /readyz    whether it lives and works                       `bot.web.health`
    /static/…            style sheet, fonts, icons

| when | status | page |
|---|---|---|
| there is no such page, or no such method | 404, 405 | `invalid` |
| a form cannot be read | 422 | `invalid`, and nothing of what was sent is repeated |
| the books cannot be read or written | 503 | `busy` |
| a bug | 500 | `busy` |

What else a part answers stands with its routes. It only composes: another part is another line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from bot.errors import KursusbotError
from bot.log_lines import get_logger
from bot.web.error_pages import language_asked_for, sorry
from bot.web.feed import calendar_feed
from bot.web.graph_calls.routes import graph_calls
from bot.web.health import health
from bot.web.parts import mount
from bot.web.person.routes import person_pages
from bot.web.person.site import NothingToShow, PersonSite
from bot.web.protection import HEADERS, Shield
from bot.web.rendering import STATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from fastapi import Request
    from fastapi.responses import Response

    from bot.ports.desk import Desk
    from bot.web.graph_calls.batching import Gathering
    from bot.web.health import Metrics, Telling
    from bot.web.parts import WebPart

log = get_logger("bot.web")


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
) -> FastAPI:
    """The application for the plans in `desks` (by plan id).

    `on_decided` is told the plan in which something was decided.

    `secret` and `base_url` are those of the settings that made the links, `former_secrets` open what was sent
    before; `now` gives the instant, UTC. With `readiness` there is `/readyz`, with `metrics` `/metrics`, with
    `gathering` Microsoft Graph may call, with `desk` people may sign in.
    """
    site = PersonSite(
        desks=desks,
        secret=secret,
        former_secrets=former_secrets,
        base_url=base_url,
        now=now,
        on_decided=on_decided,
    )
    parts = [
        person_pages(site),
        calendar_feed(desks, secrets=(secret, *former_secrets), base_url=base_url),
        health(readiness, metrics),
    ]
    if gathering is not None:
        parts.append(graph_calls(gathering))
    if desk is not None:
        parts.append(desk)
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
    return sorry("invalid", language_asked_for(request), status, headers=headers)


def _nothing_to_show(request: Request, error: Exception) -> Response:
    """A link that opens nothing; whoever looked says why."""
    return error.answer if isinstance(error, NothingToShow) else _failed(request, error)


def _busy(request: Request, error: Exception) -> Response:
    log.error("web.books_failed", error=str(error))
    return sorry("busy", language_asked_for(request), 503, headers={"Retry-After": "30"})


def _failed(request: Request, _error: Exception) -> Response:
    """A bug; the server writes the traceback.

    This answer does not pass the shield, so it brings the headers itself.
    """
    return sorry("busy", language_asked_for(request), 500, headers=HEADERS | {"Cache-Control": "no-store"})
