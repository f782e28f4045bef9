"""What keeps others out: headers, forged forms, floods, large bodies, and logs that tell nothing."""

from __future__ import annotations

import json

import pytest
import structlog

from bot.domain.errors import DatabaseFailed
from bot.web.limits import LARGEST_BODY, REQUESTS
from bot.web.protection import COOKIE
from tests.builders.fake_desk import ANNA, BASE_URL, FakeDesk, token
from tests.unit.web.visitor import FROM_OUR_PAGE, Seen, Visitor

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EVERYWHERE = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("address", [f"/p/{token()}", f"/p/{token()}/confirm?action=choose&offering=hold-1", "/p/x", "/", "/healthz"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_every_answer_carries_the_headers(method, address):
    """Errors too."""
    answer = Visitor().send(method, address)
    assert EVERYWHERE.items() <= dict(answer.headers).items()


def test_only_what_is_the_same_for_everybody_may_be_kept():
    """Style for an hour; HSTS only where there is https."""
    visitor = Visitor(base_url="http://127.0.0.1:8000")
    answer = visitor.send("GET", "/static/css/site.css")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["content-security-policy"] == POLICY
    assert "strict-transport-security" not in answer.headers
    assert "Secure" not in visitor.get().headers["set-cookie"]


def test_pages_refer_to_our_own_files_only_and_those_exist():
    """No third party, no script, no style of its own."""
    visitor = Visitor()
    seen = visitor.read("?done=note")
    files = [href for href in (*seen.all("link", "href"), *seen.all("img", "src")) if not href.startswith("data:")]
    assert files == ["/static/css/dkfds.css", "/static/css/site.css", "/static/img/svg-icons/success.svg"]
    assert [visitor.send("GET", file).status_code for file in files] == [200, 200, 200]
    assert {tag for tag, _ in seen.elements} & {"script", "style", "iframe"} == set()


def test_the_forms_cookie_is_out_of_reach():
    """Only our own pages get it, no script reads it, and a second link leaves it as it is."""
    visitor = Visitor()
    said = visitor.get().headers["set-cookie"]
    for word in ("HttpOnly", "Secure", "Path=/p/", "SameSite=lax", "Max-Age=43200"):
        assert word in said
    first = visitor.cookies[COOKIE]
    visitor.send("GET", f"/p/{token()}")
    assert visitor.cookies[COOKIE] == first


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://kurser.aadal.example"},
        {"Origin": "https://kurser.aadal.example:8443"},
        {"Origin": "https://kurser.aadal.example:x"},
        {"Origin": BASE_URL, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_form_sent_from_elsewhere_changes_nothing(which, headers):
    """Even with the right proof and cookie."""
    visitor = Visitor()
    form = [visitor.question("choose"), visitor.read().forms[-1]][which]
    answer = visitor.submit(form, headers=headers, text="x")
    assert answer.status_code == 403
    assert "Der blev ikke ændret noget" in Seen(answer.text).text
    assert visitor.desk.untouched


@pytest.mark.parametrize("headers", [FROM_OUR_PAGE, {}, {"Origin": f"{BASE_URL}:443"}, {"Origin": BASE_URL.upper()}])
def test_a_form_from_our_page_is_taken_from_old_browsers_too(headers):
    """Some say nothing about where a form comes from; then cookie and field decide."""
    visitor = Visitor()
    assert visitor.submit(visitor.question("choose"), headers=headers).status_code == 303


@pytest.mark.parametrize("proof", ["", "0" * 64, "æøå", "x" * 5000])
def test_a_form_without_the_right_proof_changes_nothing(proof):
    """Guessed, empty, or not even ASCII."""
    visitor = Visitor()
    assert visitor.submit(visitor.question("choose"), proof=proof).status_code == 403
    assert visitor.desk.untouched


@pytest.mark.parametrize("cookie", [None, "", "short", "a-cookie-of-somebody-else-0123456789abcdef"])
def test_a_form_without_the_right_cookie_changes_nothing(cookie):
    """The proof belongs to the browser that was shown the form."""
    visitor = Visitor()
    form = visitor.question("choose")
    visitor.cookies.clear()
    headers = FROM_OUR_PAGE | ({} if cookie is None else {"Cookie": f"{COOKIE}={cookie}"})
    assert visitor.submit(form, headers=headers).status_code == 403
    assert visitor.desk.untouched


def test_the_proof_of_one_link_is_no_proof_for_another():
    """A person with a link of their own cannot send a form to somebody else's."""
    visitor = Visitor()
    form = visitor.question("choose")
    form.action = f"/p/{token()}/confirm"
    assert visitor.submit(form).status_code == 403
    assert visitor.desk.untouched


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_do_nothing(method):
    """There is one way to change something."""
    visitor = Visitor()
    answer = visitor.send(method, f"{visitor.link}/confirm")
    assert answer.status_code == 405
    assert answer.headers["content-type"].startswith("text/html")
    assert visitor.desk.untouched


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json"])
def test_nothing_describes_the_addresses(address):
    """They are in the mails."""
    assert Visitor().send("GET", address).status_code == 404


def test_a_large_body_is_refused_before_it_is_read():
    """And one of unknown length."""

    async def endless():
        yield b"x"
        raise AssertionError("the body was read")

    visitor = Visitor()
    large = visitor.send("POST", f"{visitor.link}/note", content=b"x" * (LARGEST_BODY + 1))
    assert (large.status_code, "Det er for meget" in large.text) == (413, True)
    assert visitor.send("POST", f"{visitor.link}/note", content=endless()).status_code == 411
    assert visitor.send("POST", f"{visitor.link}/note", headers={"Content-Length": "-1"}).status_code == 411
    both = {"Content-Length": "5", "Transfer-Encoding": "chunked"}
    assert visitor.send("POST", f"{visitor.link}/note", headers=both, content=endless()).status_code == 411
    assert visitor.desk.untouched


@pytest.mark.parametrize("path", ["/static", "/p/{token}/", "/p/{token}/confirm/"])
def test_no_answer_sends_anybody_to_where_the_host_header_points(path):
    """An address with a stroke too many is no page, and not a way to somebody else's."""
    visitor = Visitor()
    address = path.replace("/p/{token}", visitor.link)
    answer = visitor.send("GET", address, headers={"Host": "evil.example"})
    assert (answer.status_code, "evil" in str(answer.headers)) == (404, False)


def test_a_form_that_is_none_is_refused_and_not_repeated():
    """A file in the place of a text, or no form at all."""
    visitor = Visitor()
    sent = visitor.send("POST", f"{visitor.link}/note", files={"text": ("x.txt", b"a-secret-thing")})
    assert sent.status_code == 422
    assert "a-secret-thing" not in sent.text
    assert visitor.send("POST", f"{visitor.link}/note", json={"text": "x"}).status_code == 403
    assert visitor.desk.untouched


def test_many_changes_by_one_link_have_to_wait():
    """Notes and decisions count together; other links go on, and so does looking."""
    visitor = Visitor()
    form = visitor.read().forms[-1]
    assert {visitor.submit(form).status_code for _ in range(10)} == {303}
    wish = visitor.question("choose")
    assert {visitor.submit(wish).status_code for _ in range(10)} == {303}
    for late in (form, wish):
        answer = visitor.submit(late, headers=FROM_OUR_PAGE | {"Accept-Language": "en"})
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "60"
        assert "Please wait a little" in Seen(answer.text).text
    assert len(visitor.desk.wishes) == len(visitor.desk.notes) == 10
    visitor.link = f"/p/{token()}"
    assert visitor.submit(visitor.read().forms[-1]).status_code == 303


def test_one_link_cannot_be_opened_without_end():
    """Another one still can."""
    visitor = Visitor(FakeDesk(shown=None))
    codes = [visitor.get().status_code for _ in range(121)]
    assert codes == [404] * 120 + [429]
    assert visitor.send("GET", f"/p/{token()}").status_code == 404


def test_one_address_cannot_ask_without_end():
    """Whatever it asks for: guessing has an end."""
    visitor = Visitor()
    codes = [visitor.send("HEAD", "/healthz").status_code for _ in range(REQUESTS.amount + 1)]
    assert codes == [200] * REQUESTS.amount + [429]
    assert visitor.get().status_code == 429


def test_books_that_cannot_be_read_are_told_kindly():
    """And when to come again."""
    answer = Visitor(FakeDesk(breaks=DatabaseFailed("database_locked"))).get()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Vi kan ikke svare lige nu" in Seen(answer.text).text


def test_a_bug_shows_a_page_and_no_more():
    """With the headers of every other page."""
    answer = Visitor(FakeDesk(breaks=RuntimeError("secret detail"))).get(headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "We cannot answer right now" in Seen(answer.text).text
    assert "secret detail" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_no_link_and_no_address_is_logged():
    """Whoever reads the log could act for people."""
    visitor = Visitor()
    with structlog.testing.capture_logs() as lines:
        visitor.submit(visitor.question("choose"))
        visitor.submit(visitor.read().forms[-1], text="Nøddeallergi")
        visitor.send("GET", "/p/x")
        visitor.submit(visitor.question("give_up"), proof="")
    written = json.dumps(lines, default=str, ensure_ascii=False)
    assert "web.decided" in written
    for secret in (visitor.link.removeprefix("/p/"), ANNA, "Anna", "Nøddeallergi"):
        assert secret not in written
