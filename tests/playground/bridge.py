"""Between the Agents Playground and the bot: signs what the Playground says, and brings it what the bot says.

The Playground sends no token, and the bot takes nothing without one. So the bridge is an issuer of its own, which
the bot is set to believe in this run (`KURSUSBOT_BOT__SANDBOX_URL`), and the address that the bot answers to:

    POST /api/messages             from the Playground: as somebody of the directory and of our tenant, signed, to the bot
    GET  /openid/…                 the issuer's keys
    POST /entra/…/token            a token for the bot
         /teams/v3/…               from the bot: to the Playground, but for who somebody is

Loopback only.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

JsonObject = dict[str, Any]
KEY_ID = "bridge"
A_WHILE = 3600


@dataclass(slots=True, kw_only=True)
class Bridge:
    """`home` is where it is served, `bot` and `playground` where those listen; `told` is what went through, for whoever looks."""

    home: str
    bot: str
    playground: str
    app_id: str
    tenant_id: str
    person: JsonObject
    """As Teams knows the one who writes: `aadObjectId`, `name`, `email`."""
    told: list[tuple[str, int, JsonObject, JsonObject]] = field(default_factory=list)
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @property
    def address(self) -> str:
        """Where the bot is to answer."""
        return f"{self.home}/teams/"

    def signed(self) -> str:
        now = int(time.time())
        claims = {"iss": f"{self.home}/issuer", "aud": self.app_id, "serviceurl": self.address, "nbf": now - 60, "exp": now + A_WHILE}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def keys(self) -> JsonObject:
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "endorsements": ["msteams"]}
        return {"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]}

    def as_ours(self, said: JsonObject) -> JsonObject:
        """What the Playground says, as it would come from our tenant."""
        tenant = {"tenant": {"id": self.tenant_id}}
        bot = {"id": f"28:{self.app_id}", "name": "Kurser"}
        its_own = (said.get("recipient") or {}).get("id")
        came = said | {
            "serviceUrl": self.address,
            "locale": "da-DK",
            "from": (said.get("from") or {}) | self.person,
            "recipient": bot,
            "conversation": (said.get("conversation") or {}) | {"tenantId": self.tenant_id, "conversationType": "personal"},
            "channelData": (said.get("channelData") or {}) | tenant,
        }
        if said.get("membersAdded"):
            came["membersAdded"] = [bot if one.get("id") == its_own else one for one in said["membersAdded"]]
        return came


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def bridge_app(bridge: Bridge) -> FastAPI:
    """The bridge as a server."""
    app = FastAPI()

    @app.post("/api/messages")
    async def from_playground(request: Request) -> Response:
        said = bridge.as_ours(await request.json())
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(bridge.bot, json=said, headers={"Authorization": f"Bearer {bridge.signed()}"})
        shown = answer.json() if answer.content else {}
        bridge.told.append((f"{said.get('type')} {said.get('name') or said.get('text') or ''}".strip(), answer.status_code, said, shown))
        return JSONResponse(shown, status_code=answer.status_code)

    @app.get("/openid/.well-known/openidconfiguration")
    def configuration() -> JsonObject:
        issuer = {"issuer": f"{bridge.home}/issuer", "jwks_uri": f"{bridge.home}/openid/.well-known/keys"}
        return issuer | {"id_token_signing_alg_values_supported": ["RS256"]}

    @app.get("/openid/.well-known/keys")
    def keys() -> JsonObject:
        return bridge.keys()

    @app.post("/entra/{tenant}/oauth2/v2.0/token")
    def token(tenant: str) -> JsonObject:
        made = jwt.encode(
            {"aud": tenant, "exp": int(time.time()) + A_WHILE}, "of no worth, and long enough for its algorithm", algorithm="HS256"
        )
        return {"token_type": "Bearer", "expires_in": A_WHILE, "access_token": made}

    @app.get("/teams/v3/conversations/{conversation:path}/members/{subject}")
    def member(conversation: str, subject: str) -> JsonObject:
        return {"id": subject, "tenantId": bridge.tenant_id} | bridge.person

    @app.api_route("/teams/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def from_bot(request: Request, path: str) -> Response:
        body = await request.body()
        where = f"{bridge.playground}/_connector/{request.url.path.removeprefix('/teams/')}"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.request(request.method, where, content=body, headers={"Content-Type": "application/json"})
        bridge.told.append((f"bot {request.method} {path}", answer.status_code, json.loads(body or b"{}"), {}))
        return Response(answer.content, status_code=answer.status_code, media_type="application/json")

    return app
