"""The tables of who is asked about sign-ups that wait for a manager, and of whose manager is who.

See `bot.store.schema`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

approval_asks = Table(
    "approval_asks",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "email")),
    Column("wished_at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("asked_at", Instant),
    Column("due_at", Instant, nullable=False),
    Column("looked_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("overdue", Boolean, nullable=False),
)
"""A row lasts as long as its sign-up waits."""
# What a person has is found without reading what everybody has.
Index(None, approval_asks.c.email)

managed_people = Table(
    "managed_people",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "email")),
    Column("manager_id", String, nullable=False),
    Column("manager", String, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("looked_at", Instant, nullable=False),
    Column("read_at", Instant),
)
"""A row lasts as long as the plan asks for it, and the person is in one of its audiences."""
Index(None, managed_people.c.email)
Index(None, managed_people.c.manager_id)
Index(None, managed_people.c.manager)

manager_copies = Table(
    "manager_copies",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "email")),
    Column("period", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("looked_at", Instant, nullable=False),
)
"""A row lasts as long as the plan sends copies, and its reader is somebody's manager."""
Index(None, manager_copies.c.email)
