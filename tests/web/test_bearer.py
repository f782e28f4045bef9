"""Tokens for the API against an issuer over http: whose they are, when keys change, and when it is silent."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from bot.clock import SystemClock
from bot.domain.sign_in import Role
from bot.sandbox.issuer import Account, Issuer
from bot.web.server import served
from bot.web.sign_in.bearer import FIRST_VERSION, Bearers
from bot.web.sign_in.claims import TokenRefused
from bot.web.sign_in.provider import NoVisitor, Provider
from config.sign_in import SignInSettings
from tests.builders.signing_in import free_port

ANNA = Account(id="aaaaaaaa-0000-4000-8000-000000000001", address="anna@kommune.example", name="Anna", roles=(Role.HR,))
APP = {"name": "", "preferred_username": "", "email": "", "azp": "app-1"}


class World:
    def __init__(self, port):
        self.ticks = 1000.0
        url = f"http://127.0.0.1:{port}"
        self.issuer = Issuer(base_url=url, client_id="kursusbot", client_secret="hemmelig", accounts=(ANNA,))
        self.settings = SignInSettings(issuer=url, client_id="kursusbot", client_secret="hemmelig")
        self.bearers = Bearers(self.settings, Provider(self.settings), clock=SystemClock().now, ticks=lambda: self.ticks)

    def token(self, header=None, **claims):
        def spoil(said, head):
            said.update(claims)
            head.update(header or {})

        self.issuer.spoil = spoil
        return self.issuer.id_token({"who": ANNA.id, "nonce": "n", "at": str(time.time())})

    def whose(self, token):
        return asyncio.run(self.bearers.whose(token))


@contextmanager
def issuing():
    port = free_port()
    world = World(port)
    with served(world.issuer.app(), port=port):
        yield world


@pytest.fixture(scope="module")
def world():
    with issuing() as made:
        yield made


def test_a_token_names_a_person_with_their_roles(world):
    """As a sign-in does."""
    found = world.whose(world.token(groups=["G-1"]))
    assert (found.email, found.roles, found.groups) == (ANNA.address, {Role.HR}, {"g-1"})


@pytest.mark.parametrize("claims", [APP, APP | {"azp": None, "appid": "app-1"}, APP | {"idtyp": "app", "name": "App"}])
def test_a_token_about_no_person_is_an_apps(world, claims):
    """It is known by its id, and never by an address."""
    found = world.whose(world.token(**claims))
    assert (found.subject, found.email, found.roles, found.vouches) == ("app-1", "", {Role.HR}, False)


@pytest.mark.parametrize(
    "claims", [APP | {"scp": "access"}, APP | {"idtyp": "user"}, {"azp": "app-1"}, {"name": "", "preferred_username": "", "email": ""}]
)
def test_a_token_that_an_app_asked_for_in_a_persons_name_is_the_persons(world, claims):
    """`azp` says who asked."""
    assert world.whose(world.token(**claims)).subject.startswith(world.issuer.base_url)


def test_an_app_without_an_id_is_nobody(world):
    """What cannot be named cannot be kept."""
    with pytest.raises(TokenRefused):
        world.whose(world.token(idtyp="app", azp=None))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"kid": "another"},
        {"alg": None},
        {"crit": ["x"], "x": 1},
        {"b64": False, "crit": ["b64"]},
    ],
)
def test_another_algorithm_or_key_is_refused(world, header):
    """Which algorithms count is ours to say, and never the token's."""
    with pytest.raises(TokenRefused):
        world.whose(world.token(header))


def test_a_key_that_the_token_brings_along_counts_for_nothing(world):
    """Neither in the header, nor behind an address that it names."""
    own = generate_private_key(65537, 2048)
    numbers = own.public_key().public_numbers()

    def number(value):
        return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    key = {"kty": "RSA", "kid": "sandbox", "n": number(numbers.n), "e": number(numbers.e)}
    issuer = Issuer(base_url=world.issuer.base_url, client_id="kursusbot", client_secret="x", accounts=(ANNA,), _key=own)
    issuer.spoil = lambda _claims, header: header.update(jwk=key, jku="http://127.0.0.1:9/keys")
    with pytest.raises(TokenRefused):
        world.whose(issuer.id_token({"who": ANNA.id, "nonce": "n", "at": "1"}))


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "æ.b.c", "." * 50, "A" * 20000, "e30.e30.e30"])
def test_what_is_no_token_is_refused(world, token):
    """Whatever it looks like."""
    with pytest.raises(TokenRefused):
        world.whose(token)


def test_a_new_key_of_the_issuer_is_fetched_once_a_minute_at_most():
    """Keys are changed while we run; and made-up ones do not make us ask and ask."""
    with issuing() as world:
        asked = []
        whole = world.bearers._provider.keys

        async def counted():
            asked.append(1)
            return await whole()

        world.bearers._provider.keys = counted
        assert world.whose(world.token()).name == "Anna"
        world.issuer._key = generate_private_key(65537, 2048)
        for _ in range(5):
            with pytest.raises(TokenRefused):
                world.whose(world.token())
        assert len(asked) == 1
        world.ticks += 61
        assert world.whose(world.token()).name == "Anna"
        assert len(asked) == 2


def test_keys_that_were_taken_back_are_not_believed_after_an_hour():
    """And where the issuer is silent by then, nobody is let in."""
    with issuing() as world:
        world.whose(world.token())
        old = world.token()
        world.issuer._key = generate_private_key(65537, 2048)
        world.ticks += 3601
        with pytest.raises(TokenRefused):
            world.whose(old)
    world.ticks += 3601
    with pytest.raises(NoVisitor):
        world.whose(old)


def test_a_silent_issuer_is_no_bad_token():
    """Whoever asks may try again."""
    world = World(free_port())
    with pytest.raises(NoVisitor):
        world.whose(world.token())


def test_while_the_issuer_is_silent_the_keys_that_are_known_count():
    """For an hour."""
    with issuing() as world:
        token = world.token()
        world.whose(token)
    assert world.whose(token).name == "Anna"
    world.ticks += 61
    with pytest.raises(TokenRefused):
        world.whose("a.b.c")


TENANT = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("claims", "good"),
    [
        ({}, True), ({"iss": FIRST_VERSION.format(tenant=TENANT) + "/", "aud": "api://kursusbot"}, True),
        ({"iss": FIRST_VERSION.format(tenant="22222222-2222-4222-8222-222222222222") + "/"}, False), ({"tid": "another"}, False),
        ({"tid": None}, False), ({"oid": None}, False), (APP | {"tid": "another"}, False),
    ],
)  # fmt: skip
def test_entra_names_itself_in_two_ways_and_is_one_tenant(world, claims, good):
    """Tokens of the first version are what an app gets unless its registration says otherwise."""
    settings = SignInSettings(tenant_id=TENANT, client_id="kursusbot", client_secret="hemmelig")
    bearers = Bearers(settings, Provider(world.settings), clock=SystemClock().now)
    token = world.token(**({"iss": settings.provider} | claims))
    if good:
        assert asyncio.run(bearers.whose(token)).subject == ANNA.id
    else:
        with pytest.raises(TokenRefused):
            asyncio.run(bearers.whose(token))


def test_a_token_of_json_that_is_no_object_is_refused(world):
    """Signed or not."""
    whole = json.dumps
    try:
        import bot.sandbox.signing as module

        module._json, kept = (
            lambda part: urlsafe_b64encode(whole([1] if "iss" in part else part).encode()).rstrip(b"=").decode(),
            module._json,
        )
        with pytest.raises(TokenRefused):
            world.whose(world.token())
    finally:
        module._json = kept
