"""What tests share is as good as new for each: a page that others had before, and the address at which their pages stood."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.responses import HTMLResponse, Response

from tests.builders.browsers import (
    COLOUR_RULES,
    COLOURS_READ_ONCE,
    DESK_TOP,
    PHONE,
    WCAG,
    assert_everybody_can_use_on_every_screen,
    axe_script,
    borrowed_page,
    broken_rules,
)
from tests.builders.houses import lent_house

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEAVE = """async (worker) => {
    localStorage.setItem("kept", "here"); sessionStorage.setItem("kept", "for the tab"); document.cookie = "kept=1; path=/";
    await caches.open("kept"); indexedDB.open("kept"); await navigator.serviceWorker.register(worker);
}"""
GO_ON = """() => {
    setInterval(() => fetch("/still-here"), 100); addEventListener("pagehide", () => localStorage.setItem("left", "late"));
    document.head.insertAdjacentHTML("beforeend", '<meta http-equiv="refresh" content="1; url=/still-here">');
}"""
FIND = """async () => [
    localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length, (await indexedDB.databases()).length,
    (await navigator.serviceWorker.getRegistrations()).length, innerWidth, history.state,
]"""
READ = """(texts) => texts.map((text) => [1, 2].map(() => {
    const colour = new axe.commons.color.Color(); colour.parseString(text); return [colour.red, colour.green, colour.blue, colour.alpha];
}))"""


async def site(scope, receive, send) -> None:
    """A page, and a worker that does nothing."""
    is_worker = scope["path"] == "/worker.js"
    answer = Response("", media_type="text/javascript") if is_worker else HTMLResponse("<!doctype html><title>x</title>")
    await answer(scope, receive, send)


def seen(page: Page, home: str) -> list[object]:
    page.goto(f"{home}/")
    return page.evaluate(FIND)


def test_nothing_is_left_for_who_borrows_the_page_next(browser: Browser) -> None:
    with lent_house() as house, borrowed_page(browser, viewport=PHONE, rest=house.rest) as page:
        home, first = house.home, page
        house.put(site)
        page.goto(f"{home}/")
        page.evaluate(LEAVE, "/worker.js")
        page.context.new_page()
        assert seen(page, home)[:6] == [1, 1, "kept=1", 1, 1, 1]
        page.evaluate(GO_ON)
    asked = []

    async def heard(scope, receive, send) -> None:
        asked.append(scope["path"])
        await site(scope, receive, send)

    with lent_house() as house, borrowed_page(browser, viewport=DESK_TOP, rest=house.rest) as page:
        house.put(heard)
        assert (house.home, page) == (home, first)
        page.wait_for_timeout(1200)
        assert (asked, page.evaluate("document.body.innerHTML")) == ([], "")
        assert seen(page, home) == [0, 0, "", 0, 0, 0, DESK_TOP["width"], None]
        assert len(page.context.pages) == 1


def test_who_has_left_a_house_is_not_found_there() -> None:
    with lent_house() as house:
        house.put(site)
        home = house.home
        assert httpx.get(f"{home}/").status_code == 200
    assert httpx.get(f"{home}/").status_code == 503
    with lent_house() as one, lent_house() as other:
        assert one.home == home != other.home
        assert httpx.get(one.rest).status_code == 200


def test_a_house_is_left_when_what_was_under_way_has_ended() -> None:
    """As a server ends: nothing of a test is still done in the next."""
    done = []

    async def slow(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await asyncio.sleep(0.2)
        done.append(scope["path"])

    with lent_house() as house:
        house.put(slow)
        with pytest.raises(httpx.RemoteProtocolError), httpx.stream("GET", f"{house.home}/slow") as answer:
            for _ in answer.iter_bytes():
                pass
    assert done == ["/slow"]


def test_a_colour_that_was_read_before_is_the_same_colour(browser: Browser) -> None:
    texts = ["rgb(1, 2, 3)", "rgba(255, 0, 0, 0.25)", "#fff", "transparent", "hsl(120deg 100% 25%)", "color(srgb 0.5 0.25 1)"]
    with borrowed_page(browser, viewport=PHONE) as page:
        page.evaluate(axe_script().removesuffix(COLOURS_READ_ONCE))
        usual = page.evaluate(READ, texts)
        page.evaluate(COLOURS_READ_ONCE)
        assert page.evaluate(READ, texts) == usual
        assert usual[1][0] == [255, 0, 0, 0.25]


def test_the_rules_of_colours_are_all_that_axe_has(browser: Browser) -> None:
    """And they find what cannot be read."""
    with borrowed_page(browser, viewport=PHONE) as page:
        page.set_content("""<html lang="da"><title>x</title><main><p style="color:#ddd;background:#fff">Bleg</p></main>""")
        assert [rule for rule, _ in broken_rules(page, of=COLOUR_RULES)] == ["color-contrast"]
        asked = page.evaluate("(tags) => axe.getRules(tags).filter((one) => one.tags.includes('cat.color')).map((one) => one.ruleId)", WCAG)
        assert sorted(asked) == COLOUR_RULES


NAMED = '<p>Tekst</p><button id="phone"></button><label for="x">Navn</label> <input id="x">'
TWO = '<p><a href="#a">Et</a><a href="#b">To</a></p>'
CUT = '<div style="width: 300px; overflow: hidden"><p>Bleg tekst</p></div>'
AT_A_PHONE = [
    ("more is seen", NAMED, "#phone { display: block }", "button-name"),
    ("less is seen", NAMED, "label { position: absolute; visibility: hidden }", "label"),
    ("another colour", NAMED, "p { color: #ddd }", "color-contrast"),
    ("another ground", NAMED, "main { background: #222 }", "color-contrast"),
    ("smaller letters", '<p class="large">Grå tekst</p>', ".large { font-size: 16px }", "color-contrast"),
    ("less is cut off", CUT.replace("<p>", '<p class="cut">'), ".cut { margin-left: 0 }", "color-contrast"),
    ("nearer", TWO, "a { margin: 0 }", "target-size"),
    ("smaller", TWO, "a { margin: 0; min-height: 0; height: 12px }", "target-size"),
    ("one upon another", '<p><button>Et</button><button class="upon">To</button></p>', ".upon { margin-left: -40px }", "target-size"),
]
AT_A_DESK = """button, input { min-width: 50px; height: 30px } #phone { display: none } .large { font-size: 30px; color: #888 }
    .cut { margin-left: 400px; color: #ddd } a { display: inline-block; margin: 30px }"""


@pytest.mark.parametrize(("body", "style", "rule"), [pytest.param(*told, id=name) for name, *told in AT_A_PHONE])
def test_what_is_wrong_on_a_phone_alone_is_found(browser: Browser, tmp_path, body, style, rule) -> None:
    """Whether more is seen there, less, or the same in another way; at a desk all is right."""
    with borrowed_page(browser, viewport=DESK_TOP) as page:
        page.set_content(
            f'<!doctype html><html lang="da"><title>x</title><style>{AT_A_DESK} @media (max-width: 500px) {{ {style} }}</style>'
            f"<main>{body}</main>"
        )
        assert broken_rules(page) == []
        with pytest.raises(AssertionError, match=rule):
            assert_everybody_can_use_on_every_screen(page, tmp_path / "x.png")
        page.set_viewport_size(DESK_TOP)
        assert broken_rules(page) == []
