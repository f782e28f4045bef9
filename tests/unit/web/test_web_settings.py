"""The settings of the web side: links that could be forged or read on the way are refused at the start."""

from __future__ import annotations

from base64 import b64encode
from contextlib import nullcontext
from secrets import token_bytes, token_hex, token_urlsafe

import pytest
from pydantic import ValidationError

from config.settings import WebSettings

KEY = "0123456789abcdef0123456789abcde-"


@pytest.mark.parametrize(
    "address", ["https://kurser.aadal.example", "https://kurser.aadal.example:8443/", "http://127.0.0.1:8000", "http://localhost"]
)
def test_an_address_that_keeps_links_secret_is_taken(address):
    """https, and http where it does not leave the machine."""
    assert WebSettings(base_url=address, secret_key=KEY).base_url == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://kurser.aadal.example", "plain http"),
        ("ftp://kurser.aadal.example", "an https address"),
        ("kurser.aadal.example", "an https address"),
        ("https://kurser.aadal.example/?a=1", "an https address"),
        ("https://aadal.example/kurser", "a host name of their own"),
        ("https://hr:hemmeligt@kurser.aadal.example", "no name or password"),
        ("https://@kurser.aadal.example", "no name or password"),
    ],
)
def test_any_other_address_is_refused(address, said):
    """The message says what is needed."""
    with pytest.raises(ValidationError, match=said):
        WebSettings(base_url=address, secret_key=KEY)


def test_a_key_is_needed_and_has_to_be_long():
    """32 characters; without an address it may be missing."""
    with pytest.raises(ValidationError, match="KURSUSBOT_WEB__SECRET_KEY"):
        WebSettings(base_url="https://kurser.aadal.example")
    with pytest.raises(ValidationError, match="at least 32 characters"):
        WebSettings(secret_key=KEY[1:])
    with pytest.raises(ValidationError, match="at least 32 characters"):
        WebSettings(secret_key=KEY, previous_keys=[KEY, KEY[1:]])
    assert WebSettings().secret_key is None


@pytest.mark.parametrize(
    "key", ["a" * 32, " " * 32, "0000000000000000000000000000000000001", "kommune1" * 4, "kursusbot" * 5, KEY[:28] + " " * 9]
)
def test_a_key_that_is_no_chance_is_refused_and_not_repeated(key):
    """One character, blanks, or a word over and over: long, and soon guessed."""
    for given in ({"secret_key": key}, {"secret_key": KEY, "previous_keys": [key]}):
        with pytest.raises(ValidationError, match="characters of chance") as caught:
            WebSettings.model_validate(given)
        assert key not in str(caught.value.errors(include_input=False))


@pytest.mark.parametrize(
    ("address", "taken"), [("http://127.0.0.1:8000", True), ("http://localhost", True), ("https://kurser.aadal.example", False)]
)
def test_a_word_over_and_over_is_a_key_only_where_the_links_do_not_leave_the_machine(address, taken):
    """Whoever tries it out types digits; one character or blanks are no key anywhere."""
    with nullcontext() if taken else pytest.raises(ValidationError, match="characters of chance"):
        WebSettings(base_url=address, secret_key="0123456789" * 4, previous_keys=["abcdefgh" * 4])
    for key in ("a" * 32, " " * 32, "abcdefg" * 5):
        with pytest.raises(ValidationError, match="characters of chance"):
            WebSettings(base_url=address, secret_key=key)


@pytest.mark.parametrize("make", [token_hex, token_urlsafe, lambda length: b64encode(token_bytes(length)).decode()])
def test_every_key_that_a_generator_makes_is_taken(make):
    """`openssl rand -hex 32` and its like."""
    for _ in range(200):
        key = make(32)
        assert WebSettings(secret_key=key).secret_key is not None


def test_the_key_shows_nowhere():
    """Not in a log of the settings."""
    former = KEY[::-1]
    shown = repr(WebSettings(base_url="https://kurser.aadal.example", secret_key=KEY, previous_keys=[former]))
    assert [key for key in (KEY, former) if key in shown] == []
