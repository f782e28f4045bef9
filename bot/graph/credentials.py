"""Tokens for Microsoft Graph: every credential kind of the settings, cached, renewed before they expire.

All kinds but `static_token` come from azure-identity, which is imported only when one is needed. Its
synchronous credentials run in a thread: a token is fetched about once an hour, so a second HTTP stack
(aiohttp) would cost more than it gives. A forced renewal makes a new credential, because
azure-identity has no public way around its own cache.

Secrets never leave this module: not in errors, not in `repr`, not in logs. Facts: graph-facts
sections 12, 13 and 16, 2026-11-22.
"""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from bot.aside import Aside
from bot.domain.errors import InputError, SignInFailed
from bot.masking import mask_text
from config.given import is_loopback
from config.graph_settings import CredentialKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from config.graph_settings import GraphSettings

# Renewed this long before the end, so that no request leaves with a token that dies on the way.
RENEW_BEFORE_SECONDS = 300
SIGN_IN_SECONDS = 60.0
"""How long signing in may take, the files that it reads among it."""

# Entra's sign-in hosts of the national clouds, by Graph host; every other host signs in at the global one.
AUTHORITIES = {
    "graph.microsoft.us": "login.microsoftonline.us",
    "dod-graph.microsoft.us": "login.microsoftonline.us",
    "microsoftgraph.chinacloudapi.cn": "login.chinacloudapi.cn",
}
GLOBAL_AUTHORITY = "login.microsoftonline.com"


class AccessToken(Protocol):
    """What azure-identity answers: the token and its end in seconds since 1970."""

    @property
    def token(self) -> str:
        """The bearer token."""

    @property
    def expires_on(self) -> int:
        """Seconds since 1970."""


class Credential(Protocol):
    """What the bot uses of an azure-identity credential."""

    def get_token(self, *scopes: str) -> AccessToken:
        """Fetch a token; blocks."""

    def close(self) -> None:
        """Release connections."""


class TokenSource:
    """One token for the whole process, fetched once however many ask at the same time."""

    def __init__(
        self,
        settings: GraphSettings,
        *,
        build: Callable[[GraphSettings], Credential] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._build = build or build_credential
        self._clock = clock
        self._scope = scope_of(settings.base_url)
        self._credential: Credential | None = None
        self._token = ""
        self._renew_at = 0.0
        self._expires_at = 0.0
        self._lock = asyncio.Lock()
        self._aside = Aside("sign-in", SIGN_IN_SECONDS)
        if settings.credential is CredentialKind.STATIC_TOKEN:
            if not is_loopback(settings.base_url):
                raise InputError("graph_static_token_not_loopback")
            self._token = settings.static_token.get_secret_value() if settings.static_token else ""
            self._renew_at = self._expires_at = float("inf")

    async def fetch_token(self) -> str:
        """A token that is good for some minutes yet. Raises SignInFailed."""
        if self._clock() < self._renew_at:
            return self._token
        async with self._lock:
            if self._clock() < self._renew_at:
                return self._token
            try:
                await self._fetch()
            except SignInFailed:
                # The old one is good until its real end; the next call tries to renew again.
                if self._clock() < self._expires_at:
                    return self._token
                raise
            return self._token

    async def refresh_token(self, seconds: float) -> None:
        """See to it that the token is good for so long, by fetching a fresh one where it is not.

        Raises SignInFailed.
        """
        token = await self.fetch_token()
        if self._expires_at - self._clock() < seconds:
            await self.renew_token(token)

    async def renew_token(self, refused: str) -> str:
        """A fresh token after Graph refused `refused`.

        What somebody else renewed meanwhile is fresh enough.
        """
        async with self._lock:
            if refused == self._token and self._settings.credential is not CredentialKind.STATIC_TOKEN:
                self.close()
                self._renew_at = self._expires_at = 0.0
                await self._fetch()
            return self._token

    def close(self) -> None:
        """Release what the credential holds."""
        if self._credential is not None:
            self._credential.close()
            self._credential = None

    async def _fetch(self) -> None:
        try:
            if self._credential is None:
                self._credential = await self._aside.do(self._build, self._settings)
            answer = await self._aside.do(self._credential.get_token, self._scope)
        except TimeoutError:
            raise SignInFailed(
                "graph_sign_in_hangs",
                credential=self._settings.credential.value,
                seconds=int(SIGN_IN_SECONDS),
            ) from None
        except Exception as error:
            if not _is_sign_in_error(error):
                raise
            # The chain is cut: what azure-identity says may hold what it was given.
            raise _failed(self._settings, error) from None
        self._token = answer.token
        self._expires_at = float(answer.expires_on)
        self._renew_at = self._expires_at - RENEW_BEFORE_SECONDS


def scope_of(base_url: str) -> str:
    """`https://graph.microsoft.us/v1.0` as `https://graph.microsoft.us/.default`."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.hostname}/.default"


def build_credential(settings: GraphSettings) -> Credential:
    """The azure-identity credential for the settings; imports the library."""
    from azure import identity

    authority = AUTHORITIES.get((urlsplit(settings.base_url).hostname or "").lower(), GLOBAL_AUTHORITY)
    tenant, client = settings.tenant_id or "", settings.client_id or ""
    match settings.credential:
        case CredentialKind.CLIENT_SECRET:
            return identity.ClientSecretCredential(
                tenant, client, _reveal(settings.client_secret) or "", authority=authority
            )
        case CredentialKind.CERTIFICATE:
            data = Path(settings.certificate_path or "").read_bytes()
            password = _reveal(settings.certificate_password)
            return identity.CertificateCredential(
                tenant, client, certificate_data=data, password=password, authority=authority
            )
        case CredentialKind.MANAGED_IDENTITY:
            return identity.ManagedIdentityCredential(client_id=settings.client_id)
        case CredentialKind.WORKLOAD_IDENTITY:
            given = {"tenant_id": settings.tenant_id, "client_id": settings.client_id}
            return identity.WorkloadIdentityCredential(
                **{name: value for name, value in given.items() if value}, authority=authority
            )
        case CredentialKind.DEFAULT:
            return identity.DefaultAzureCredential(
                authority=authority, managed_identity_client_id=settings.client_id
            )
        case CredentialKind.STATIC_TOKEN:
            raise InputError("graph_static_token_not_loopback")


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _is_sign_in_error(error: Exception) -> bool:
    from azure.core.exceptions import AzureError

    # ValueError: a malformed tenant id, certificate or password; OSError: the certificate file.
    return isinstance(error, (AzureError, ValueError, OSError))


def _failed(settings: GraphSettings, error: Exception) -> SignInFailed:
    if isinstance(error, OSError):
        return SignInFailed(
            "graph_certificate_unreadable", path=settings.certificate_path, detail=type(error).__name__
        )
    text = str(error)
    code = re.search(r"AADSTS\d+", text)
    lines = text.strip().splitlines()
    detail = mask_text(lines[0][:300]) if lines else type(error).__name__
    for secret in (settings.client_secret, settings.certificate_password, settings.static_token):
        if secret is not None and secret.get_secret_value():
            detail = detail.replace(secret.get_secret_value(), "…")
    return SignInFailed(
        "graph_sign_in_failed",
        graph_code=code[0] if code else "",
        credential=settings.credential.value,
        detail=detail,
    )
