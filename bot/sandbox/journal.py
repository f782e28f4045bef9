"""The request journal: what was asked, in which order, and how it was answered.

Tests hold it against the contract and count with it. Tokens are not kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.wire import JsonObject
from bot.sandbox.zones import write_instant


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request. `started` and `ended` are seconds of a monotonic clock; 0 status: no answer."""

    number: int
    time: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    batch: int | None
    started: float
    ended: float = 0.0
    status: int = 0
    in_flight: int = 0

    @property
    def target(self) -> str:
        """Path and query, as the contract checker takes them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_connector(self) -> bool:
        """Whether it was for the Bot Connector or the bot's sign-in, and not for Graph."""
        return self.path.startswith(("/teams/v3/", "/entra/", "/openid/"))

    def as_json(self) -> JsonObject:
        """Return the entry for the control plane; the body as text."""
        return {
            "number": self.number,
            "time": write_instant(self.time),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "body": self.body.decode("utf-8", "replace"),
            "batch": self.batch,
            "started": self.started,
            "ended": self.ended,
            "status": self.status,
            "in_flight": self.in_flight,
        }


class Journal:
    """All requests, oldest first; items of a batch follow their batch."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: list[Entry] = []
        self._number = 0

    def open(
        self,
        *,
        time: datetime,
        method: str,
        path: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        batch: int | None,
        started: float,
    ) -> Entry:
        """Write down a request that has just come."""
        self._number += 1
        shown = {k: ("(redacted)" if k == "authorization" else v) for k, v in headers.items()}
        entry = Entry(
            number=self._number,
            time=time,
            method=method,
            path=path,
            query=query,
            headers=shown,
            body=body,
            batch=batch,
            started=started,
        )
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget the requests; numbers go on."""
        self.entries.clear()

    def counts(self) -> dict[str, int]:
        """Return how many requests there were by method, and `writes`, the ones that were no GET."""
        found = Counter(e.method for e in self.entries)
        writes = sum(n for method, n in found.items() if method != "GET")
        return {**found, "total": len(self.entries), "writes": writes}
