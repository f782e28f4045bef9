"""Forms with more fields than a form has by itself: people of a long audience, courses that wait.

The number of fields is bounded here, the size of the body where the page's limits are (`bot.web.limits`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute
from starlette.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

MOST_FIELDS = 50_000


class WideRequest(Request):
    """A request whose form may have `MOST_FIELDS` fields; more are answered with 400 as ever."""

    def form(self, **limits: Any) -> Any:
        """As Starlette's, with the number of fields raised."""
        return super().form(**{**limits, "max_fields": MOST_FIELDS})


class WideRoute(APIRoute):
    """A route that takes such forms."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, for such requests."""
        handle = super().get_route_handler()

        async def widened(request: Request) -> Response:
            return await handle(WideRequest(request.scope, request.receive))

        return widened
