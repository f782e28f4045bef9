"""Who asks the API: a bearer token of the sign-in's issuer, checked by the issuer's own keys.

| a token | then |
|---|---|
| signed with a key that the issuer publishes; for us (`aud`), of it (`iss`), not over, and begun | whoever it names |
| of a key that we have not seen | the keys are read anew, at most once a minute |
| anything else: no signature, another algorithm, a key of its own, another app's or tenant's, over, too long | TokenRefused |
| the issuer cannot be reached, and its keys are not known | NoVisitor `unreachable` |

`aud` is our app, or `api://` and that (where Teams asks, with our host in between). Entra names itself
otherwise in tokens of its first version, which apps get unless their registration says 2; it is the same
tenant and the same keys. A token about no person is an app's own: its roles count as anybody's, and it is
known by the app's id.

Facts: RFC 6750, RFC 8725 (algorithms are ours to choose, never the token's), RFC 7519; Microsoft identity
platform, access tokens and their validation, checked 2026-11.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.web.sign_in.claims import TokenRefused, app_of, visitor_of
from bot.web.sign_in.provider import ALGORITHMS, LEEWAY_SECONDS, NoVisitor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.domain.sign_in import Visitor
    from bot.web.sign_in.provider import Provider
    from config.sign_in import SignInSettings

LONGEST_TOKEN = 12 * 1024
TAB_SCOPE = "access_as_user"
FIRST_VERSION = "https://sts.windows.net/{tenant}"
KEYS_SECONDS, AGAIN_SECONDS = 3600.0, 60.0
"""How long keys are taken for the issuer's, and how often they are read because of one that is not there."""


class Bearers:
    """The tokens of one issuer. `clock` gives UTC, `ticks` seconds that only go forward.

    `host` is that of our pages where Teams may ask for tokens, which then names it as well.
    """

    def __init__(
        self,
        settings: SignInSettings,
        provider: Provider,
        *,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
        host: str = "",
    ) -> None:
        self._provider, self._clock, self._ticks = provider, clock, ticks
        self._issuer, self._tenant = settings.provider, settings.tenant_id
        self._issuers = [self._issuer, f"{self._issuer}/"]
        if self._tenant is not None:
            first = FIRST_VERSION.format(tenant=self._tenant)
            self._issuers += [first, f"{first}/"]
        self._audiences = [settings.client_id or "", f"api://{settings.client_id}"]
        if host:
            self._audiences.append(f"api://{host}/{settings.client_id}")
        self._keys: KeySet | None = None
        self._read_at = 0.0

    async def whose(self, token: str) -> Visitor:
        """Who the token names; raises TokenRefused and NoVisitor by the table above."""
        if not token.isascii() or len(token) > LONGEST_TOKEN:
            raise TokenRefused("token")
        claims = self._checked(await self._claims(token))
        # Both names are the same issuer's.
        claims = {**claims, "iss": self._issuer}
        app = app_of(claims, tenant=self._tenant)
        return app or visitor_of(claims, provider=self._issuer, tenant=self._tenant)

    async def person(self, token: str) -> Visitor:
        """Who the token is about, which Teams' client was given for the tab; raises as `whose`.

        An app's own token is refused, and one that was given for anything else.
        """
        if not token.isascii() or len(token) > LONGEST_TOKEN:
            raise TokenRefused("token")
        claims = {**self._checked(await self._claims(token)), "iss": self._issuer}
        if TAB_SCOPE not in str(claims.get("scp") or "").split():
            raise TokenRefused("scp")
        return visitor_of(claims, provider=self._issuer, tenant=self._tenant)

    async def _claims(self, token: str) -> Mapping[str, Any]:
        """What a token with a good signature says."""
        tried = self._ticks()
        if self._keys is None or tried - self._read_at >= KEYS_SECONDS:
            await self._read_keys()
        try:
            return self._decoded(token)
        except (JoseError, ValueError, TypeError):
            if tried - self._read_at < AGAIN_SECONDS:
                raise TokenRefused("signature") from None
        # The issuer may have changed its keys since.
        await self._read_keys()
        try:
            return self._decoded(token)
        except (JoseError, ValueError, TypeError):
            raise TokenRefused("signature") from None

    def _decoded(self, token: str) -> Mapping[str, Any]:
        assert self._keys is not None  # noqa: S101 - they were read, or that was raised
        claims = jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
        if not isinstance(claims, dict):
            raise TypeError
        return claims

    def _checked(self, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "values": self._issuers},
            aud={"essential": True, "values": self._audiences},
            exp={"essential": True},
        )
        try:
            rules.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefused(str(getattr(error, "claim", "") or "claims")) from None
        return claims

    async def _read_keys(self) -> None:
        try:
            self._keys = KeySet.import_key_set(await self._provider.keys())
        except (JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError, RuntimeError):
            # Those that we have are good until they are an hour old.
            if self._keys is None or self._ticks() - self._read_at >= KEYS_SECONDS:
                raise NoVisitor("unreachable") from None
            return
        self._read_at = self._ticks()
