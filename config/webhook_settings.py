"""Settings of webhooks: which programs are told that something changed, and how they know that it was us."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from config.given import is_loopback
from config.section import Section

PREFIXED = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
"""Bytes, as Standard Webhooks has them."""


class WebhookTarget(Section):
    """One program: where it listens, and the secret that its calls are signed with (`whsec_` and base64)."""

    url: SecretStr
    secret: SecretStr

    @model_validator(mode="after")
    def _consistent(self) -> WebhookTarget:
        url = self.url.get_secret_value()
        parts = urlsplit(url)
        if not (parts.scheme == "https" and parts.hostname) and not is_loopback(url):
            raise ValueError("url: an https address is needed; plain http is allowed to loopback only")
        if "@" in parts.netloc or parts.fragment:
            raise ValueError("url: no name, password or fragment may be in it")
        said = self.secret.get_secret_value()
        try:
            key = base64.b64decode(said.removeprefix(PREFIXED), validate=True)
        except binascii.Error:
            key = b""
        if not said.startswith(PREFIXED) or not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
            raise ValueError(
                f"secret: {PREFIXED} and {SHORTEST_KEY} to {LONGEST_KEY} bytes of chance in base64 are "
                "needed (openssl rand -base64 32)"
            )
        return self


class WebhookSettings(Section):
    """`targets`: none where nobody is told."""

    targets: Annotated[tuple[WebhookTarget, ...], Field(max_length=20)] | None = None
