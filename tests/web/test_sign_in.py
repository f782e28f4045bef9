"""Signing in over http, with a provider that plays Entra: who is who, for how long, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.builders.signing_in import HR, LEADER, signing_in

NEXT_PAGES = [
    ("/changes", "/changes"), ("/courses?status=open", "/courses?status=open"), ("//evil.example", "/"), ("https://evil.example/", "/"),
    ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("/signin", "/"), ("/signout", "/"), ("/\r\nSet-Cookie: a=b", "/"),
    ("//[", "/"), ("/" + "æ" * 1999, "/"), ("/" + "a" * 1999, "/"), ("/?plan=by", "/?plan=by"), ("/changes æ", "/"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with signing_in(tmp_path_factory.mktemp("signing-in")) as world:
        yield world


@pytest.fixture
def world(shared):
    shared.at = datetime.now(UTC)
    yield shared
    shared.issuer.spoil = lambda _claims, _header: None


def who(browser):
    answer = browser.get("/who")
    return answer.text if answer.status_code == 200 else answer.headers["location"]


def test_who_signs_in_comes_back_to_where_they_were_and_is_known_from_then_on(world):
    """The cookie says nothing of them, and no script reads it."""
    browser = world.browser()
    asked = who(browser)
    assert asked == "/signin?next=%2Fwho"
    back = world.sign_in(browser, address=asked)
    assert (back.status_code, back.headers["location"]) == (303, "/who")
    assert who(browser) == "Hanne Prøve Kursusbot.HR"
    (cookie,) = [one for one in browser.cookies.jar if one.name == "kursusbot"]
    assert HR.id not in cookie.value
    assert cookie.has_nonstandard_attr("HttpOnly")


def test_whoever_has_no_role_is_signed_in_all_the_same_and_begins_at_their_own_courses(world):
    """Every leader may see what is theirs."""
    browser = world.browser()
    assert world.sign_in(browser, LEADER).headers["location"] == "/me"
    assert who(browser) == "Lars Opdigtet"


@pytest.mark.parametrize(("asked", "there"), NEXT_PAGES)
def test_after_signing_in_one_is_on_a_page_of_ours(world, asked, there):
    """An address from outside leads nowhere else."""
    back = world.sign_in(world.browser(), address="/signin?" + urlencode({"next": asked}))
    assert back.headers["location"] == there


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://login.andre.example"), ("iss", None), ("aud", "another-app"), ("aud", None), ("exp", 1), ("exp", None),
        ("nbf", 99999999999), ("iat", None), ("nonce", "another"), ("nonce", None), ("sub", None), ("sub", ""),
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_signs_nobody_in(world, claim, value):
    """Whatever does not hold is refused, also where it is only missing."""

    def spoil(claims, _header):
        claims[claim] = value
        if value is None:
            del claims[claim]

    world.issuer.spoil = spoil
    browser = world.browser()
    assert world.sign_in(browser).status_code == 403
    assert "kursusbot" not in browser.cookies


def test_a_token_for_another_app_is_refused_though_it_was_asked_for_by_ours(world):
    """`azp` says who asked, `aud` for whom it is."""
    world.issuer.spoil = lambda claims, _header: claims.update(aud="another-app", azp="kursusbot")
    assert world.sign_in(world.browser()).status_code == 403


@pytest.mark.parametrize("kind", ["unsigned", "signed with what is public", "changed", "another's key", "nothing"])
def test_a_token_that_nobody_vouches_for_signs_nobody_in(world, monkeypatch, kind):
    """Neither `none`, nor the public key as a secret, nor a claim that was changed afterwards."""
    whole, keys = world.issuer.id_token, httpx.get(f"{world.issuer.base_url}/keys").content

    def forged(asked):
        header, claims, signature = whole(asked).split(".")
        match kind:
            case "unsigned":
                return f"{plain({'alg': 'none', 'typ': 'JWT'})}.{claims}."
            case "signed with what is public":
                text = f"{plain({'alg': 'HS256', 'kid': 'sandbox'})}.{claims}"
                return f"{text}.{encoded(hmac.new(keys, text.encode(), hashlib.sha256).digest())}"
            case "changed":
                facts = json.loads(base64.urlsafe_b64decode(claims + "=="))
                return f"{header}.{plain(facts | {'roles': ['Kursusbot.HR']})}.{signature}"
            case "another's key":
                return f"{plain({'alg': 'RS256', 'kid': 'nobody'})}.{claims}.{signature}"
            case _:
                return ""

    monkeypatch.setattr(type(world.issuer), "id_token", lambda _self, asked: forged(asked))
    browser = world.browser()
    assert world.sign_in(browser, LEADER).status_code == 403
    assert "kursusbot" not in browser.cookies


def plain(facts):
    return encoded(json.dumps(facts).encode())


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(world):
    """A link with somebody else's code signs nobody in as them (login CSRF), nor does the same one twice."""
    mine, theirs = world.browser(), world.browser()
    back = world.press(theirs, HR.id)
    assert mine.get(back).status_code == 400
    assert theirs.get(back).status_code == 303
    assert theirs.get(back).status_code == 400
    changed = urlsplit(world.press(mine, HR.id))
    state = parse_qs(changed.query)["state"][0]
    assert mine.get("/signin/callback?" + urlencode({"code": "guessed", "state": state})).status_code == 403
    assert mine.get("/signin/callback").status_code == 400


