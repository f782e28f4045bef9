"""From the body of a notification to its items. Pure; judges nothing but the shape.

Graph sends `{"value": [{"subscriptionId", "clientState", "changeType" or "lifecycleEvent", …}]}`. Anybody
else can send anything to the same address, so what has another shape is left out, item by item, and of a long
list only the beginning is read: one hint is all that comes of it. Facts: "Basic change notification" and
"Lifecycle notification" of the contract folder, 2026-11-26.
"""

from __future__ import annotations

import json

from bot.domain.notifications import GraphNotice

MOST_ITEMS = 1000
LONGEST_TEXT = 128
"""What Graph allows in `clientState`; ids are shorter."""


def read_notices(body: bytes) -> tuple[GraphNotice, ...] | None:
    """The items in their order, None where the body is no notification at all."""
    try:
        value = json.loads(body)["value"]
    # Deeply nested JSON ends the parser and must not end the request.
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(value, list):
        return None
    notices = (_notice(item) for item in value[:MOST_ITEMS])
    return tuple(notice for notice in notices if notice is not None)


def _notice(item: object) -> GraphNotice | None:
    if not isinstance(item, dict):
        return None
    subscription, secret, event = (
        item.get(name, "") for name in ("subscriptionId", "clientState", "lifecycleEvent")
    )
    texts = [
        value
        for value in (subscription, secret, event or "")
        if isinstance(value, str) and len(value) <= LONGEST_TEXT
    ]
    if len(texts) < 3 or not texts[0] or not texts[1]:  # noqa: PLR2004 - the three above
        return None
    return GraphNotice(subscription=texts[0], secret=texts[1], event=texts[2])
