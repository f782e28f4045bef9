"""What tests need of a real browser: how it is started, the sizes of a window, and what is looked at on every page."""

from __future__ import annotations

import contextlib
import functools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.sign_in import Role, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

AXE = Path(__file__).parents[1] / "web" / ".axe" / "axe.min.js"
LOOKING = Path(__file__).with_name("looking.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""Those of WCAG's rules in axe that ask for colours (its tag `cat.color`): of one page in several colours the others say the same."""
WINDOW_RULES = [
    *COLOUR_RULES, "aria-hidden-focus", "autocomplete-valid", "avoid-inline-spacing", "blink", "button-name", "input-button-name",
    "input-image-alt", "label", "marquee", "scrollable-region-focusable", "select-name", "target-size", "td-headers-attr",
    "th-has-data-cells",
]  # fmt: skip
"""Those that ask where something stands, how large it is or whether a window cuts it off: axe takes a table as wide as the window for one
of data, and no label that is cut off for an empty one. The others ask what the document says and what of it is hidden for everybody."""

# Chromium takes the last list of what is off, so this one has Playwright's in it.
OFF = [
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
    # A page of Microsoft's address, played by a test, has one of ours in a frame.
    "BlockInsecurePrivateNetworkRequests", "LocalNetworkAccessChecks",
    # Every page would be drawn by a frame of its own, also after another of the same origin.
    "RenderDocument",
]  # fmt: skip
# A page is seen for a moment: what would make its scripts quicker costs more than it gains, but what was made of a script's text stays.
SCRIPTS = "--no-opt --no-maglev --single-threaded --max-lazy --no-flush-bytecode"
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={','.join(OFF)}", f"--js-flags={SCRIPTS}",
]  # fmt: skip
LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
VISITOR = Visitor(subject="1", email="ane@by.example", name=f"Ane {LONG}", roles=frozenset(Role), proved_at=datetime.now(UTC))
PHONE, DESK_TOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# To parse colours is half of what axe does for their contrast, and a page has few of them: the same text is the same colour.
COLOURS_READ_ONCE = """;(() => {
    const read = new Map(), {prototype} = axe.commons.color.Color, {parseString} = prototype;
    prototype.parseString = function (text) {
        if (read.has(text)) {
            [this.r, this.g, this.b, this.alpha] = read.get(text);
        } else {
            parseString.call(this, text);
            read.set(text, [this.r, this.g, this.b, this.alpha]);
        }
        return this;
    };
})();"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea')]
    .filter(one => one.checkVisibility() && !one.matches('.skipnav') && !one.closest('p, .site-description'))
    .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24).map(([words]) => words)"""
# Where scripts are off a promise is never kept, so none is made. A page brings axe itself when it is first looked at, by a function that
# every page of our windows has: a browser keeps what it made of that text.
LOOK = f"""(asked) => {{
    if (!matchMedia("(scripting: enabled)").matches) return "off";
    if (typeof axe === "undefined") bringAxe();
    return looking(...asked).then((axe) => ({{wide: document.documentElement.scrollWidth, small: ({SMALL_TARGETS})(), axe}}));
}}"""


# What a page does is ended: what it loads, its timers, and with its elements who listens to them.
EMPTIED = """() => {
    window.stop();
    for (let last = setTimeout(() => null); last > 0; last--) clearTimeout(last);
    document.open();
    document.close();
}"""
PATIENCE_MS = 15_000


