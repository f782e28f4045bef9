"""What goes in and out of the simulated Graph: a request, an answer, and a refusal as Graph words it.

Does no routing and knows no endpoint. Shapes: graph-facts section 13 (errors) and the documented
examples of the contract folder, read 2026-11-22.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]

NO_HEADERS: dict[str, str] = {}
MAX_REQUEST = 4 * 1024 * 1024
"""Bytes of one request ("Add attachment" in Microsoft's documentation, 2026-11)."""


class RefusedError(Exception):
    """The tenant says no: `status`, Graph's `code` and `message`, and extra answer headers."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        """Keep the four parts of the refusal."""
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or NO_HEADERS


class ConnectionDroppedError(Exception):
    """The connection is to be closed without an answer (a fault rule asked for it)."""


@dataclass(slots=True, kw_only=True)
class GraphRequest:
    """One request to `/v1.0/...`, or one item of a batch.

    `segments` are the decoded path parts after `v1.0`; `headers` have lower-case names; `base_url`
    ends in `/v1.0` and is what links in answers start with; `flags` are what fault rules ask for. `arrived`:
    when its first bytes came (monotonic seconds), where the server tells.
    """

    method: str
    path: str
    segments: tuple[str, ...]
    query: dict[str, str]
    query_text: str
    headers: dict[str, str]
    body: bytes
    base_url: str
    prefers: dict[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    arrived: float | None = None

    def json(self) -> JsonObject:
        """Return the body as a JSON object.

        Raises RefusedError 400 when it is none, 413 when it is larger than Graph takes.
        """
        if len(self.body) > MAX_REQUEST:
            raise RefusedError(
                413,
                "RequestEntityTooLarge",
                "The request entity is larger than limits defined by the web server.",
            )
        if not self.headers.get("content-type", "").lower().startswith("application/json"):
            raise RefusedError(
                400,
                "RequestBodyRead",
                (
                    "Unable to read JSON request payload. Please ensure Content-Type header is set and "
                    "payload is of valid JSON format."
                ),
            )
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise bad_request("Unable to read JSON request payload.") from error
        if not isinstance(value, dict):
            raise bad_request("The request payload is not a JSON object.")
        return value

    @property
    def wants_immutable_ids(self) -> bool:
        """Whether `Prefer: IdType="ImmutableId"` was sent."""
        return self.prefers.get("idtype", "").lower() == "immutableid"

    @property
    def zone(self) -> str:
        """Zone name of times in the answer (`Prefer: outlook.timezone`), `UTC` by default."""
        return self.prefers.get("outlook.timezone", "UTC")


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the tenant answers: JSON, raw bytes, or nothing."""

    status: int
    body: JsonObject | None = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    _payload: bytes | None = field(default=None, init=False, repr=False)

    def payload(self) -> bytes:
        """Return the bytes to send; they are made once."""
        if self._payload is None:
            made = (
                b""
                if self.body is None
                else json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()
            )
            self._payload = made if self.raw is None else self.raw
        return self._payload


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> RefusedError:
    """Return a 400."""
    return RefusedError(400, code, message)


def item_not_found() -> RefusedError:
    """Return Exchange's 404."""
    return RefusedError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def error_body(refusal: RefusedError, request_id: str, client_request_id: str, date: str) -> JsonObject:
    """Return the `{"error": ...}` object of a refusal."""
    return {
        "error": {
            "code": refusal.code,
            "message": refusal.message,
            "innerError": {
                "date": date,
                "request-id": request_id,
                "client-request-id": client_request_id,
            },
        }
    }


def parse_prefer(header: str) -> dict[str, str]:
    """Return the preferences of a `Prefer` header, names in lower case, values unquoted."""
    out: dict[str, str] = {}
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name:
            out[name.lower()] = value.strip('"')
    return out
