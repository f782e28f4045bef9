"""The table of what HR writes in its own words; its messages are among the others. See `bot.store.schema`.

No column is JSON: whoever looks a person up finds them in text, and others are masked in it.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("plan", String, primary_key=True),
    *(Column(name, String, primary_key=True) for name in ("course", "offering", "session", "id")),
    Column("audience", String, nullable=False),
    Column("words", FreeText, nullable=False),
    Column("by", FreeText, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("sent_by", FreeText, nullable=False),
    Column("goes_from", Instant),
    Column("expires_at", Instant),
    Column("people", Integer, nullable=False),
    Column("stopped_at", Instant),
    Column("stopped_by", FreeText, nullable=False),
)
"""`audience` are its groups with a blank between, `words` what is said in each language, as JSON.

"" where it named somebody who was erased since. Without `sent_at` it is a draft.
"""