def new_window(browser: Browser, **options: object) -> BrowserContext:
    """A window whose pages give up after a while, whatever they wait for; `options` as Playwright takes them."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.set_default_navigation_timeout(PATIENCE_MS)
    if options.get("java_script_enabled", True):
        context.add_init_script(_looking_script())
    return context


@contextlib.contextmanager
def borrowed_page(
    browser: Browser, *, viewport: dict[str, int], locale: str = "da-DK", scripts: bool = True, rest: str = "about:blank"
) -> Iterator[Page]:
    """An empty page of a window that others had before, when there is one: what draws a page costs more to start than most pages do.

    Nothing is left in it: no cookie, nothing that a page kept or still does. Who listens to the page stops that themselves. It waits for
    the next as an empty document where it is, or at `rest`, when that is another origin, of which it would take another process.
    Who writes a document of their own into it goes to an address first: what the one before was allowed holds for it as well.
    """
    idle = _idle_pages(browser, locale, scripts)
    page = idle.pop() if idle else new_window(browser, locale=locale, java_script_enabled=scripts).new_page()
    _resize(page, viewport)
    try:
        yield page
    except BaseException:
        page.context.close()
        raise
    for other in page.context.pages:
        if other is not page:
            other.close()
    origins = {_origin(page.url), _origin(rest)}
    if origins == {_origin(rest)}:
        # An empty document in the place of the page's: to go to another costs as much as many a page.
        page.evaluate(EMPTIED)
    else:
        page.goto(rest)
    page.context.clear_cookies()
    session = _session_of(page)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    if rest.startswith("http"):
        # What is kept for the tab alone.
        session.send("DOMStorage.clear", {"storageId": {"securityOrigin": _origin(rest), "isLocalStorage": False}})
    idle.append(page)


@functools.cache
def _session_of(page: Page) -> CDPSession:
    """What the browser is told of a page that is lent again and again."""
    return page.context.new_cdp_session(page)


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


@contextlib.contextmanager
def heard(page: Page, event: str, listen: Callable[..., None]) -> Iterator[None]:
    """While the block runs, what happens to the page is told to `listen`."""
    page.on(event, listen)  # type: ignore[call-overload] - every event has a type of its own
    yield
    page.remove_listener(event, listen)


@contextlib.contextmanager
def blocked_noted(page: Page, wrong: list[str]) -> Iterator[None]:
    """While the block runs, what our own security policy blocks is noted, and where a script of ours fails."""
    blocked = heard(page, "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    with blocked, heard(page, "pageerror", lambda error: wrong.append(str(error))):
        yield


def strange_noted(page: Page, home: str, wrong: list[str]) -> contextlib.AbstractContextManager[None]:
    """While the block runs, what comes from elsewhere is noted."""
    return heard(page, "response", lambda answer: None if answer.url.startswith((home, "data:")) else wrong.append(answer.url))


@functools.cache
def _idle_pages(_browser: Browser, _locale: str, _scripts: bool) -> list[Page]:
    """Those that nobody has."""
    return []


def broken_rules(page: Page, *, colours: bool = True, of: Sequence[str] = WCAG) -> list[list[object]]:
    """What axe finds wrong by WCAG 2.2 AA, with the elements; the contrast of colours is most of what looking costs.

    `of`: tags of axe's, or some rules alone.
    """
    found: list[list[object]] = _look(page, colours=colours, of=of)["axe"]
    return found


def _look(page: Page, *, colours: bool = True, of: Sequence[str] = WCAG, again: Sequence[str] | None = None) -> dict[str, Any]:
    """What there is to see of a page in its window: `wide` it is, which targets are `small`, and what `axe` finds.

    `again`: these rules alone, where what the page says and hides is as it was at the last look. Where scripts are off, axe, which is
    one, cannot be asked: that is refused.
    """
    found = page.evaluate(LOOK, [list(of), again, colours])
    assert found != "off", "axe is a script: look at the page in a window that runs them"
    return found  # type: ignore[no-any-return]


@functools.cache
def axe_script() -> str:
    return AXE.read_text(encoding="utf-8") + COLOURS_READ_ONCE


@functools.cache
def _looking_script() -> str:
    return f"{LOOKING.read_text(encoding='utf-8')}\nglobalThis.bringAxe = () => {{ {axe_script()} }};"


def assert_everybody_can_use(page: Page, picture: Path, *, colours: bool = True, again: Sequence[str] | None = None) -> None:
    """WCAG 2.2 AA by axe, no scroll bar across, and targets that a finger meets.

    A page that fails is kept as a picture, for people to look at; drawing each would be a quarter of what looking costs.
    """
    assert page.viewport_size
    width = page.viewport_size["width"]
    found = _look(page, colours=colours, again=again)
    found["wide"] = max(found["wide"], width)
    if found != {"wide": width, "small": [], "axe": []}:
        page.screenshot(path=picture, full_page=True)
    assert found == {"wide": width, "small": [], "axe": []}, found


def assert_everybody_can_use_on_every_screen(page: Page, picture: Path, *, colours: bool = True) -> None:
    """The same on a phone and at a desk, of one page that was opened once; the window is then as it was.

    What is hidden is the same on both of most pages, and then only the rules of the window can say something else.
    `colours`: False for a page in another language whose contrast is looked at in Danish.
    """
    before = page.viewport_size
    assert before
    _resize(page, DESK_TOP)
    assert_everybody_can_use(page, picture, colours=colours)
    _resize(page, PHONE)
    assert_everybody_can_use(page, picture, colours=colours, again=WINDOW_RULES)
    _resize(page, before)


def _resize(page: Page, screen: Mapping[str, int]) -> None:
    if page.viewport_size != screen:
        page.set_viewport_size(screen)  # type: ignore[arg-type]
