"""Faults by rule: which requests go wrong, and how.

A rule matches by method, path and count; the first active rule that matches acts. It only describes;
`http.py` carries it out. `when` tells on which side of the effect: `before` (nothing was done) or
`after` (it was done, and the answer is lost or held back).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from bot.sandbox.wire import JsonObject

When = Literal["before", "after"]


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule.

    Matching: `method` (`*` any), `path` (a regular expression searched in `/users/...?query`, decoded),
    from the `nth` match on (1 first), `times` of them (None: for ever).
    Acting: wait `delay_ms`; then `drop` the connection, or answer `status` with `code`, or (status
    None) go on. `retry_after` is the header's exact text. `without_teams` makes a create lose its
    online meeting. With none of these a rule only counts.
    """

    method: str = "*"
    path: str = ""
    nth: int = 1
    times: int | None = 1
    when: When = "before"
    status: int | None = None
    code: str = ""
    message: str = "A fault rule of the sandbox."
    retry_after: str | None = None
    delay_ms: float = 0.0
    drop: bool = False
    without_teams: bool = False
    seen: int = 0
    acted: int = 0

    def matches(self, method: str, target: str) -> bool:
        """Count a request that fits, and tell whether the rule acts on it."""
        if self.method not in ("*", method) or not re.search(self.path, target):
            return False
        self.seen += 1
        last = None if self.times is None else self.nth + self.times
        acts = self.seen >= self.nth and (last is None or self.seen < last)
        self.acted += acts
        return acts


# The code of an answer where the rule gives none.
USUAL_CODES = {
    400: "ErrorInvalidRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "ErrorIrresolvableConflict",
    410: "SyncStateNotFound",
    412: "ErrorIrresolvableConflict",
    429: "ApplicationThrottled",
    500: "ErrorInternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}


class Faults:
    """The rules of a tenant, in order."""

    def __init__(self) -> None:
        """Start without rules."""
        self.rules: list[Fault] = []

    def add(self, **values: Any) -> Fault:
        """Add a rule and return it. Raises ValueError for an unknown field or a bad expression."""
        names = {f.name for f in fields(Fault)} - {"seen", "acted"}
        unknown = set(values) - names
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        fault = Fault(**values)
        if fault.when not in ("before", "after"):
            raise ValueError("when is before or after")
        try:
            re.compile(fault.path)
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error
        fault.method = fault.method.upper()
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Take all rules away."""
        self.rules.clear()

    def for_request(self, method: str, target: str) -> Fault | None:
        """Return the rule that acts on this request; every rule counts what fits it."""
        acting = [rule for rule in self.rules if rule.matches(method, target)]
        return acting[0] if acting else None

    def as_json(self) -> list[JsonObject]:
        """Return the rules with their counts."""
        return [asdict(rule) for rule in self.rules]
