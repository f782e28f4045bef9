"""What an attacker tries on the desk's pages and the API: nothing is changed, nothing is shown, and nothing falls over."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.e2e.desk_driver import HR, at_the_desk, checksums, write_plan

if TYPE_CHECKING:
    from tests.e2e.driver import World

PATHS = (
    "/courses/../../etc/passwd", "/courses/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/courses/..%5c..%5cwindows", "/courses/lederdag%00.html",
    "/static/../app.py", "/static/%2e%2e/app.py", "/people/%2e%2e%2fme", "/courses/" + "a" * 4000, "/courses/%ff%fe",
    "/courses/%0d%0aSet-Cookie:%20a=b", "//evil.example/%2f..",
    "/api/v1/plans/..%2f..%2fplans/courses", "/api/v1/plans/%00/courses", "/api/v1/plans/demo/courses/%ff", "/decisions/'%20OR%201=1--",
)  # fmt: skip


def raw(home: str, request: bytes, *, wait: float = 15.0) -> bytes:
    """What comes back for bytes that no client would send; b"" where the connection is closed without a word."""
    host, _, port = home.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(request)
        found = b""
        try:
            while piece := connection.recv(65536):
                found += piece
        except (TimeoutError, ConnectionError):
            pass
        return found


def test_no_path_leads_out_of_the_pages_and_no_answer_tells_what_was_sent(world: World) -> None:
    """Signed in or not; answers bring no header that came along, and are kept by nobody."""
    write_plan(world)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        bearer = {"Authorization": f"Bearer {person.token(HR)}"}
        for path in PATHS:
            answer = await asyncio.to_thread(hr.browser.get, path, headers=bearer)
            assert answer.status_code in {303, 400, 404, 405, 422}, (path, answer.status_code)
            assert "root:" not in answer.text
            assert "a" not in answer.cookies
            if path.startswith(("/courses", "/people", "/api", "/decisions")) and answer.status_code != 400:
                assert answer.headers["cache-control"] == "no-store", path

    at_the_desk(world, story)


def test_who_the_request_says_it_is_for_changes_no_link_and_no_way(world: World) -> None:
    """A foreign host, and what proxies add, end in no address of ours; nor does `next` lead away."""
    write_plan(world)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Original-URL": "/people", "X-Rewrite-URL": "/people"}
        for path in ("/", "/me", "/changes", "/overview", "/signout"):
            answer = await asyncio.to_thread(hr.browser.get, path, headers=lies)
            assert "evil.example" not in answer.text + answer.headers.get("location", "")
        home = service.settings.web.base_url
        async with httpx.AsyncClient(base_url=home, headers=lies) as nobody:
            sent = await nobody.get("/changes?plan=//evil.example")
            assert sent.headers["location"].startswith("/signin?next=%2Fchanges")
            away = await nobody.get("/signin?next=//evil.example")
            assert f"redirect_uri={home.replace(':', '%3A').replace('/', '%2F')}" in away.headers["location"]

    at_the_desk(world, story)


@pytest.mark.parametrize(
    "way",
    [
        {"headers": {"X-HTTP-Method-Override": "POST"}}, {"headers": {"X-Method-Override": "POST"}}, {"params": {"_method": "POST"}},
    ],
)  # fmt: skip
def test_a_look_decides_nothing_whatever_it_calls_itself(world: World, way: dict[str, Any]) -> None:
    """Nothing but a form of ours does, sent from a page of ours."""
    write_plan(world)

    async def story(service: Any, person: Any) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        params = {"decision": "approve", "shown": checksums(page), **way.get("params", {})}
        await asyncio.to_thread(hr.browser.get, "/changes", params=params, headers=way.get("headers"))
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            form = {"decision": "approve", "shown": checksums(page), "proof": "x"}
            sent = await asyncio.to_thread(hr.browser.post, "/changes", data=form, headers={"Origin": origin})
            assert sent.status_code == 403
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            sent = await asyncio.to_thread(hr.browser.request, method, "/changes")
            assert (sent.status_code, "access-control-allow-origin" in sent.headers) == (405, False), method

    at_the_desk(world, story)
    assert world.events == {}
    assert [row["state"] for row in world.run("approvals", "--format", "json").json] == ["waiting"]


def test_bodies_that_are_too_large_unfinished_or_of_two_lengths_are_not_read(world: World) -> None:
    """Each is answered or closed at once, and the pages go on."""
    write_plan(world)

    async def story(service: Any, person: Any) -> None:
        home = service.settings.web.base_url
        head = b"POST /changes HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        for rest, statuses in (
            (b"Content-Length: 999999999\r\n\r\nx", {b"413", b"400"}),
            (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nx", {b"413", b"400", b"411"}),
            (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {b"400", b"411"}),
            (b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", {b"411", b"400"}),
            (b"X: " + b"a" * 40000 + b"\r\n\r\n", {b"400", b"431"}),
        ):
            begun = time.monotonic()
            answer = await asyncio.to_thread(raw, home, head + rest + b"")
            assert answer[9:12] in statuses | {b""}, (rest[:40], answer[:60])
            assert time.monotonic() - begun < 40
        hr = await person(HR)
        assert "Se ændringerne" in await asyncio.to_thread(hr.read, "/")

    at_the_desk(world, story)
    assert world.events == {}
