"""A desk with books behind it, and a browser in which somebody with every role is signed in to it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.sign_in import Role, Visitor
from bot.store.sign_ins import SqlSignInBook
from bot.web.app import create_app
from bot.web.desk.parts import DeskParts, desk_pages
from bot.web.sign_in.browsers import Browsers
from config.sign_in import SignInSettings
from tests.builders.browsers import blocked_noted, borrowed_page, strange_noted
from tests.builders.houses import lent_house
from tests.builders.signing_in import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

VISITOR = Visitor(subject="0", email="hanne@by.example", name="Hanne Prøve", roles=frozenset(Role), proved_at=None)


@dataclass
class SignedIn:
    """`wrong` is what came from elsewhere or was blocked."""

    home: str
    page: Page
    wrong: list[str]

    def open(self, address: str) -> Page:
        self.page.goto(f"{self.home}{address}")
        return self.page


@contextmanager
def signed_in(browser: Browser, database, desks, *, viewport, locale="da-DK", is_fresh=True, **parts) -> Iterator[SignedIn]:
    """`parts`: what else the desk is made of."""
    wrong: list[str] = []
    book, now = SqlSignInBook(database), lambda: datetime.now(UTC)
    signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
    given = {"wake": print, "reach": print} | parts
    with lent_house() as house:
        home = house.home
        made = DeskParts(settings=signin, desks=desks, sign_ins=book, keys=[SECRET], home=home, clock=now, **given)
        house.put(create_app({}, secret=SECRET, base_url=home, now=now, desk=desk_pages(made)))
        response = Response()
        visitor = replace(VISITOR, proved_at=now() if is_fresh else None)
        Browsers(book, [SECRET], now, secure=False).begin(Request({"type": "http", "headers": []}), response, visitor)
        name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
        with borrowed_page(browser, viewport=viewport, locale=locale, rest=house.rest) as page:
            page.context.add_cookies([{"name": name, "value": value, "url": home}])
            with blocked_noted(page, wrong), strange_noted(page, home, wrong):
                yield SignedIn(home=home, page=page, wrong=wrong)
    assert wrong == []
