"""Every page of the desk and every call of the API, by every role, by nobody, and in a plan of others.

A route that has no row here fails: whom it is for has to be said.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from limits.strategies import MovingWindowRateLimiter
from starlette.routing import Route

from bot.domain.sign_in import Role
from bot.sandbox.issuer import Account
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, leader, two_plans, write_plan

if TYPE_CHECKING:
    from tests.e2e.driver import World

ONLY_HR, READS, LOOKS, ALL = {Role.HR}, {Role.HR, Role.READER}, {Role.HR, Role.READER, Role.DIRECTOR}, None
"""`ALL`: whoever is signed in."""

DESK: dict[str, set[Role] | None] = {
    "GET /": ONLY_HR,
    "POST /read": ONLY_HR,
    "GET /changes": ONLY_HR,
    "POST /changes": ONLY_HR,
    "GET /changes/progress": ONLY_HR,
    "POST /changes/ids": ONLY_HR,
    "GET /changes/{course}/people": ONLY_HR,
    "POST /changes/{course}/people": ONLY_HR,
    "GET /changes/{course}/mail": ONLY_HR,
    "GET /changes/{course}/mail/{number}": ONLY_HR,
    "GET /plan/calendar": ONLY_HR,
    "GET /plan/texts": ONLY_HR,
    "POST /plan/texts": ONLY_HR,
    "GET /courses": READS,
    "GET /courses/{course}": READS,
    "GET /courses/{course}/messages/{number}": READS,
    "GET /courses/{course}/act": ONLY_HR,
    "POST /courses/{course}/act": ONLY_HR,
    "GET /courses/{course}/act/{first}-{last}": ONLY_HR,
    "GET /courses/{course}/again": ONLY_HR,
    "POST /courses/{course}/again": ONLY_HR,
    "GET /attendance": ONLY_HR,
    "POST /attendance/book": ONLY_HR,
    "POST /attendance/book/take": ONLY_HR,
    "GET /courses/{course}/door": ONLY_HR,
    "GET /courses/{course}/evaluation": ONLY_HR,
    "GET /courses/{course}/after": ONLY_HR,
    "POST /courses/{course}/evaluation/link": ONLY_HR,
    "GET /evaluations": ONLY_HR,
    "POST /courses/{course}/door": ONLY_HR,
    "POST /courses/{course}/door/link": ONLY_HR,
    "GET /courses/{course}/door/list.xlsx": ONLY_HR,
    "POST /courses/{course}/door/list": ONLY_HR,
    "POST /courses/{course}/door/list/take": ONLY_HR,
    "POST /courses/{course}/door/words": ONLY_HR,
    "GET /courses/{course}/door/code": ONLY_HR,
    "GET /courses/{course}/door/code.png": ONLY_HR,
    "GET /courses/{course}/certificates": ONLY_HR,
    "GET /courses/{course}/certificates/pdf": ONLY_HR,
    "POST /courses/{course}/certificates": ONLY_HR,
    "POST /courses/{course}/certificates/name": ONLY_HR,
    "GET /courses/{course}/answers": ONLY_HR,
    "POST /courses/{course}/answers": ONLY_HR,
    "GET /courses/{course}/reminder": ONLY_HR,
    "POST /courses/{course}/reminder": ONLY_HR,
    "GET /courses/{course}/mail": ONLY_HR,
    "POST /courses/{course}/mail": ONLY_HR,
    "GET /courses/{course}/write": ONLY_HR,
    "POST /courses/{course}/write": ONLY_HR,
    "GET /courses/{course}/write/{broadcast}": ONLY_HR,
    "POST /courses/{course}/write/{broadcast}": ONLY_HR,
    "GET /courses/{course}/write/{broadcast}/{language}": ONLY_HR,
    "GET /plan": ONLY_HR,
    "GET /plan/edit": ONLY_HR,
    "POST /plan/edit": ONLY_HR,
    "GET /plan/edit/courses": ONLY_HR,
    "GET /plan/edit/course/{course}": ONLY_HR,
    "POST /plan/edit/course/{course}": ONLY_HR,
    "GET /plan/edit/{form}": ONLY_HR,
    "POST /plan/edit/{form}": ONLY_HR,
    "GET /plan/import/list": ONLY_HR,
    "POST /plan/import/list": ONLY_HR,
    "GET /plan/begin": ONLY_HR,
    "POST /plan/begin": ONLY_HR,
    "GET /plan/import": ONLY_HR,
    "POST /plan/import": ONLY_HR,
    "POST /plan/copy": ONLY_HR,
    "POST /plan/back": ONLY_HR,
    "POST /plan/undo": ONLY_HR,
    "GET /plan/versions": ONLY_HR,
    "GET /plan/versions/{number}": ONLY_HR,
    "GET /plan/versions/{number}/file": ONLY_HR,
    "GET /people": ONLY_HR,
    "POST /people": ONLY_HR,
    "GET /people/{name}": ONLY_HR,
    "POST /people/{name}/delegate": ONLY_HR,
    "POST /people/{name}/links": ONLY_HR,
    "GET /people/{name}/data": ONLY_HR,
    "GET /people/{name}/erase": ONLY_HR,
    "POST /people/{name}/erase": ONLY_HR,
    "GET /overview": LOOKS,
    "GET /decisions/{assumption}": ONLY_HR,
    "POST /decisions/{assumption}": ONLY_HR,
    "GET /dates": ONLY_HR,
    "POST /dates": ONLY_HR,
    "GET /runs": ONLY_HR,
    "GET /runs/check": ONLY_HR,
    "POST /runs/check": ONLY_HR,
    "POST /runs/programs": ONLY_HR,
    "GET /me": ALL,
    "GET /me/data": ALL,
    "GET /my-people": ALL,
    "POST /my-people": ALL,
    "GET /me/here/{word}": ALL,
    "POST /me/here/{word}": ALL,
}
API: dict[str, set[Role] | None] = {
    "GET /api/v1/me": ALL,
    "GET /api/v1/plans": LOOKS,
    "GET /api/v1/plans/{plan}/courses": READS,
    "GET /api/v1/plans/{plan}/courses/{course}": READS,
    "GET /api/v1/plans/{plan}/registrations": READS,
    "GET /api/v1/plans/{plan}/changes": ONLY_HR,
    "POST /api/v1/plans/{plan}/approvals": ONLY_HR,
    "POST /api/v1/plans/{plan}/seats": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/acts/{first}-{last}/undo": ONLY_HR,
    "GET /api/v1/plans/{plan}/today": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/messages": READS,
    "GET /api/v1/plans/{plan}/courses/{course}/history": READS,
    "GET /api/v1/plans/{plan}/courses/{course}/answers": ONLY_HR,
    "GET /api/v1/plans/{plan}/evaluations": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/evaluation": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/certificates": ONLY_HR,
    "POST /api/v1/plans/{plan}/certificates/check": LOOKS,
    "GET /api/v1/people": ONLY_HR,
    "POST /api/v1/people/lookup": ONLY_HR,
    "GET /api/v1/people/{person}": ONLY_HR,
    "GET /api/v1/people/{person}/data": ONLY_HR,
    "GET /api/v1/plans/{plan}/runs": ONLY_HR,
    "GET /api/v1/plans/{plan}/examination": ONLY_HR,
    "POST /api/v1/plans/{plan}/examination": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/broadcasts": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/broadcasts": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}/send": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}/stop": ONLY_HR,
    "GET /api/v1/plans/{plan}/courses/{course}/list-mail": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/list-mail": ONLY_HR,
    "GET /api/v1/plans/{plan}/changes/{course}/people": ONLY_HR,
    "GET /api/v1/plans/{plan}/changes/{course}/mail": ONLY_HR,
    "GET /api/v1/plans/{plan}/changed-ids": ONLY_HR,
    "GET /api/v1/plans/{plan}/plan": ONLY_HR,
    "PUT /api/v1/plans/{plan}/plan": ONLY_HR,
    "POST /api/v1/plans/{plan}/changed-ids": ONLY_HR,
    "POST /api/v1/plans/{plan}/courses/{course}/read": ONLY_HR,
    "GET /api/v1/plans/{plan}/reminders": ONLY_HR,
    "POST /api/v1/plans/{plan}/reminders": ONLY_HR,
    "POST /api/v1/plans/{plan}/messages": ONLY_HR,
    "GET /api/v1/plans/{plan}/decisions/{decision}": ONLY_HR,
    "POST /api/v1/plans/{plan}/decisions/{decision}": ONLY_HR,
    "GET /api/v1/plans/{plan}/overview": LOOKS,
}
OPEN = {
    "GET /m/{token}", "POST /m/{token}",
    "GET /certificate", "POST /certificate", "GET /certificate/{token}", "GET /certificate/{token}/pdf",
    "GET /d/worker.js", "GET /d/{token}", "POST /d/{token}", "POST /d/{token}/words",
    "GET /p/{token}", "GET /p/{token}/confirm", "POST /p/{token}/confirm", "POST /p/{token}/note", "POST /p/{token}/answers",
    "POST /p/{token}/here", "GET /p/{token}/evaluation", "POST /p/{token}/evaluation",
    "GET /p/{token}/after", "POST /p/{token}/after", "GET /e/{token}", "GET /i/{word}",
    "GET /feed/{name}", "GET /healthz",
    "GET /readyz", "GET /metrics", "POST /graph/notifications", "POST /graph/lifecycle", "GET /signin", "GET /signin/callback",
    "GET /signout", "POST /signout",
    "GET /api/v1/openapi.json",
}  # fmt: skip
"""Behind a link of their own, for operators, for Microsoft, or before somebody is known."""

NO_PLAN_OF_ITS_OWN = {"GET /me", "GET /me/data", "GET /my-people", "POST /my-people", "GET /me/here/{word}", "POST /me/here/{word}"}
IN_NO_PLAN = {"GET /api/v1/me", "GET /api/v1/plans", *(route for route in API if "/people" in route)}
ROLES = (HR, DIRECTOR, READER)


def of_a_route(route: str, plan: str = "demo") -> tuple[str, str]:
    """Its method and an address of it, which need not lead to anything that is there."""
    method, _, path = route.partition(" ")
    filled = path.replace("{plan}", plan).replace("{course}", "lederdag").replace("{first}-{last}", "1-2").replace("{number}", "1")
    return method, re.sub(r"\{\w+\}", "x", filled)


def met(answer: httpx.Response) -> str:
    """Whether somebody came in, or what kept them out."""
    if answer.status_code in {303, 403} and "/signin?next" in answer.headers.get("location", "") + answer.text:
        return "sign in"
    if "application/problem+json" in answer.headers.get("content-type", ""):
        code = answer.json()["code"]
        return code if code in {"no_token", "no_role", "no_plan"} else "in"
    if answer.status_code == 403 and "Du har ikke adgang til siden" in answer.text:
        return "no_role"
    if answer.status_code == 404 and "Her er ingen plan" in answer.text:
        return "no_plan"
    assert answer.status_code < 500, answer.text
    return "in"


async def ask(client: httpx.AsyncClient, route: str, *, plan: str = "demo", headers: dict[str, str] | None = None) -> str:
    method, path = of_a_route(route, plan)
    address = path if "{plan}" in route or route in API else f"{path}?plan={plan}"
    more = {"json": {}} if route in API and method == "POST" else {"data": {}} if method == "POST" else {}
    answer = await client.request(method, address, headers=headers, **more)  # type: ignore[arg-type]
    assert answer.status_code != 429, route
    assert answer.status_code in {303, 401, 403, 404} or "no-store" in answer.headers["cache-control"], (route, answer.headers)
    return met(answer)


@pytest.fixture
def nobody_asks_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person may do sixty things a minute, and there are more forms than that; how often one may ask has tests of its own."""
    monkeypatch.setattr(MovingWindowRateLimiter, "hit", lambda *_asked, **_how: True)


