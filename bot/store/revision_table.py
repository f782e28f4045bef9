"""The table of what plans said before; see `bot.store.revisions`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from bot.store.columns import FreeText, Instant, Packed
from bot.store.schema import metadata

plan_revisions = Table(
    "plan_revisions",
    metadata,
    Column("plan", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("by", FreeText, nullable=False),
    Column("digest", String, nullable=False),
    Column("stamp", String, nullable=False),
    Column("document", Packed, nullable=False),
)
"""`digest` is the document's, as it was kept."""
