"""The table of what people say of the tasks that they took home. See `bot.store.task_answers`."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

task_answers = Table(
    "task_answers",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "task", "email")),
    Column("state", String, nullable=False),
    Column("said", FreeText, nullable=False),
    Column("asked", FreeText, nullable=False),
    Column("names", String, nullable=False),
    Column("at", Instant, nullable=False),
)
"""`state` "" for a text alone; `names` "yes" where HR sees whose it is, "" else."""
# What a person has is found without reading what everybody has.
Index(None, task_answers.c.email)
