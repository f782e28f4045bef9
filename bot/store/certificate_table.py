"""The table of certificates. See `bot.store.schema`."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

certificates = Table(
    "certificates",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "email")),
    Column("code", String, nullable=False),
    Column("paper", FreeText, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", String, nullable=False),
)
"""`paper` is what stands on it, as JSON, "" where whose it is has been let go of: the code stays."""
Index(None, certificates.c.code, unique=True)
# What a person has is found without reading what everybody has.
Index(None, certificates.c.email)
