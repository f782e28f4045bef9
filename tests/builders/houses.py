"""An address at which one test's pages after another's are served: a browser then has style, script and fonts of it already."""

from __future__ import annotations

import atexit
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, PlainTextResponse

from bot.web.protection import HEADERS
from bot.web.server import GRACE_SECONDS, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send


class House:
    """A server on a port of its own; who has it puts their application in."""

    def __init__(self) -> None:
        self.home = ""
        self._app: ASGIApp = NOBODY_HOME
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request is the application's that is here when it comes, until its end."""
        if scope.get("path") == REST:
            await EMPTY(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    @property
    def rest(self) -> str:
        """The address of an empty page. A browser that waits there for the next pages keeps the process that draws them."""
        return f"{self.home}{REST}"

    def put(self, app: ASGIApp) -> None:
        """From now on these are the pages."""
        self._app = app

    @contextlib.contextmanager
    def lived_in(self, app: ASGIApp) -> Iterator[None]:
        """For as long as the block runs."""
        self.put(app)
        try:
            yield
        finally:
            self.clear()

    def clear(self) -> None:
        """Nobody is served any more, and what was under way has ended, as when a server ends; what does not end fails the test."""
        self._app = NOBODY_HOME
        latest = time.monotonic() + GRACE_SECONDS
        while self._under_way:
            assert time.monotonic() < latest, "a request goes on though its page is gone"
            time.sleep(0.002)


REST = "/nobody-is-home"
EMPTY = HTMLResponse("<!doctype html><title>-</title>", headers={name: HEADERS[name] for name in ("Cross-Origin-Opener-Policy",)})
NOBODY_HOME = PlainTextResponse("nobody is at home", status_code=503, headers={"Cache-Control": "no-store"})
_idle: list[House] = []
_ends = contextlib.ExitStack()
atexit.register(_ends.close)


@contextlib.contextmanager
def lent_house() -> Iterator[House]:
    """A house in which nobody lives; the next test gets it empty again.

    Whoever looks at pages leaves them before. One that would not be emptied is not lent again.
    """
    house = _idle.pop() if _idle else _built()
    try:
        yield house
    finally:
        house.clear()
    _idle.append(house)


def _built() -> House:
    house, usual = House(), sys.getswitchinterval()
    app: Any = house
    house.home = f"http://127.0.0.1:{_ends.enter_context(served(app))}"
    # Between tests it stands for nothing that others should be in line behind.
    sys.setswitchinterval(usual)
    return house
