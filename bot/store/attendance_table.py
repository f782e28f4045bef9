"""The tables of what was said about who came. See `bot.store.schema`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

attendance_log = Table(
    "attendance_log",
    metadata,
    Column("plan", String, primary_key=True),
    Column("key", String, primary_key=True),
    *(Column(name, String, nullable=False) for name in ("course", "offering", "session", "email")),
    Column("name", FreeText, nullable=False),
    *(Column(name, String, nullable=False) for name in ("said", "source", "by")),
    Column("at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("minutes", Integer),
)
"""Rows are only added. `key` is made by who says it, so that what a phone sends again is one row."""
Index("ix_attendance_log_plan", attendance_log.c.plan, attendance_log.c.course)
# What a person has is found without reading what everybody has.
Index(None, attendance_log.c.email)

meeting_readings = Table(
    "meeting_readings",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "session")),
    Column("ends_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reports", JSON, nullable=False),
)
"""How far it is with Teams' reports of a session that was held online; nobody is named in it."""