def test_who_says_no_at_the_provider_is_not_signed_in_and_told_so(world):
    """And nothing is wrong with us."""
    browser = world.browser()
    refused = browser.get(world.press(browser, "nobody"))
    assert refused.status_code == 403
    assert "Du blev ikke logget ind" in refused.text


def test_where_the_provider_cannot_be_reached_that_is_what_is_told(tmp_path):
    """No traceback, and another time it works."""
    with signing_in(tmp_path, issuer="http://127.0.0.1:9") as world:
        answer = world.browser().get("/signin")
        assert answer.status_code == 503
        assert "Login svarer ikke lige nu" in answer.text


@pytest.mark.parametrize(("left", "known"), [({"minutes": 119}, True), ({"minutes": 120}, False)])
def test_a_browser_left_alone_for_two_hours_is_nobodys(world, left, known):
    """It may be another's by then."""
    browser = world.browser()
    world.sign_in(browser)
    world.later(**left)
    assert (who(browser) == "Hanne Prøve Kursusbot.HR") is known


def test_a_working_day_ends(world):
    """However busy somebody was: then roles are asked for anew."""
    browser = world.browser()
    world.sign_in(browser)
    for _ in range(9):
        world.later(minutes=60)
        assert who(browser) == "Hanne Prøve Kursusbot.HR"
    world.later(minutes=60)
    assert who(browser).startswith("/signin")


def test_a_cookie_that_was_made_up_or_changed_is_nobodys(world):
    """Also one that is signed with a key of somebody else."""
    browser = world.browser()
    world.sign_in(browser)
    value = browser.cookies["kursusbot"]
    for other in (value[:-1], value.split(".")[0], "a" + value, "", "æøå.x", value.split(".")[0] + ".AAAA"):
        stranger = world.browser(Cookie=f"kursusbot={other}".encode())
        assert who(stranger).startswith("/signin")
    assert who(browser) == "Hanne Prøve Kursusbot.HR"


def signed_out(browser, **fields):
    page = browser.get("/signout").text
    proof = page.split('name="proof" value="')[1].split('"')[0]
    return browser.post("/signout", data={"proof": proof} | fields, headers={"Origin": str(browser.base_url).rstrip("/")})


def test_who_signs_out_is_out_though_the_cookie_is_kept(world):
    """The books know; and another browser of theirs goes on."""
    browser, other = world.browser(), world.browser()
    world.sign_in(browser), world.sign_in(other)
    kept = browser.cookies["kursusbot"]
    assert signed_out(browser).headers["location"] == "/signout"
    browser.cookies.set("kursusbot", kept, domain="127.0.0.1", path="/")
    assert who(browser).startswith("/signin")
    assert who(other) == "Hanne Prøve Kursusbot.HR"
    assert f"{world.issuer.base_url}/logout" in browser.get("/signout").text


def test_signing_out_everywhere_ends_every_browser_of_the_person_and_nobody_elses(world):
    """Also the one that cannot be reached any more."""
    browser, other, leader = world.browser(), world.browser(), world.browser()
    world.sign_in(browser), world.sign_in(other), world.sign_in(leader, LEADER)
    signed_out(browser, everywhere="1")
    assert who(other).startswith("/signin")
    assert who(leader) == "Lars Opdigtet"


def test_another_site_signs_nobody_out(world):
    """The form belongs to our page, and to the browser that it was shown in."""
    browser, other = world.browser(), world.browser()
    world.sign_in(browser), world.sign_in(other)
    foreign = other.get("/signout").text.split('name="proof" value="')[1].split('"')[0]
    assert browser.post("/signout", data={"proof": foreign}).status_code == 403
    assert browser.post("/signout", data={}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert who(browser) == "Hanne Prøve Kursusbot.HR"


def test_who_signs_in_anew_is_not_signed_in_twice(world):
    """What the browser showed before is nobody's, whoever has a copy of it."""
    browser, copy = world.browser(), world.browser()
    world.sign_in(browser)
    copy.cookies.set("kursusbot", browser.cookies["kursusbot"], domain="127.0.0.1", path="/")
    assert who(copy) == "Hanne Prøve Kursusbot.HR"
    world.sign_in(browser, address="/signin?again=1")
    assert (who(copy).startswith("/signin"), who(browser)) == (True, "Hanne Prøve Kursusbot.HR")


def test_who_shows_anew_who_they_are_has_shown_it_just_now(world):
    """What the provider does not say is no proof."""
    browser = world.browser()
    world.sign_in(browser)
    again = world.sign_in(browser, address="/signin?again=1&next=/changes")
    assert again.headers["location"] == "/changes"
    world.issuer.spoil = lambda claims, _header: claims.pop("auth_time")
    refused = world.sign_in(browser, address="/signin?again=1&next=/changes")
    assert (refused.status_code, "auth_time" in refused.text) == (403, True)
    old = world.at.timestamp() - 3600
    world.issuer.spoil = lambda claims, _header: claims.update(auth_time=old)
    assert world.sign_in(browser, address="/signin?again=1").status_code == 403


def test_what_ended_is_deleted_when_somebody_signs_in(world):
    """Nothing of a person is kept for longer than their working day."""
    browser = world.browser()
    world.sign_in(browser)
    world.later(hours=10)
    world.sign_in(world.browser(), LEADER)
    assert world.book.end_all(f"{world.issuer.base_url} " + "x") == 0
    assert who(browser).startswith("/signin")
