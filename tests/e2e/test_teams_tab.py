"""The desk as a tab in Teams: signed in by Teams' client alone, framed by Teams alone, and nothing of it without the setting.

The sandbox plays Entra for the tokens; a page of Microsoft's address, played by the browser, plays Teams' client around ours.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from config import sign_in
from tests.builders.browsers import broken_rules, new_window
from tests.e2e.in_teams import APP_ID, TENANT, in_teams, leaders
from tests.e2e.plans import make_course, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page

    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

HR = "Kursusbot.HR"
MANIFEST = "0b07ada0-0000-4000-8000-000000000001"
SCOPE = "access_as_user"
TEAMS = "https://teams.microsoft.com/v2/stand-in"
HOSTS = "frame-ancestors https://teams.microsoft.com https://*.teams.microsoft.com https://teams.cloud.microsoft"
SAYS_NOT = ["none", "garbage", "expired", "signature", "algorithm", "unknown_key", "issuer", "audience", "tenant"]
CLIENT = """<!doctype html><title>Teams</title><iframe id="app" title="app" src="%s" style="width:100%%;height:90vh"></iframe>
<script>
addEventListener("message", said => {
  const asked = said.data, back = (...args) => said.source.postMessage(
    {id: asked.id, uuidAsString: asked.uuidAsString, args}, said.origin);
  if (asked.func === "initialize") back("content", "web", JSON.stringify({apiVersion: 4, supports: {}}), "2.0.0");
  if (asked.func === "authentication.getAuthToken") back(%s);
});
</script>"""
"""Teams' side of what @microsoft/teams-js asks: who it is, and a token."""


@pytest.fixture(autouse=True)
def sandbox_plays_entra(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "ENTRA", f"{world.base_url.removesuffix('/v1.0')}/entra/{{tenant}}/v2.0")


def tab(world: World, act: Callable[[Tab], None], *, has_tab: bool = True) -> None:
    """Play a story with a desk that is (or is not) a tab."""
    everybody = leaders(world, 3)
    world.write(make_plan(make_course("kursus", title="Psykologisk tryghed")))
    signin = {"tenant_id": TENANT, "client_id": APP_ID, "client_secret": "hemmelig"}

    async def story(service: Any, teams: Any) -> None:
        home = service.settings.web.base_url
        with ThreadPoolExecutor() as apart:
            await asyncio.get_running_loop().run_in_executor(apart, act, Tab(home, teams, everybody))

    in_teams(world, story, signin=signin, teams={"app_id": MANIFEST, "tab": has_tab})


class Tab:
    def __init__(self, home: str, teams: Any, everybody: list[str]) -> None:
        self.home, self.teams, self.everybody = home, teams, everybody

    def token(self, *roles: str, spoil: str = "", who: int = 0) -> str:
        return self.teams.tab_token(self.everybody[who], *roles, spoil=spoil)

    def show(self, token: str, path: str = "/teams/tab", **headers: str) -> httpx.Response:
        return httpx.post(f"{self.home}{path}", headers={"Authorization": f"Bearer {token}".strip(), **headers}, trust_env=False)

    def get(self, path: str, cookie: str = "", **headers: str) -> httpx.Response:
        cookies = {"kursusbot_teams": cookie} if cookie else {}
        return httpx.get(f"{self.home}{path}", cookies=cookies, headers=headers, trust_env=False)


