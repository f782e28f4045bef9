"""What is asked of Graph, and what it answered: one request, one answer, one attempt."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from pydantic_core import from_json

from bot.domain.errors import GraphRefused
from bot.graph.errors import is_outlook
from bot.graph.retry import FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping

JsonObject = dict[str, Any]

IMMUTABLE_IDS = 'IdType="ImmutableId"'
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: `path` is encoded and starts after the version, `link` a whole address instead.

    `gate` is the mailbox, or one of the names in `bot.graph.gate`; `body` becomes JSON. `permission` is the
    right that it needs, where the path does not tell. `as_written`: the mailbox is called by its address
    where that stands in the path, and zones by the names that stand there.
    """

    method: str
    gate: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    link: str | None = None
    kind: FailureKind = FailureKind.SAFE
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    body: JsonObject | None = None
    permission: str = ""
    as_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    """What Graph answered: below 400, whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> JsonObject:
        """The body as an object, {} when there is none. Raises GraphRefused for anything else."""
        if not self.content:
            return {}
        body = _decoded(self.content)
        if not isinstance(body, dict):
            raise GraphRefused(
                "graph_unreadable", status=self.status, request_id=self.headers.get("request-id", "")
            )
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQuestion:
    """One attempt, for whoever counts them, and nothing of whom it was about.

    `status` as Graph answered, 0 or below without an answer.
    """

    method: str
    status: int
    seconds: float


_MAILBOX = re.compile(r"/users/([^/?]+)(/.*)")


def address_in(call: Call) -> str | None:
    """The address by which a call names its mailbox, None for other calls and for one by object id."""
    named = call.link is None and not call.as_written and is_outlook(call.path)
    found = _MAILBOX.fullmatch(call.path) if named else None
    address = unquote(found[1]) if found else ""
    return address if "@" in address else None


def in_mailbox(path: str, mailbox: str) -> str:
    """The path with another name for its mailbox."""
    return _MAILBOX.sub(lambda found: f"/users/{segment(mailbox)}{found[2]}", path)


def segment(text: str) -> str:
    """A mailbox, id or name as one segment of a path."""
    return quote(text, safe="@")


def _decoded(content: bytes) -> object:
    """What the JSON says, None where it is none.

    Four hundred calendars are many megabytes, which Pydantic's reader takes in half the time that the
    standard one needs; what the quick one will not have (half a surrogate pair, another encoding) the other
    may.
    """
    try:
        return from_json(content, cache_strings="keys")
    except ValueError:
        pass
    try:
        return json.loads(content)
    except ValueError:
        return None


def look_at(path: str, *, gate: str) -> Call:
    """The least that tells whether a calendar (one thing) or a folder of messages (a list) can be read."""
    query = {"$select": "id"} | ({"$top": "1"} if path.endswith("/messages") else {})
    return Call(method="GET", gate=gate, path=path, query=query, headers={"Prefer": IMMUTABLE_IDS})
