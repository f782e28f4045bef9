"""The tables of what people say of courses that are over. See `bot.store.evaluations`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.store.columns import FreeText
from bot.store.schema import metadata

evaluation_done = Table(
    "evaluation_done",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "email")),
    sqlite_with_rowid=False,
)
"""Who has answered; not when, and not what."""
Index(None, evaluation_done.c.email)

evaluation_shown = Table(
    "evaluation_shown",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering")),
    Column("batch", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Which dates somebody has seen the results of, and together with which others; nobody is named in it."""

evaluation_answers = Table(
    "evaluation_answers",
    metadata,
    Column("plan", String, primary_key=True),
    Column("key", String, primary_key=True),
    *(Column(name, String, nullable=False) for name in ("course", "offering", "question", "kind")),
    Column("asked", FreeText, nullable=False),
    Column("answer", FreeText, nullable=False),
    sqlite_with_rowid=False,
)
"""One row for each answer, and one without a question for each form; nothing says which belong together."""
Index("ix_evaluation_answers_plan", evaluation_answers.c.plan, evaluation_answers.c.course)