def test_whose_token_it_is_is_signed_in_with_the_roles_that_it_says(world: World) -> None:
    """With a cookie for a frame of Teams, and for nothing else."""

    def act(desk: Tab) -> None:
        hr = desk.show(desk.token(HR))
        assert (hr.status_code, hr.json()) == (200, {"next": "/"})
        (cookie,) = hr.headers.get_list("set-cookie")
        assert {"HttpOnly", "Secure", "SameSite=none", "Partitioned", "Path=/"} <= set(cookie.split("; "))
        assert cookie.startswith("kursusbot_teams=")
        value = hr.cookies["kursusbot_teams"]
        today = desk.get("/", value)
        assert (today.status_code, HOSTS in today.headers["content-security-policy"]) == (200, True)
        assert "x-frame-options" not in today.headers
        leader = desk.show(desk.token(who=1))
        assert leader.json() == {"next": "/me"}
        own = desk.get("/me", leader.cookies["kursusbot_teams"])
        assert (own.status_code, "Psykologisk tryghed" in own.text) == (200, True)
        link = re.search(r'href="(?:http://[^/"]+)?(/p/[^"]+)"', own.text)
        assert link is not None
        page = desk.get(link[1], leader.cookies["kursusbot_teams"])
        assert (page.status_code, HOSTS in page.headers["content-security-policy"]) == (200, True)
        (form,) = [one for one in page.headers.get_list("set-cookie") if one.startswith("kursusbot_form=")]
        assert {"Secure", "SameSite=None", "Partitioned"} <= set(form.split("; "))
        assert "Partitioned" not in desk.get(link[1]).headers["set-cookie"]
        assert desk.get("/people", leader.cookies["kursusbot_teams"]).status_code == 403

    tab(world, act)


def test_a_token_that_does_not_hold_signs_nobody_in(world: World) -> None:
    """Of another app, tenant or issuer, over, changed, unsigned, an app's own, for anything but the tab; or from elsewhere."""

    def act(desk: Tab) -> None:
        for spoil in SAYS_NOT:
            answer = desk.show(desk.token(HR, spoil=spoil))
            assert (answer.status_code, answer.json(), answer.cookies) == (401, {"why": "refused"}, {}), spoil
        for token in ("x", "x" * 13_000):
            assert desk.show(token).status_code == 401
        assert httpx.post(f"{desk.home}/teams/tab", trust_env=False).status_code == 401
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://teams.microsoft.com"}):
            answer = desk.show(desk.token(HR), **headers)
            assert (answer.status_code, answer.cookies) == (403, {}), headers

    tab(world, act)


