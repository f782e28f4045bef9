"""What the web application is made of: parts that are mounted beside each other and are strangers.

A part has its routes (`APIRouter`), how much may be asked of them (`bot.web.limits`), templates of its own
(`bot.web.rendering.Templates`), and what its routes are given by `Depends`, kept in the application's state.
`bot.web.app` mounts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI, Request
    from fastapi.responses import Response
    from starlette.middleware import Middleware

    from bot.web.limits import Limits

READ = ["GET", "HEAD"]
"""The methods of what only shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPart:
    """Routes that belong together; `state` by the names under which their dependencies look for it.

    `handlers` answer what its routes raise, `middleware` goes around every route.
    """

    router: APIRouter
    limits: tuple[Limits, ...] = ()
    state: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    handlers: Mapping[type[Exception], Callable[[Request, Exception], Response]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    middleware: tuple[Middleware, ...] = ()


def mount(app: FastAPI, part: WebPart) -> None:
    """Add the part's routes, and what they are given."""
    for name, shared in part.state.items():
        setattr(app.state, name, shared)
    for error, handler in part.handlers.items():
        app.add_exception_handler(error, handler)
    for one in part.middleware:
        app.add_middleware(one.cls, *one.args, **one.kwargs)
    # As they are and not by `include_router`: who lists the routes sees each of them.
    app.router.routes.extend(part.router.routes)
