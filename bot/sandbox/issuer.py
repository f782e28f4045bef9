"""A sign-in that plays Entra.

A page with a button for each person, and what OpenID Connect asks of a provider.

    GET  /.well-known/openid-configuration   where everything is
    GET  /keys                               the public key
    GET  /authorize                          the page; checks client, address, PKCE (S256) and scope as Entra does
    POST /authorize                          the person of a button goes back with a code, or without (`who=nobody`)
    POST /token                              code, verifier and the client's proof for an id token; a code once
    GET  /logout                             says so, and where to go back to

`spoil` changes what is signed (claims, header) before it is, for tests of what must be refused. Served on
loopback only, as the rest of the sandbox.

Facts: OpenID Connect Core 1.0, RFC 7636, RFC 6749 and Microsoft's ID token reference, checked 2026-11.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.signing import KEY_ID, key_of_this_process, plain, public_keys, signed

LIFETIME_SECONDS = 3600
CODE_SECONDS = 60
PAGE = """<!doctype html><html lang="da"><meta charset="utf-8"><title>Log ind</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #f5f5f5; margin: 0 }}
main {{ max-width: 30rem; margin: 8vh auto; padding: 1.5rem 2rem 2rem; background: #fff }}
h1 {{ font-size: 1.6rem; margin: 0 0 .25rem }} form {{ display: grid; gap: .75rem }}
button {{ font: inherit; text-align: left; padding: .75rem 1rem; border: 1px solid #747474; color: inherit;
  background: #fff; cursor: pointer }}
button:hover, button:focus {{ border-color: #0059b3; outline: 3px solid #0059b3 }}
button small {{ display: block; color: #454545 }}
button.no {{ border: 0; text-decoration: underline; padding: .25rem }}
</style><main><h1>Log ind i sandkassen</h1><p>Her er ingen adgangskode: vælg, hvem du er.</p>
<form method="post" action="{action}">{buttons}
<button class="no" name="who" value="nobody">Fortryd</button></form></main></html>"""
BUTTON = '<button name="who" value="{id}"><strong>{name}</strong><small>{what}</small></button>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who can sign in: a directory id, an address, a name, app roles, and what the button says of them."""

    id: str
    address: str
    name: str
    roles: tuple[str, ...] = ()
    what: str = ""


@dataclass(slots=True)
class Issuer:
    """One provider with one client. `base_url` is where it is served; `now` gives seconds since 1970."""

    base_url: str
    client_id: str
    client_secret: str
    accounts: tuple[Account, ...]
    tenant_id: str = "11111111-1111-4111-8111-111111111111"
    now: Callable[[], float] = time.time
    spoil: Callable[[dict[str, Any], dict[str, Any]], None] = lambda _claims, _header: None
    _key: Any = field(default_factory=key_of_this_process)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._keys),
                Route("/authorize", self._ask),
                Route("/authorize", self._answer, methods=["POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/logout", self._logout),
            ]
        )

    def _configuration(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.base_url,
                "authorization_endpoint": f"{self.base_url}/authorize",
                "token_endpoint": f"{self.base_url}/token",
                "jwks_uri": f"{self.base_url}/keys",
                "end_session_endpoint": f"{self.base_url}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _keys(self, _request: Request) -> Response:
        return JSONResponse(public_keys(self._key))

    def _ask(self, request: Request) -> Response:
        asked = request.query_params
        wrong = [
            name
            for name, holds in {
                "client_id": asked.get("client_id") == self.client_id,
                "response_type": asked.get("response_type") == "code",
                "redirect_uri": "/signin/callback" in asked.get("redirect_uri", ""),
                "scope": "openid" in asked.get("scope", "").split(),
                "code_challenge_method": asked.get("code_challenge_method") == "S256",
                "code_challenge": bool(asked.get("code_challenge")),
                "nonce": bool(asked.get("nonce")),
            }.items()
            if not holds
        ]
        if wrong:
            return HTMLResponse(f"AADSTS900144: {escape(', '.join(wrong))}", status_code=400)
        buttons = "".join(
            BUTTON.format(id=escape(one.id), name=escape(one.name), what=escape(one.what))
            for one in self.accounts
        )
        return HTMLResponse(PAGE.format(action=escape(f"/authorize?{request.url.query}"), buttons=buttons))

    async def _answer(self, request: Request) -> Response:
        asked, who = dict(request.query_params), _form(await request.body()).get("who", "")
        back = {"state": asked.get("state", "")}
        if any(one.id == who for one in self.accounts):
            code = secrets.token_urlsafe(24)
            self._codes[code] = asked | {"who": who, "at": str(self.now())}
            back |= {"code": code}
        else:
            back |= {"error": "access_denied", "error_description": "The user cancelled."}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", status_code=302)

    async def _token(self, request: Request) -> Response:
        given = _form(await request.body())
        asked = self._codes.pop(given.get("code", ""), None)
        client = (given.get("client_id", ""), given.get("client_secret", ""))
        scheme, _, basic = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            name, _, secret = b64decode(basic).decode().partition(":")
            client = (unquote(name), unquote(secret))
        if client != (self.client_id, self.client_secret):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        challenge = plain(sha256(given.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or self.now() - float(asked["at"]) > CODE_SECONDS
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != given.get("redirect_uri")
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {"token_type": "Bearer", "expires_in": LIFETIME_SECONDS, "id_token": self.id_token(asked)}
        )

    def id_token(self, asked: dict[str, str]) -> str:
        """The signed token for what was asked for: `who`, `nonce`, and `at` (seconds) when they showed it."""
        account = next(one for one in self.accounts if one.id == asked["who"])
        now = int(self.now())
        claims = {
            "iss": self.base_url, "aud": self.client_id,
            "iat": now, "nbf": now, "exp": now + LIFETIME_SECONDS,
            "sub": plain(sha256(account.id.encode()).digest()), "oid": account.id, "tid": self.tenant_id,
            "nonce": asked["nonce"], "name": account.name, "preferred_username": account.address,
            "email": account.address, "email_verified": True, "roles": list(account.roles),
            "auth_time": int(float(asked["at"])), "ver": "2.0",
        }  # fmt: skip
        header = {"typ": "JWT", "alg": "RS256", "kid": KEY_ID}
        self.spoil(claims, header)
        return signed(claims, header, self._key)

    def _logout(self, request: Request) -> Response:
        back = escape(request.query_params.get("post_logout_redirect_uri", "/"))
        return HTMLResponse(
            f'<!doctype html><title>Logget ud</title><p>Logget ud. <a href="{back}">Tilbage</a></p>'
        )


def _form(body: bytes) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}
