"""The desk's pages over some desks, and the browser of somebody from HR, in this process and without a provider."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from bot.domain.sign_in import Role, Visitor
from bot.store.sign_ins import SqlSignInBook
from bot.web.app import create_app
from bot.web.desk.parts import DeskParts, desk_pages
from bot.web.sign_in.browsers import Browsers
from config.sign_in import SignInSettings
from tests.builders.signing_in import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.desks.plan_desk import PlanDesk
    from bot.store.database import Database

HOME = "http://127.0.0.1:8000"


@contextlib.contextmanager
def browser_at(desks: Mapping[str, PlanDesk], database: Database, *roles: Role, language: str = "da", **more: Any) -> Iterator[TestClient]:
    """A browser in which somebody with these roles has just signed in; errors of the server are raised."""
    book, now = SqlSignInBook(database), lambda: datetime.now(UTC)
    signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
    doing = {"wake": _nothing, "reach": _nothing} | more
    parts = DeskParts(settings=signin, desks=desks, sign_ins=book, keys=[SECRET], home=HOME, clock=now, **doing)
    app = create_app({}, secret=SECRET, base_url=HOME, now=now, desk=desk_pages(parts))
    visitor = Visitor(subject="1", email="hanne@by.example", name="Hanne Prøve", roles=frozenset(roles), proved_at=now())
    response = Response()
    Browsers(book, [SECRET], now, secure=False).begin(Request({"type": "http", "headers": []}), response, replace(visitor))
    name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
    headers = {"Accept-Language": language, "Origin": HOME}
    with TestClient(app, base_url=HOME, cookies={name: value}, headers=headers, follow_redirects=False) as browser:
        yield browser


def _nothing(*_asked: object) -> None:
    return None
