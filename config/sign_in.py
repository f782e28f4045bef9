"""Settings of the sign-in to the desk: `KURSUSBOT_SIGNIN__…`.

Entra is named by its tenant; `issuer` names another OpenID provider. Without either there is no desk.
"""

from __future__ import annotations

from pydantic import SecretStr, model_validator

from config.given import is_loopback
from config.section import Section

ENTRA = "https://login.microsoftonline.com/{tenant}/v2.0"


class SignInSettings(Section):
    """Who proves who somebody is, and as which app we ask.

    `certificate_path` is a PEM file with key and certificate, in the place of `client_secret`.
    """

    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    certificate_path: str | None = None
    issuer: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether anybody can sign in."""
        return self.client_id is not None

    @property
    def provider(self) -> str:
        """The issuer that every token has to name, without a slash at its end; "" without sign-in."""
        if self.issuer is not None:
            return self.issuer.rstrip("/")
        return ENTRA.format(tenant=self.tenant_id) if self.tenant_id else ""

    @model_validator(mode="after")
    def _consistent(self) -> SignInSettings:
        given = {name for name, value in self if value is not None}
        if not given:
            return self
        if not given & {"tenant_id", "issuer"}:
            raise ValueError(
                "tenant_id: the Entra tenant is needed, or KURSUSBOT_SIGNIN__ISSUER for another provider"
            )
        if {"tenant_id", "issuer"} <= given:
            raise ValueError("issuer: either a tenant of Entra or another provider, not both")
        if "client_id" not in given:
            raise ValueError("client_id: the app that people sign in to is needed")
        if len(given & {"client_secret", "certificate_path"}) != 1:
            raise ValueError("client_secret: either a secret or a certificate is needed, not both")
        if self.issuer is not None and not (self.issuer.startswith("https://") or is_loopback(self.issuer)):
            raise ValueError("issuer: an https address is needed; plain http is allowed to loopback only")
        return self
