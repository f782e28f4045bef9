"""The OpenID provider: where people are sent to show who they are, and what they come back with.

Authorization code flow with PKCE (S256), state and nonce, by Authlib. What has to be remembered until
somebody comes back stands in a signed cookie of ten minutes that goes to `/signin` only.

| comes back | then |
|---|---|
| a code and our state | exchanged for a token, which is checked: signature, issuer, audience, expiry, nonce, at_hash |
| an error of the provider: somebody said no, or may not | NoVisitor `cancelled` |
| another state, none, or one that is used up | NoVisitor `stale` |
| a code or token that does not hold | NoVisitor `refused` |
| nothing: the provider cannot be reached, or answers nonsense | NoVisitor `unreachable` |
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate
from joserfc.errors import JoseError

from bot.domain.errors import InputError
from bot.log_lines import get_logger
from bot.web.sign_in.claims import TokenRefused, visitor_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.domain.sign_in import Visitor
    from config.sign_in import SignInSettings

LOG = get_logger("bot.web.sign_in")
PATIENCE_SECONDS = 10.0
NAME = "provider"
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 60
"""How far our clock may be from the provider's."""

KNOWN = frozenset({"access_denied", "invalid_client", "invalid_grant", "invalid_request", "server_error"})
CANCELLED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


class NoVisitor(Exception):
    """Nobody is signed in; `why` by the table above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Provider:
    """One provider for all plans; what it tells of itself is asked for once. Raises InputError."""

    def __init__(self, settings: SignInSettings) -> None:
        self._issuer, self._tenant = settings.provider, settings.tenant_id
        self._expected = {
            "iss": {"essential": True, "values": [self._issuer, f"{self._issuer}/"]},
            "aud": {"essential": True, "values": [settings.client_id]},
        }
        secret: Any = settings.client_secret.get_secret_value() if settings.client_secret else None
        options: dict[str, Any] = {"scope": "openid profile email", "code_challenge_method": "S256"}
        if settings.certificate_path is not None:
            secret, options["token_endpoint_auth_method"] = _assertion(settings.certificate_path)
        self._app = OAuth().register(
            NAME,
            client_id=settings.client_id,
            client_secret=secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs=options | {"timeout": PATIENCE_SECONDS},
        )

    async def send_away(self, request: Request, *, back: str, again: bool) -> Response:
        """The answer that sends a browser to the provider; `again`: to show anew who it is.

        `back` is our own address that the provider sends to. Raises NoVisitor `unreachable`.
        """
        options = {"prompt": "login", "max_age": "0"} if again else {}
        try:
            response: Response = await self._app.authorize_redirect(request, back, **options)
        except (httpx2.HTTPError, ValueError, KeyError, RuntimeError) as error:
            raise _unreachable(error) from None
        return response

    async def take_back(self, request: Request) -> Visitor:
        """Who came back. Raises NoVisitor by the table above."""
        try:
            await self._app.load_server_metadata()
            self._app.server_metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
            token = await self._app.authorize_access_token(
                request, leeway=LEEWAY_SECONDS, claims_options=self._expected
            )
            # What stands beside an id token is signed by nobody.
            claims = token.get("userinfo") if "id_token" in token else None
            return visitor_of(claims or {}, provider=self._issuer, tenant=self._tenant)
        except MismatchingStateError:
            raise NoVisitor("stale") from None
        except OAuthError as error:
            # Whoever calls the address can write any word there.
            LOG.warning("sign_in.refused", error=error.error if error.error in KNOWN else "other")
            raise NoVisitor("cancelled" if error.error in CANCELLED else "refused") from None
        except (JoseError, TokenRefused) as error:
            LOG.warning("sign_in.refused", error=str(error))
            raise NoVisitor("refused") from None
        except (httpx2.HTTPError, ValueError, KeyError, RuntimeError) as error:
            raise _unreachable(error) from None

    async def keys(self) -> Any:
        """The provider's keys as they are now (JWKS); raises what the network and what is no JSON raise."""
        return await self._app.fetch_jwk_set(force=True)

    async def farewell(self, *, back: str) -> str | None:
        """Where one is signed out at the provider as well, None where there is no such place."""
        try:
            asked = await self._app.create_logout_url(
                post_logout_redirect_uri=back, client_id=self._app.client_id
            )
        except (httpx2.HTTPError, ValueError, KeyError, RuntimeError):
            return None
        address: str = asked["url"]
        return address


def _unreachable(error: Exception) -> NoVisitor:
    LOG.warning("sign_in.unreachable", error=type(error).__name__)
    return NoVisitor("unreachable")


def _assertion(path: str) -> tuple[bytes, PrivateKeyJWT]:
    """The PEM file's key, and how the app shows with it who it is; raises InputError.

    Entra finds the certificate by its SHA-256 thumbprint (Microsoft identity platform, certificate
    credentials).
    """
    try:
        pem = Path(path).read_bytes()
        thumbprint = load_pem_x509_certificate(pem).fingerprint(SHA256())
    except (OSError, ValueError):
        raise InputError("signin_certificate", path=path) from None
    header = {"alg": "PS256", "x5t#S256": urlsafe_b64encode(thumbprint).rstrip(b"=").decode()}
    return pem, PrivateKeyJWT(headers=header, alg="PS256")
