"""People, a time and a message as the books of seats keep them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.messages import Message
from bot.domain.templates import MessageKind

NOW = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
ANNA, BO = "anna@demo.example", "bo@demo.example"


def message(key="full/k/main/anna", email=ANNA, **more):
    values = {"plan": "demo", "kind": MessageKind.FULL, "course": "k", "offering": "main", "created_at": NOW}
    return Message(key=key, email=email, **(values | more))
