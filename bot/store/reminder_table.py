"""The table of what HR said about single reminders; it only grows. See `bot.store.schema`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

reminder_words = Table(
    "reminder_words",
    metadata,
    Column("number", Integer, primary_key=True),
    *(
        Column(name, String, nullable=False)
        for name in ("plan", "course", "offering", "session", "rule", "about", "email", "kind")
    ),
    Column("by", FreeText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", FreeText, nullable=False),
    Column("goes_from", Instant),
)
Index(None, reminder_words.c.plan, reminder_words.c.course)
