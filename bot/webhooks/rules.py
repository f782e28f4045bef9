"""How a call is signed, what its answer means, and when it is made again (pure).

Standard Webhooks: the headers `webhook-id` (the same for each try), `webhook-timestamp` (of this try) and
`webhook-signature`: `v1,` and the HMAC-SHA256 of id, timestamp and body, with a point between, in base64.

| answer | then |
|---|---|
| 2xx | taken |
| 410 | given up: whoever is there wants no more of it |
| anything else, also another address to go to, and none at all | again after a pause; given up after the last |

Pauses grow from five seconds, and come to a day in all. Facts: standardwebhooks.com, specification 1.0.0,
checked 2026-11.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 2 * 3600, 5 * 3600, 8 * 3600, 8 * 3600)
)
"""After the first, second, … failure."""

PREFIXED, GONE = "whsec_", 410


class Taken(Enum):
    """What became of a call."""

    YES = auto()
    LATER = auto()
    NEVER = auto()


def taken_by(status: int) -> Taken:
    """By the table above; 0: there was no answer."""
    if 200 <= status < 300:  # noqa: PLR2004 - as HTTP has it
        return Taken.YES
    return Taken.NEVER if status == GONE else Taken.LATER


def again_at(tries: int, now: datetime) -> datetime | None:
    """When it is tried again after so many failures (1: the first), None: never."""
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None


def signed_headers(secret: str, event: str, body: str, now: datetime) -> dict[str, str]:
    """The three headers of one try; `secret` as the settings have it, `now` UTC."""
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIXED))
    said = hmac.new(key, f"{event}.{moment}.{body}".encode(), hashlib.sha256).digest()
    return {
        "webhook-id": event,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(said).decode()}",
        "content-type": "application/json",
    }


def body_of(kind: str, now: datetime, data: Mapping[str, object]) -> str:
    """The JSON that is sent: `type`, `timestamp` (RFC 3339 UTC, when it was noticed) and `data`."""
    moment = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": moment, "data": dict(data)}, ensure_ascii=False)


def target_of(url: str) -> str:
    """What an address is called in the books, which do not keep it: it may be a secret itself."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def is_reachable(address: str, *, own_machine: bool) -> bool:
    """Whether an IP address may be called.

    Those of the house's own network may: the settings name it. Those that a cloud keeps for its machines'
    secrets (link-local) may not, nor this machine where the setting does not say so in words.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if found.is_loopback:
        return own_machine
    return not (found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved)