@pytest.mark.parametrize(("wanted", "there"), [
    ("/changes", "/changes"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/teams/tab", "/"), ("/signin", "/"),
])  # fmt: skip
def test_one_goes_on_to_a_page_of_ours(world: World, wanted: str, there: str) -> None:
    def act(desk: Tab) -> None:
        answer = desk.show(desk.token(HR), httpx.URL("/teams/tab", params={"next": wanted}).raw_path.decode())
        assert answer.json() == {"next": there}

    tab(world, act)


def test_in_a_frame_nobody_is_sent_to_the_provider_and_forms_of_others_are_refused(world: World) -> None:
    def act(desk: Tab) -> None:
        framed = {"Sec-Fetch-Dest": "iframe"}
        assert desk.get("/changes", **framed).headers["location"] == "/signin?next=%2Fchanges"
        assert desk.get("/signin?next=%2Fchanges", **framed).headers["location"] == "/teams/tab?next=%2Fchanges"
        again = desk.get("/signin?next=%2Fchanges&again=1", **framed)
        assert (again.status_code, 'target="_blank"' in again.text, "Åbn i browseren" in again.text) == (200, True, True)
        cookie = desk.show(desk.token(HR)).cookies["kursusbot_teams"]
        assert desk.get("/signin?next=%2Fchanges", "made up").headers["location"] == "/teams/tab?next=%2Fchanges"
        sent = httpx.post(f"{desk.home}/signout", cookies={"kursusbot_teams": cookie}, data={"proof": "x"}, trust_env=False)
        assert sent.status_code == 403
        page = desk.get("/signout", cookie)
        proof = re.search(r'name="proof" value="([0-9a-f]+)"', page.text)
        assert proof is not None
        for site, status in (("cross-site", 403), ("same-origin", 303)):
            sent = httpx.post(
                f"{desk.home}/signout", cookies={"kursusbot_teams": cookie}, data={"proof": proof[1]}, headers={"Sec-Fetch-Site": site},
                trust_env=False,
            )  # fmt: skip
            assert sent.status_code == status, site
        assert desk.get("/", cookie).status_code == 303, "signed out"

    tab(world, act)


def test_nothing_may_be_framed_that_was_not_opened_in_teams_and_nothing_at_all_without_the_setting(world: World) -> None:
    def act(desk: Tab) -> None:
        page = desk.get("/teams/tab")
        assert (page.status_code, HOSTS in page.headers["content-security-policy"]) == (200, True)
        for path in ("/changes", "/healthz", "/p/nobody"):
            answer = desk.get(path)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
            assert answer.headers["x-frame-options"] == "DENY"

    def act_without(desk: Tab) -> None:
        page = desk.get("/teams/tab", "anything")
        assert (page.status_code, page.headers["x-frame-options"]) == (404, "DENY")
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert desk.show(desk.token(HR)).status_code in {404, 405}

    tab(world, act)
    tab(world, act_without, has_tab=False)


def test_leaders_and_hr_use_the_desk_in_a_frame_of_teams(world: World, browser: OwnThread, tmp_path: Any) -> None:
    """In a real browser: Teams' page around ours, our page's script, Microsoft's library, and the cookie of a frame."""

    def act(desk: Tab) -> None:
        browser.do(lambda opened: seen_in_a_browser(desk, opened, tmp_path))

    tab(world, act)


def seen_in_a_browser(desk: Tab, browser: Any, pictures: Any) -> None:
    def opened(answer: str, address: str = "/teams/tab", around: str = TEAMS) -> tuple[Page, Frame]:
        context = new_window(browser, viewport={"width": 1200, "height": 800}, locale="da-DK")
        page = context.new_page()
        html = CLIENT % (f"{desk.home}{address}", answer)
        page.route(around, lambda route: route.fulfill(content_type="text/html", body=html))
        page.goto(around)
        frame = page.frames[1]
        return page, frame

    page, frame = opened(f'true, "{desk.token(HR)}"')
    frame.wait_for_url(f"{desk.home}/")
    frame.get_by_role("link", name="Kurser", exact=True).click()
    frame.wait_for_url(f"{desk.home}/courses*")
    assert "Psykologisk tryghed" in frame.locator("main").inner_text()
    page.screenshot(path=f"{pictures}/teams-hr.png")
    # A second time in the same Teams: a form that is ours is taken.
    frame.goto(f"{desk.home}/signout")
    frame.get_by_role("button", name="Log ud").first.click()
    frame.locator("main", has_text="Du er logget ud").wait_for()
    frame.goto(f"{desk.home}/changes")
    frame.wait_for_url(f"{desk.home}/changes")
    page.context.close()

    page, frame = opened(f'true, "{desk.token(who=1)}"')
    frame.wait_for_url(f"{desk.home}/me")
    assert "Psykologisk tryghed" in frame.locator("main").inner_text()
    page.screenshot(path=f"{pictures}/teams-me.png")
    frame.get_by_role("link", name="Psykologisk tryghed").click()
    frame.wait_for_url(f"{desk.home}/p/*")
    assert "kursusbot_form" in {one["name"] for one in page.context.cookies()}, "so that forms are taken in the frame"
    page.context.close()

    for answer, words in (
        (f'true, "{desk.token(HR, spoil="expired")}"', "kunne ikke bekræfte, hvem du er"),
        ('false, "resourceRequiresConsent"', "ikke givet Teams lov"),
        ('false, "CancelledByUser"', "ikke logges ind lige nu"),
    ):
        page, frame = opened(answer)
        frame.get_by_text(words).wait_for()
        assert frame.get_by_role("link", name="Åbn i browseren").get_attribute("target") == "_blank"
        page.context.close()

    # Somebody else frames us: the browser shows nothing of ours, neither the tab nor the desk.
    for address in ("/teams/tab", "/"):
        page, frame = opened(f'true, "{desk.token(HR)}"', address, around="https://evil.example/")
        page.wait_for_timeout(500)
        assert page.frames[1].locator("main").count() == 0
        page.context.close()

    # In a window of its own it says where it belongs.
    context = new_window(browser, viewport={"width": 390, "height": 800}, locale="da-DK")
    page = context.new_page()
    page.goto(f"{desk.home}/teams/tab")
    assert "hører hjemme i Teams" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Åbn i browseren").get_attribute("href") == f"{desk.home}/"
    assert broken_rules(page) == []
    page.screenshot(path=f"{pictures}/teams-outside.png")
    context.close()
