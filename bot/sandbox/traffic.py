"""Outlook's limits for one app and mailbox: four requests at once, 10,000 in ten minutes.

Counts in real time (a simulated clock does not make room). Rejected requests count too. Facts:
graph-facts section 5 (2026-11-22).
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from bot.sandbox.settings import Settings
from bot.sandbox.wire import RefusedError

WINDOW_SECONDS = 600.0


class Traffic:
    """Requests in flight and lately, for each mailbox."""

    def __init__(self, settings: Settings) -> None:
        """Start quiet."""
        self.settings = settings
        self.in_flight: dict[str, int] = defaultdict(int)
        self.most_in_flight: dict[str, int] = defaultdict(int)
        self.throttled = 0
        self._lately: dict[str, deque[float]] = defaultdict(deque)

    def enter(self, mailbox: str, now: float) -> int:
        """Let a request in; return how many are in flight with it. `now`: monotonic seconds.

        Raises RefusedError 429, and then the request is not in flight.
        """
        lately = self._lately[mailbox]
        lately.append(now)
        while lately[0] < now - WINDOW_SECONDS:
            lately.popleft()
        for_all = self.settings.concurrency_scope == "app"
        count = (sum(self.in_flight.values()) if for_all else self.in_flight[mailbox]) + 1
        self.most_in_flight[mailbox] = max(self.most_in_flight[mailbox], count)
        if count > self.settings.concurrency_limit:
            raise self._refusal("Application is over its MailboxConcurrency limit.")
        if len(lately) > self.settings.requests_per_10_minutes:
            raise self._refusal("Application is over its limit of requests in 10 minutes.")
        self.in_flight[mailbox] += 1
        return count

    def leave(self, mailbox: str) -> None:
        """Let a request out that was let in."""
        self.in_flight[mailbox] -= 1

    def clear(self) -> None:
        """Forget what was, but not what is in flight."""
        self.most_in_flight.clear()
        self._lately.clear()
        self.throttled = 0

    def _refusal(self, message: str) -> RefusedError:
        self.throttled += 1
        return RefusedError(429, "ApplicationThrottled", message, retry_after(self.settings))


def retry_after(settings: Settings) -> dict[str, str]:
    """Return the Retry-After header in the form that the tenant is set to."""
    seconds = settings.retry_after_seconds
    match settings.retry_after:
        case "integer":
            return {"retry-after": str(max(1, round(seconds)))}
        case "fraction":
            return {"retry-after": f"{seconds:.3f}"}
        case "date":
            moment = datetime.now(UTC) + timedelta(seconds=seconds)
            return {"retry-after": format_datetime(moment, usegmt=True)}
        case "missing":
            return {}
