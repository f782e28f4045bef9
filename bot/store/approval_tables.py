"""The tables about what a person decides: what waits, what was said of it, and the versions in force.

See `bot.store.schema`.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, false

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

course_versions = Table(
    "course_versions",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("accepted_at", Instant, nullable=False),
)

accepted_plans = Table(
    "accepted_plans",
    metadata,
    Column("plan", String, primary_key=True),
    Column("organiser", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("shape", JSON, nullable=False),
    Column("revision", String, nullable=False),
)

waiting = Table(
    "waiting",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("checksum", String, nullable=False),
    Column("whole", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("mails", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("since", Instant, nullable=False),
    Column("clashes", JSON(none_as_null=True)),
    Column("told", JSON(none_as_null=True)),
    # As programs before `waiting_mail` wrote it; read by nobody.
    Column("letters", JSON(none_as_null=True)),
    Column("found", JSON(none_as_null=True)),
    Column("ids", JSON(none_as_null=True)),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("plan", String, nullable=False),
    Column("course", String, nullable=False),
    Column("checksum", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("mails", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("since", Instant, nullable=False),
    Column("by", FreeText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("door", String, nullable=False),
    Column("comment", FreeText, nullable=False),
    Column("done_at", Instant),
)
# What was decided about a course is asked for in every round.
Index(None, decisions.c.plan, decisions.c.course)

noted_decisions = Table(
    "noted_decisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("plan", String, nullable=False),
    Column("assumption", String, nullable=False),
    Column("value", JSON(none_as_null=True)),
    Column("decided_by", FreeText, nullable=False),
    Column("decided_on", String, nullable=False),
    Column("case_number", FreeText, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("at_desk", Boolean, nullable=False, server_default=false()),
)
