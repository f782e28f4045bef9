"""Teams: for whom the tenant's one Teams app is installed, people's activity feeds, and posts in channels.

State only. What Graph checks before a line is shown stands in `feed_endpoints.py`, what a webhook takes in
`webhooks.py`. Facts: graph-facts sections 5 and 7 (2026-11-22).
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.wire import JsonObject

PARAMETER = re.compile(r"\{(\w+)\}")
PREVIEW_SHOWN = 150


@dataclass(slots=True, kw_only=True)
class FeedItem:
    """One line in a person's activity feed.

    `text` is the app's template filled in, `replaced` how often it took the place of itself.
    """

    to: str
    time: datetime
    activity_type: str
    topic: str
    web_url: str
    text: str
    preview: str
    chain_id: int | None
    to_many: bool
    replaced: int = 0

    def as_json(self) -> JsonObject:
        """Return it for the control plane."""
        return {**asdict(self), "time": self.time.isoformat()}


@dataclass(slots=True, kw_only=True)
class Post:
    """One card in a channel."""

    channel: str
    time: datetime
    card: JsonObject

    def as_json(self) -> JsonObject:
        """Return it for the control plane."""
        return {**asdict(self), "time": self.time.isoformat()}


class Teams:
    """The app, the feeds by user id, and the posts."""

    def __init__(self) -> None:
        """Start without an app."""
        self.activity_types: dict[str, str] = {}
        self.installed: set[str] = set()
        self.feeds: dict[str, list[FeedItem]] = defaultdict(list)
        self.posts: list[Post] = []
        self._starts: dict[str, deque[float]] = defaultdict(deque)

    def publish(self, manifest: dict[str, Any]) -> None:
        """Make a manifest's activity types the app's, type to template text."""
        self.activity_types = {
            one["type"]: one["templateText"] for one in manifest["activities"]["activityTypes"]
        }

    def show(self, user_id: str, item: FeedItem) -> None:
        """Put a line into a feed, in the place of an earlier one of the same chain."""
        feed = self.feeds[user_id]
        for place, earlier in enumerate(feed):
            if item.chain_id is not None and earlier.chain_id == item.chain_id:
                item.replaced = earlier.replaced + 1
                feed[place] = item
                return
        feed.append(item)

    def all_items(self) -> list[FeedItem]:
        """Return every line of every feed, oldest first."""
        return sorted(
            (item for feed in self.feeds.values() for item in feed), key=lambda item: (item.time, item.to)
        )

    def is_too_fast(self, what: str, now: float, *limits: tuple[int, float]) -> bool:
        """Count a request (also a rejected one), and tell whether it is one too many of (count, seconds).

        `now`: monotonic seconds.
        """
        starts = self._starts[what]
        starts.append(now)
        longest = max(seconds for _, seconds in limits)
        while starts[0] < now - longest:
            starts.popleft()
        return any(sum(start > now - seconds for start in starts) > count for count, seconds in limits)

    def clear(self) -> None:
        """Forget lines and posts, but not the app."""
        self.feeds.clear()
        self.posts.clear()
