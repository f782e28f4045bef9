"""Signed links to a person's own page and to the calendar feed: what a token is, and whether one holds.

A token is a few facts, encrypted and signed (Fernet: AES-128-CBC and HMAC-SHA256, https://github.com/fernet/spec, checked 2026-11)
under a key derived from the secret of the settings. It is bound to purpose, plan, person and course, and ends at an
instant of its own. The address is not readable from it, so it is not in anybody's browser history or proxy log.
Who holds a link may act for the person; that is why the pages say whose it is and ask before anything is changed.
Does not know the pages (`bot.web`).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.errors import InputError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Purpose(StrEnum):
    """What a link is for; one for another purpose does not open it."""

    PERSON = "p"
    FEED = "f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token allows: a person (canonical address) and a course of a plan, or with both empty the plan's feed."""

    purpose: Purpose
    plan: str
    email: str = ""
    course: str = ""
    expires_at: datetime


class LinkInvalid(InputError):
    """Not a token of ours, or for another purpose."""


class LinkExpired(InputError):
    """A token of ours that has ended; `grant` is what it was for."""

    def __init__(self, grant: Grant) -> None:
        super().__init__("link_expired")
        self.grant = grant


def make_token(secret: str, grant: Grant) -> str:
    """The token of a grant: letters, digits, `-` and `_`."""
    facts = [grant.purpose.value, grant.plan, grant.email, grant.course, int(grant.expires_at.timestamp())]
    return _lock(secret).encrypt(json.dumps(facts, ensure_ascii=False).encode()).decode().rstrip("=")


def read_token(secret: str, token: str, *, purpose: Purpose, now: datetime) -> Grant:
    """What the token allows at `now`; raises LinkInvalid or LinkExpired."""
    from cryptography.fernet import InvalidToken

    try:
        spelt = token.encode("ascii")
        padded = spelt + b"=" * (-len(spelt) % 4)
        # Python's decoder passes over what is no base64 and over bits at the end that mean nothing; one token has one spelling.
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(padded)).rstrip(b"=") != spelt:
            raise LinkInvalid("link_invalid")
        said, plan, email, course, expires = json.loads(_lock(secret).decrypt(padded))
        grant = Grant(purpose=Purpose(said), plan=plan, email=email, course=course, expires_at=datetime.fromtimestamp(expires, UTC))
    except (InvalidToken, ValueError, TypeError):
        raise LinkInvalid("link_invalid") from None
    if grant.purpose is not purpose:
        raise LinkInvalid("link_invalid")
    if grant.expires_at <= now:
        raise LinkExpired(grant)
    return grant


def person_link(secret: str, base_url: str, grant: Grant) -> str:
    """The address of a person's page."""
    return f"{base_url.rstrip('/')}/p/{make_token(secret, grant)}"


def feed_link(secret: str, base_url: str, grant: Grant) -> str:
    """The address of the plan's calendar feed."""
    return f"{base_url.rstrip('/')}/feed/{make_token(secret, grant)}.ics"


@lru_cache(maxsize=4)
def _lock(secret: str) -> Fernet:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kursusbot links 1").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
