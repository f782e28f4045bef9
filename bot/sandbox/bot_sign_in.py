"""The bot's own token, and the keys by which it reads Teams'.

Entra's client credentials for one app and one scope, worded as Entra refuses. Tokens live in real time,
whatever the tenant's clock says, as those who check them do.
"""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from bot.sandbox.signing import read_signed, signed
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

AUDIENCE = "https://api.botframework.com"
SCOPE = f"{AUDIENCE}/.default"
LIFETIME_SECONDS = 3600
UNAUTHORIZED = "Unauthorized"


def give_token(tenant: Tenant, request: GraphRequest) -> Answer:
    """POST token: client credentials. Raises RefusedError 400 or 401, in Entra's words."""
    given = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
    bot = tenant.chats.bot
    for name in ("grant_type", "client_id", "scope", "client_secret"):
        if not given.get(name):
            raise _refusal(
                400,
                "invalid_request",
                900144,
                f"The request body must contain the following parameter: '{name}'.",
            )
    if request.segments[1] != bot.tenant_id:
        raise _refusal(400, "invalid_request", 90002, f"Tenant '{request.segments[1]}' not found.")
    if given["grant_type"] != "client_credentials":
        raise _refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    if given["client_id"] != bot.app_id:
        message = f"Application with identifier '{given['client_id']}' was not found in the directory."
        raise _refusal(400, "unauthorized_client", 700016, message)
    if given["client_secret"] != bot.secret:
        message = f"Invalid client secret provided for app '{bot.app_id}'."
        raise _refusal(401, "invalid_client", 7000215, message)
    if not given["scope"].endswith("/.default"):
        message = f"The provided value for scope {given['scope']} is not valid: it has no /.default suffix."
        raise _refusal(400, "invalid_scope", 1002012, message)
    if given["scope"] != SCOPE:
        message = f"The resource principal named {given['scope'].removesuffix('/.default')} was not found."
        raise _refusal(400, "invalid_resource", 500011, message)
    now = int(time.time())
    token = signed(
        {
            "aud": AUDIENCE, "iss": f"https://sts.windows.net/{bot.tenant_id}/", "iat": now, "nbf": now,
            "exp": now + LIFETIME_SECONDS, "appid": bot.app_id, "appidacr": "1", "tid": bot.tenant_id,
            "oid": str(uuid.uuid5(uuid.NAMESPACE_OID, bot.app_id)), "ver": "1.0",
        }
    )  # fmt: skip
    body: JsonObject = {
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "ext_expires_in": LIFETIME_SECONDS,
    }
    return Answer(status=200, body=body | {"access_token": token})


def requires_token(tenant: Tenant, request: GraphRequest) -> None:
    """Raise RefusedError 401 for a token that is not the bot's for the Bot Connector, or too old."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    claims: dict[str, Any] = (read_signed(token) or {}) if scheme.lower() == "bearer" else {}
    holds = (
        claims.get("aud") == AUDIENCE
        and claims.get("appid") == tenant.chats.bot.app_id
        and claims.get("exp", 0) > time.time()
    )
    if not holds or token in tenant.settings.expired_tokens:
        raise RefusedError(401, UNAUTHORIZED, "Authorization has been denied for this request.")


def entra_configuration(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET Entra's openid-configuration: who signs what the tab of somebody shows, and where the keys are."""
    here = f"{request.base_url}/entra/{tenant.chats.bot.tenant_id}"
    body: JsonObject = {
        "issuer": f"{here}/v2.0",
        "token_endpoint": f"{here}/oauth2/v2.0/token",
        "jwks_uri": f"{here}/discovery/v2.0/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
    }
    return Answer(status=200, body=body)


def openid_configuration(_tenant: Tenant, request: GraphRequest) -> Answer:
    """GET openidconfiguration: who signs what Teams brings to the bot, and where the keys are."""
    body: JsonObject = {
        "issuer": f"{request.base_url}/issuer",
        "authorization_endpoint": "https://invalid.botframework.com",
        "jwks_uri": f"{request.base_url}/openid/.well-known/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    }
    return Answer(status=200, body=body)


def _refusal(status: int, error: str, code: int, message: str) -> RefusedError:
    """Entra's answer as JSON in the message, because it has a form of its own."""
    trace, date = str(uuid.uuid4()), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    body = {
        "error": error,
        "error_description": f"AADSTS{code}: {message} Trace ID: {trace} Timestamp: {date}",
        "error_codes": [code],
        "timestamp": date,
        "trace_id": trace,
        "correlation_id": str(uuid.uuid4()),
    }
    return RefusedError(status, error, json.dumps(body))
