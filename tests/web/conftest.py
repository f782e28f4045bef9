"""A real browser on real pages: Chromium against uvicorn on loopback, with a desk that has no books.

Scripts of pages are off unless a test needs them, as nothing of ours needs any. After each test nothing may have failed to load,
come from elsewhere, or been blocked by our own security policy.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from starlette.requests import Request
from starlette.responses import Response as Answer

from bot.store.opening import open_database
from bot.store.sign_ins import SqlSignInBook
from bot.web.app import create_app
from bot.web.desk.parts import DeskParts, desk_pages
from bot.web.sign_in.browsers import Browsers
from config.sign_in import SignInSettings
from tests.builders.browsers import DESK_TOP, LONG, SWITCHES, VISITOR, blocked_noted, borrowed_page, heard, strange_noted
from tests.builders.fake_desk import NOW, PLAN, SECRET, FakeDesk, token
from tests.builders.houses import lent_house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Response


@dataclass
class Site:
    """`page` is what the browser shows; `expected` are the statuses of errors that the test means to see."""

    base_url: str
    desk: FakeDesk
    page: Page
    expected: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def open(self, address: str = "", *, of: str | None = None) -> Page:
        self.page.goto(f"{self.base_url}/p/{of or token()}{address}")
        return self.page

    def press(self, words: str) -> None:
        """A link or button with these words in its name."""
        self.page.get_by_role("link", name=words).or_(self.page.get_by_role("button", name=words)).first.click()

    def note(self, response: Response) -> None:
        if not response.url.startswith((f"{self.base_url}/", "data:")):
            self.wrong.append(f"from elsewhere: {response.url}")
        elif response.status >= 400 and response.status not in self.expected:
            self.wrong.append(f"{response.status}: {response.url.partition('/p/')[0]}")


@pytest.fixture(scope="session")
def started(chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a process: to start one costs as much as many pages; each test has windows of its own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield opened
        asyncio._set_running_loop(loop)
        opened.close()


@pytest.fixture
def browser(started: Browser) -> Iterator[Browser]:
    """While a test has it, Playwright's loop runs in this thread; afterwards none does, so that other tests may run theirs."""
    asyncio._set_running_loop(started._loop)
    yield started
    asyncio._set_running_loop(None)


@pytest.fixture
def new_site(browser: Browser) -> Iterator[Callable[..., Site]]:
    """Pages of a desk, shown in a browser of its own (`scripts`: the test brings some)."""
    made: list[Site] = []
    ends = contextlib.ExitStack()

    def make(desk: FakeDesk | None = None, *, scripts: bool = False, viewport: dict[str, int] | None = None) -> Site:
        desk = desk or FakeDesk()
        house = ends.enter_context(lent_house())
        base_url = house.home
        house.put(create_app({PLAN: desk}, secret=SECRET, base_url=base_url, now=lambda: NOW))
        page = ends.enter_context(borrowed_page(browser, scripts=scripts, viewport=viewport or DESK_TOP, rest=house.rest))
        site = Site(base_url=base_url, desk=desk, page=page)
        ends.enter_context(heard(page, "response", site.note))
        ends.enter_context(blocked_noted(page, site.wrong))
        made.append(site)
        return site

    with ends:
        yield make
    assert [site.wrong for site in made if site.wrong] == []


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    return new_site()


@pytest.fixture
def open_page(browser, tmp_path):
    """Opens a page of a desk as somebody with every role; what came from elsewhere or was blocked is an error."""
    ends, wrong = contextlib.ExitStack(), []

    def open_it(address, desk, *, viewport=DESK_TOP, locale="da-DK", proved_at=VISITOR.proved_at, time=None):
        if getattr(desk, "is_empty", True) is False:
            desk.plan_file = str(tmp_path / "plan.yaml")
            Path(desk.plan_file).write_text(f"version: 1\nid: by\norganisation: {LONG * 3}\ncourses: [{{id: {LONG * 2}, sessionz: 1}}]\n")
        database = ends.enter_context(contextlib.closing(open_database(f"sqlite:///{tmp_path}/books.db")))
        house = ends.enter_context(lent_house())
        home = house.home
        book, now = SqlSignInBook(database), lambda: datetime.now(UTC)
        signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
        parts = DeskParts(
            settings=signin, desks={"by": desk}, sign_ins=book, keys=[SECRET], home=home, clock=now, wake=print, reach=print, time=time
        )
        house.put(create_app({}, secret=SECRET, base_url=home, now=now, desk=desk_pages(parts)))
        response = Answer()
        request = Request({"type": "http", "headers": []})
        Browsers(book, [SECRET], now, secure=False).begin(request, response, replace(VISITOR, proved_at=proved_at))
        name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
        page = ends.enter_context(borrowed_page(browser, viewport=viewport, locale=locale, rest=house.rest))
        page.context.add_cookies([{"name": name, "value": value, "url": home}])
        ends.enter_context(blocked_noted(page, wrong))
        ends.enter_context(strange_noted(page, home, wrong))
        assert page.goto(f"{home}{address}").status == 200
        return page

    with ends:
        yield open_it
    assert wrong == []
