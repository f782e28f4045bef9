"""The table of what people answered to a course's questions. See `bot.store.schema`."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

question_answers = Table(
    "question_answers",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "question", "email")),
    Column("answer", FreeText, nullable=False),
    Column("kind", String, nullable=False),
    Column("asked", FreeText, nullable=False),
    Column("at", Instant, nullable=False),
)
# What a person has is found without reading what everybody has.
Index(None, question_answers.c.email)