@pytest.mark.usefixtures("nobody_asks_too_often")
def test_every_route_lets_in_whom_it_is_for_and_nobody_else(world: World) -> None:
    """By role and plan; a leader has no role, and a program only what its token says."""
    settings = two_plans(world, hr=["anden.prove@norddjurs.example"])

    async def story(_service: Any, person: Any) -> None:
        mounted = {
            f"{method} {route.path}"
            for route in person.app.routes
            if isinstance(route, Route)
            for method in (route.methods or set()) - {"HEAD"}
        }
        assert mounted == {*DESK, *API} | OPEN
        people = [await person(one) for one in (*ROLES, leader(world))]
        await play([one.browser for one in people], person, leader(world))

    at_the_desk(world, story, **settings)


async def play(browsers: list[httpx.Client], person: Any, without_role: Account) -> None:
    """A thousand questions, put to the application as its server puts them: who is asked for by name signed in over http."""
    accounts, token = (*ROLES, without_role), person.token
    wrong = []
    async with AsyncExitStack() as opened:

        async def at_the_application(cookies: httpx.Cookies | None = None) -> httpx.AsyncClient:
            client = httpx.AsyncClient(transport=httpx.ASGITransport(person.app), base_url=browsers[0].base_url, cookies=cookies)
            return await opened.enter_async_context(client)

        for account, browser in zip(accounts, browsers, strict=True):
            roles, client = {*account.roles}, await at_the_application(browser.cookies)
            bearer = {"Authorization": f"Bearer {token(account)}", "Accept-Language": "da"}
            for route, allowed in (DESK | API).items():
                headers = bearer if route in API else {"Accept-Language": "da"}
                expected = "in" if allowed is ALL or roles & (allowed or set()) else "no_role"
                found = await ask(client, route, headers=headers)
                wrong += [(account.name, route, found)] if found != expected else []
                if expected == "in" and route not in NO_PLAN_OF_ITS_OWN | IN_NO_PLAN:
                    found = await ask(client, route, plan="skole", headers=headers)
                    wrong += [(account.name, route, "skole", found)] if found != "no_plan" else []
        nobody = await at_the_application()
        for route in DESK | API:
            expected = "no_token" if route in API else "sign in"
            found = await ask(nobody, route)
            wrong += [("nobody", route, found)] if found != expected else []
        program = await at_the_application()
        for role in Role:
            # A program of the house, with one role and no person.
            spoilt = {"idtyp": "app", "azp": f"program-{role}", "roles": [role], "name": "", "email": "", "preferred_username": ""}
            bearer = {"Authorization": f"Bearer {token(HR, **spoilt)}"}
            for route, allowed in API.items():
                expected = "in" if allowed is ALL or role in (allowed or set()) else "no_role"
                found = await ask(program, route, headers=bearer)
                wrong += [(role, route, found)] if found != expected else []
    assert wrong == []


def test_every_route_that_takes_a_form_takes_our_own_only(world: World) -> None:
    """Whoever may send it: nothing is looked at of one that another site made up, and the page says what to do."""

    async def story(_service: Any, person: Any) -> None:
        hr = await person(HR)
        for route in DESK:
            method, path = of_a_route(route)
            if method == "POST":
                answer = await asyncio.to_thread(hr.send, f"{path}?plan=demo", "")
                assert (route, answer.status_code, "indlæs siden igen" in answer.text) == (route, 403, True)

    write_plan(world)
    at_the_desk(world, story)
