"""HR with a real browser at the desk: presses what has a name, and every page that is seen can be used by everybody."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from playwright.sync_api import sync_playwright

from tests.builders.browsers import SWITCHES, blocked_noted, borrowed_page, broken_rules
from tests.builders.houses import lent_house
from tests.e2e.desk_driver import at_the_desk
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from bot.sandbox.issuer import Account
    from tests.e2e.driver import World

Answer = TypeVar("Answer")
TOO_WIDE = """() => [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth)
    .map(one => one.outerHTML.slice(0, 80)).slice(-3)"""
WAYS = {
    "desktop-script": ({"width": 1200, "height": 900}, True),
    "phone-plain": ({"width": 390, "height": 844}, False),
}
"""How the desk is met: the size of the window, and whether scripts run. Each of both is met once."""


class OwnThread:
    """A browser in a thread of its own, since Playwright takes none in which a loop runs; it is started on the first use.

    One for all tests of a process: to start one costs as much as many pages. Each test has windows of its own, and closes them.
    """

    def __init__(self, chromium: str) -> None:
        self._chromium, self._thread, self._ends = chromium, ThreadPoolExecutor(1), ExitStack()
        self._browser: Browser | None = None

    def do(self, work: Callable[[Browser], Answer]) -> Answer:
        """What the work gives; whoever calls waits for it."""
        return self._thread.submit(lambda: work(self._started())).result()

    def close(self) -> None:
        self._thread.submit(self._ends.close).result()
        self._thread.shutdown()

    def _started(self) -> Browser:
        if self._browser is None:
            playwright = self._ends.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=self._chromium, args=SWITCHES)
            self._ends.callback(self._browser.close)
        return self._browser


@dataclass
class AtTheBrowser:
    """One window. `wrong` has what was blocked, came from elsewhere, or cannot be used by everybody."""

    page: Page
    home: str
    scripts: bool
    wrong: list[str] = field(default_factory=list)

    def open(self, address: str) -> str:
        """The page of this address, looked at as axe does; its text."""
        self.page.goto(f"{self.home}{address}")
        return self.read()

    def press(self, words: str) -> str:
        """A link or button with these words in its name."""
        self.page.get_by_role("link", name=words).or_(self.page.get_by_role("button", name=words)).first.click()
        self.page.wait_for_load_state()
        return self.read()

    def read(self) -> str:
        """What stands on the page, after it was looked at (by axe where scripts run, which it is one of).

        The contrast of colours is looked at in `tests/web`, where every page is.
        """
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > self.page.viewport_size["width"]:  # type: ignore[index] - every window has a size
            self.wrong.append(f"{self.page.url}: {width} wide: {self.page.evaluate(TOO_WIDE)}")
        if self.scripts:
            self.wrong += [f"{self.page.url}: {one}" for one in broken_rules(self.page, colours=False)]
        return self.words()

    def words(self) -> str:
        """What stands on the page."""
        return self.page.inner_text("main").replace("\u00a0", " ")

    def sign_in(self, account: Account) -> str:
        """From the first page to the provider, a button there, and back."""
        self.page.goto(f"{self.home}/")
        self.page.locator(f'button[value="{account.id}"]').click()
        self.page.wait_for_load_state()
        return self.read()


def at_the_browser(
    world: World,
    way: str,
    browser: OwnThread,
    account: Account,
    story: Callable[[AtTheBrowser, Callable[..., Any]], None],
    **changes: object,
) -> None:
    """Play a story in a window of this `way`; it is given a function that runs a job of the plan."""
    size, scripts = WAYS[way]

    async def scene(service: Any, _person: Any) -> None:
        loop, home = asyncio.get_running_loop(), str(service.settings.web.base_url).rstrip("/")

        def run(job: str = "sync_plan") -> None:
            asyncio.run_coroutine_threadsafe(run_job(service, job), loop).result(60)

        def play(opened: Browser) -> list[str]:
            with borrowed_page(opened, viewport=size, scripts=scripts, rest=house.rest) as page:
                window = AtTheBrowser(page=page, home=home, scripts=scripts)
                with blocked_noted(page, window.wrong):
                    window.sign_in(account)
                    story(window, run)
                return window.wrong

        wrong = await asyncio.to_thread(browser.do, play)
        assert wrong == [], wrong

    with lent_house() as house:
        at_the_desk(world, scene, house=house, **changes)
