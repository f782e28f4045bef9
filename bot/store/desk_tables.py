"""The tables of what HR looks at on the desk, and has said or read there.

See `bot.store.schema`.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from bot.store.columns import Instant
from bot.store.schema import metadata

waiting_mail = Table(
    "waiting_mail",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("digest", String, nullable=False),
    Column("mailed", JSON, nullable=False),
    Column("letters", JSON, nullable=False),
)
"""Apart from `waiting`, because hundreds of people and whole texts are read only where somebody asks."""

noted_ids = Table(
    "noted_ids",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("plan", String, nullable=False),
    *(Column(name, String, nullable=False) for name in ("level", "course", "offering", "old", "new", "word")),
    Column("noted_at", Instant, nullable=False),
)
"""`course` and `offering` are what the thing is in, "" where it is in none, under the names of today."""

read_remarks = Table(
    "read_remarks",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("read_at", Instant, nullable=False),
)
"""Until when what somebody wrote about a course has been read by HR."""
