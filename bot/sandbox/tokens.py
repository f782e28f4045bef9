"""Tokens that Teams shows: with what it brings to the bot, and for who opens its tab; or spoiled on purpose.

`spoil`: `none` (there is none), `garbage`, `expired`, `signature`, `algorithm` (`none`), `unknown_key`, or
the claim that is wrong: `issuer`, `audience`, `serviceurl`, `tenant`. Times are real, whatever the tenant's
clock says: whoever checks them lives in it. Facts: graph-facts-checked section 23, Microsoft's reference of
access tokens (2026-11).
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from bot.sandbox.signing import KEY_ID, plain, signed
from bot.sandbox.wire import JsonObject

if TYPE_CHECKING:
    from bot.sandbox.chats import BotRegistration
    from bot.sandbox.directory import User

LIFETIME_SECONDS = 3600
LONG_AGO_SECONDS = 7200
STRANGER = "0badc0de-0000-4000-8000-000000000002"
TEAMS_ON_THE_WEB = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
WRONG = {
    "issuer": ("iss", "https://elsewhere.example/issuer"),
    "audience": ("aud", STRANGER),
    "serviceurl": ("serviceurl", "https://elsewhere.example/teams/"),
    "tenant": ("tid", STRANGER),
}
SPOILS = frozenset({"none", "garbage", "expired", "signature", "algorithm", "unknown_key", "person", *WRONG})


def token_of(claims: JsonObject, spoil: str = "") -> str:
    """A token of these claims, good for an hour; "" for `none`. Raises ValueError for an unknown `spoil`."""
    if spoil and spoil not in SPOILS:
        raise ValueError(f"spoil is one of {', '.join(sorted(SPOILS))}, not {spoil!r}")
    if spoil == "none":
        return ""
    if spoil == "garbage":
        return "not.a.token"
    now = int(time.time()) - (LONG_AGO_SECONDS if spoil == "expired" else 0)
    claims = claims | {"nbf": now, "exp": now + LIFETIME_SECONDS}
    name, wrong = WRONG.get(spoil, ("", ""))
    if name in claims:
        claims[name] = wrong
    header = {"typ": "JWT", "alg": "RS256", "kid": KEY_ID if spoil != "unknown_key" else "another"}
    if spoil == "algorithm":
        return f"{plain(json.dumps(header | {'alg': 'none'}).encode())}.{plain(json.dumps(claims).encode())}."
    token = signed(claims, header)
    if spoil == "signature":
        text, _, signature = token.rpartition(".")
        return f"{text}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    return token


def tab_token(
    bot: BotRegistration, user: User, origin: str, *, roles: tuple[str, ...] = (), spoil: str = ""
) -> str:
    """What Teams' client gives the tab of somebody: Entra's access token for the bot's app, version 2."""
    claims: JsonObject = {
        "aud": bot.app_id, "iss": f"{origin}/entra/{bot.tenant_id}/v2.0", "iat": int(time.time()),
        "azp": TEAMS_ON_THE_WEB, "azpacr": "0", "scp": "access_as_user", "oid": user.id,
        "sub": f"tab-{user.id}", "tid": bot.tenant_id, "name": user.display_name,
        "preferred_username": user.principal, "roles": list(roles), "ver": "2.0",
    }  # fmt: skip
    return token_of(claims, spoil)
