"""The tables of what other programs are told; see `bot.store.webhooks`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from bot.store.columns import Instant
from bot.store.schema import metadata

webhook_news = Table(
    "webhook_news",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("again", Integer, nullable=False),
)
"""What other programs are to be told of, once for all changes until then. `again` is there to be written.

Whoever changes something while a line is being taken waits for that, and writes it anew.
"""

webhook_calls = Table(
    "webhook_calls",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("plan", String, nullable=False),
    Column("course", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("event", String, nullable=False),
    Column("target", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
Index(None, webhook_calls.c.plan, webhook_calls.c.target)
