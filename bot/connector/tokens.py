"""The bot's own token for the Bot Connector: cached, renewed before it ends, and once where it is refused.

By a secret or a managed identity through azure-identity, which is imported only when one is needed and
blocks, so that it runs aside; from a played Teams on this machine by plain HTTP, which azure-identity does
not speak.
The secret stands in no error and no log line.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from bot.aside import Aside
from bot.connector.certificates import certificates
from bot.domain.errors import SignInFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.bot_settings import BotSettings

SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE_SECONDS = 300
SIGN_IN_SECONDS = 60.0
PLAYED_SECONDS = 10.0
HTTP_OK = 200


class BotToken(Protocol):
    """What azure-identity answers: the token and its end in seconds since 1970."""

    @property
    def token(self) -> str:
        """The bearer token."""

    @property
    def expires_on(self) -> int:
        """Seconds since 1970."""


class BotCredential(Protocol):
    """What the bot uses of an azure-identity credential."""

    def get_token(self, *scopes: str) -> BotToken:
        """Fetch a token; blocks."""

    def close(self) -> None:
        """Release connections."""


class BotTokens:
    """One token for everything that the bot says, fetched once however many ask at the same time."""

    def __init__(
        self,
        settings: BotSettings,
        *,
        build: Callable[[BotSettings], BotCredential] | None = None,
        clock: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings, self._clock, self._transport = settings, clock, transport
        self._build = build or build_credential
        self._token, self._renew_at = "", 0.0
        self._lock = asyncio.Lock()
        self._aside = Aside("bot-sign-in", SIGN_IN_SECONDS)

    async def fetch(self, *, refused: str = "") -> str:
        """A token that is good for some minutes yet, another one than was `refused`. Raises SignInFailed."""
        async with self._lock:
            if self._clock() >= self._renew_at or (refused and refused == self._token):
                self._renew_at = 0.0
                self._token, expires_at = await (
                    self._from_played() if self._settings.sandbox_url else self._from_microsoft()
                )
                self._renew_at = expires_at - RENEW_BEFORE_SECONDS
            return self._token

    async def _from_microsoft(self) -> tuple[str, float]:
        # A new credential each time: azure-identity has no public way around its own cache.
        try:
            answer = await self._aside.do(self._ask)
        except TimeoutError:
            raise SignInFailed("chat_sign_in_failed", graph_code="") from None
        except Exception as error:
            if not _is_sign_in_error(error):
                raise
            # The chain is cut: what azure-identity says may hold what it was given.
            raise SignInFailed("chat_sign_in_failed", graph_code=_code_in(str(error))) from None
        return answer.token, float(answer.expires_on)

    def _ask(self) -> BotToken:
        credential = self._build(self._settings)
        try:
            return credential.get_token(SCOPE)
        finally:
            credential.close()

    async def _from_played(self) -> tuple[str, float]:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.app_id or "",
            "client_secret": settings.app_secret.get_secret_value() if settings.app_secret else "",
            "scope": SCOPE,
        }
        url = f"{settings.login_url}/{settings.tenant_id}/oauth2/v2.0/token"
        try:
            async with httpx.AsyncClient(
                trust_env=False,
                transport=self._transport,
                timeout=PLAYED_SECONDS,
                verify=certificates(played=True),
            ) as http:
                answer = await http.post(url, data=form)
                read: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError):
            raise SignInFailed("chat_sign_in_failed", graph_code="") from None
        if answer.status_code != HTTP_OK:
            said = str(read.get("error_description", ""))
            raise SignInFailed("chat_sign_in_failed", status=answer.status_code, graph_code=_code_in(said))
        return str(read["access_token"]), self._clock() + float(read["expires_in"])


def build_credential(settings: BotSettings) -> BotCredential:
    """The azure-identity credential for the settings; imports the library."""
    from azure import identity

    if settings.managed_identity is not None:
        return identity.ManagedIdentityCredential(client_id=settings.managed_identity)
    secret = settings.app_secret.get_secret_value() if settings.app_secret else ""
    return identity.ClientSecretCredential(settings.tenant_id or "", settings.app_id or "", secret)


def _is_sign_in_error(error: Exception) -> bool:
    from azure.core.exceptions import AzureError

    return isinstance(error, (AzureError, ValueError, OSError))


def _code_in(said: str) -> str:
    found = re.search(r"AADSTS\d+", said)
    return found[0] if found else ""
