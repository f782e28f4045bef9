"""The sandbox's key, what it signs, and what it reads of its own signatures (RS256, RFC 7515 and 7519)."""

from __future__ import annotations

import functools
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

KEY_ID = "sandbox"


@functools.cache
def key_of_this_process() -> RSAPrivateKey:
    """Making one takes longer than signing everybody in with it."""
    return generate_private_key(65537, 2048)


def public_keys(key: RSAPrivateKey | None = None) -> dict[str, Any]:
    """The JSON Web Key Set by which the signatures are read."""
    numbers = (key or key_of_this_process()).public_key().public_numbers()
    shown = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID}
    return {"keys": [shown | {"n": _number(numbers.n), "e": _number(numbers.e)}]}


def signed(
    claims: dict[str, Any], header: dict[str, Any] | None = None, key: RSAPrivateKey | None = None
) -> str:
    """A JSON Web Token of these claims; `header` in the place of the usual one."""
    head = header if header is not None else {"typ": "JWT", "alg": "RS256", "kid": KEY_ID}
    text = f"{_json(head)}.{_json(claims)}"
    return f"{text}.{plain((key or key_of_this_process()).sign(text.encode(), PKCS1v15(), SHA256()))}"


def read_signed(token: str) -> dict[str, Any] | None:
    """The claims of a token that this key signed; None for anything else. Says nothing of its times."""
    text, _, signature = token.rpartition(".")
    try:
        key_of_this_process().public_key().verify(_bytes(signature), text.encode(), PKCS1v15(), SHA256())
        claims = json.loads(_bytes(text.partition(".")[2]))
    except (InvalidSignature, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def plain(data: bytes) -> str:
    """Base64 for addresses and tokens, without the padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _json(part: dict[str, Any]) -> str:
    return plain(json.dumps(part).encode())


def _number(number: int) -> str:
    return plain(number.to_bytes((number.bit_length() + 7) // 8, "big"))
