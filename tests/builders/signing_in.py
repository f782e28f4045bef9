"""A provider and a desk, both served on loopback, and somebody with a browser that keeps cookies."""

from __future__ import annotations

import os
import re
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import cycle

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.middleware.sessions import SessionMiddleware

from bot.domain.sign_in import Role
from bot.sandbox.issuer import Account, Issuer
from bot.store.opening import open_database
from bot.store.sign_ins import SqlSignInBook
from bot.web.server import served
from bot.web.sign_in.browsers import Browsers
from bot.web.sign_in.provider import Provider
from bot.web.sign_in.routes import SignInDoor, way_to_sign_in
from config.sign_in import SignInSettings

SECRET = "0123456789abcdef0123456789abcdef"
HR = Account(id="aaaaaaaa-0000-4000-8000-000000000001", address="hanne.prove@kommune.example", name="Hanne Prøve", roles=(Role.HR,))
# Below those that systems give away, and no port that browsers refuse.
FIRST_PORT, PORTS_EACH, PROCESSES = 11_000, 2_400, 9
NUMBER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
PORTS = cycle(range(FIRST_PORT + NUMBER * PORTS_EACH, FIRST_PORT + (NUMBER + 1) * PORTS_EACH))
LEADER = Account(id="aaaaaaaa-0000-4000-8000-000000000002", address="lars.opdigtet@kommune.example", name="Lars Opdigtet")


@dataclass
class World:
    issuer: Issuer
    base_url: str
    book: SqlSignInBook
    at: datetime
    opened: list[httpx.Client] = field(default_factory=list)

    def browser(self, **headers: str) -> httpx.Client:
        self.opened.append(httpx.Client(base_url=self.base_url, headers=headers))
        return self.opened[-1]

    def now(self) -> datetime:
        return self.at

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)

    def sign_in(self, browser: httpx.Client, who: Account = HR, *, address: str = "/signin") -> httpx.Response:
        """To the provider, a button there, and back; what our callback answers."""
        return browser.get(self.press(browser, who.id, address=address))

    def press(self, browser: httpx.Client, who: str, *, address: str = "/signin") -> str:
        return pressed(browser, who, address=address)


def pressed(browser: httpx.Client, who: str, *, address: str = "/signin") -> str:
    """The address that the provider sends back to when a button was pressed."""
    sent = browser.get(address)
    assert sent.status_code == 302, sent.text
    with httpx.Client() as elsewhere:
        page = elsewhere.get(sent.headers["location"])
        assert page.status_code == 200, page.text
        action = unescape(re.search(r'action="([^"]+)"', page.text)[1])
        answer = elsewhere.post(str(page.url.join(action)), data={"who": who})
    assert answer.status_code == 302
    return answer.headers["location"]


def free_port() -> int:
    """A port that nobody has, of those that belong to this process of the tests.

    The system gives none of these away: one of its own would be somebody else's by the time that a server begins.
    """
    while True:
        port = next(PORTS)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


@contextmanager
def signing_in(folder, **changes):
    """A world in which people can sign in; `changes` are settings."""
    database = open_database(f"sqlite:///{folder}/books.db")
    ours, theirs = free_port(), free_port()
    base_url, provider_url = f"http://127.0.0.1:{ours}", f"http://127.0.0.1:{theirs}"
    issuer = Issuer(base_url=provider_url, client_id="kursusbot", client_secret="hemmelig", accounts=(HR, LEADER))
    settings = SignInSettings(issuer=provider_url, client_id="kursusbot", client_secret="hemmelig").model_copy(update=changes)
    world = World(issuer=issuer, base_url=base_url, book=SqlSignInBook(database), at=datetime.now(UTC))
    browsers = Browsers(world.book, [SECRET], world.now, secure=False)
    app = FastAPI()
    app.add_middleware(SessionMiddleware, secret_key=SECRET, session_cookie="kursusbot_signin", max_age=600, path="/")
    door = SignInDoor(provider=Provider(settings), browsers=browsers, home=base_url, secret=SECRET, now=world.now)
    app.include_router(door.routes())

    @app.get("/who")
    def who(request: Request) -> Response:
        found = browsers.whose(request)
        if found is None:
            return RedirectResponse(way_to_sign_in(request), 303)
        return PlainTextResponse(" ".join([found.visitor.name, *sorted(found.visitor.roles)]))

    with served(issuer.app(), port=theirs), served(app, port=ours):
        yield world
        for browser in world.opened:
            browser.close()
    database.close()
