"""The tables of plans that are written at the desk, and of what somebody has begun there.

See `bot.store.schema`.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from bot.store.columns import FreeText, Instant, Packed
from bot.store.schema import metadata

desk_plans = Table(
    "desk_plans",
    metadata,
    Column("plan", String, primary_key=True),
    Column("saves", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", FreeText, nullable=False),
)
"""`saves`: how many there were, which is the number of the last."""

plan_drafts = Table(
    "plan_drafts",
    metadata,
    Column("id", String, primary_key=True),
    Column("plan", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("title", FreeText, nullable=False),
    Column("changes", Packed, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("handed_by", String, nullable=False),
)
Index(None, plan_drafts.c.plan)
