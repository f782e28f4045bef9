"""Whether the service lives and works.

`/healthz` for whoever restarts it, `/readyz` for whoever sends people to it or looks after it.

    GET  /healthz   200 while the process serves
    GET  /readyz    200 while it works, else 503; JSON that names what is wrong, plan by plan, with ages in seconds
    GET  /metrics   numbers for Prometheus

No personal data: plans by id, errors by code. Does not find out anything itself; it is told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request

from bot.web.parts import READ, WebPart, mount
from bot.web.protection import HEADERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`facts` becomes the JSON, with `ready` in front."""

    ready: bool
    facts: Mapping[str, object]


Telling = Callable[[], Awaitable[Readiness]]
Metrics = Callable[[], tuple[bytes, str]]
"""The page and its content type."""


def health(readiness: Telling | None, metrics: Metrics | None = None) -> WebPart:
    """The pages that can be told.

    `readiness` waits for nobody; `metrics` is called in a page's thread and may take some seconds.
    """
    router = APIRouter()

    @router.api_route("/healthz", methods=READ)
    async def healthz() -> Response:
        # On the loop, so that it answers whatever the pages' threads wait for.
        return PlainTextResponse("ok")

    if metrics is not None:

        @router.api_route("/metrics", methods=READ)
        def tell_numbers() -> Response:
            page, content_type = metrics()
            return Response(page, headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    if readiness is not None:

        @router.api_route("/readyz", methods=READ)
        async def readyz() -> Response:
            # On the loop, as above.
            now = await readiness()
            return JSONResponse(
                {"ready": now.ready, **now.facts},
                status_code=200 if now.ready else 503,
                headers={"Cache-Control": "no-store"},
            )

    return WebPart(router=router)


def create_health_app(readiness: Telling | None, metrics: Metrics | None = None) -> FastAPI:
    """The pages of a service that shows people nothing.

    A worker cannot tell more than that it lives, and its numbers.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mount(app, health(readiness, metrics))

    async def with_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    app.add_middleware(BaseHTTPMiddleware, dispatch=with_headers)
    return app
