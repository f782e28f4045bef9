"""Seats: the seat log, the outbox, audiences as last read, notes; what a registration is due to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "seat_log",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("before", sa.String),
        sa.Column("status", sa.String),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("plan", "seq", name="pk_seat_log"),
    )
    op.create_index(
        "ix_seat_log_plan_course_offering_email_seq",
        "seat_log",
        ["plan", "course", "offering", "email", "seq"],
    )
    op.create_table(
        "messages",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("draft_id", sa.String),
        sa.Column("sent_at", INSTANT),
        sa.Column("error", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("plan", "key", name="pk_messages"),
    )
    op.create_table(
        "audience_members",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        sa.Column("members", sa.JSON, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "audience", name="pk_audience_members"),
    )
    op.create_table(
        "notes",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", "email", name="pk_notes"),
    )
    op.add_column("registrations", sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column(
        "registrations", sa.Column("cause", sa.String, nullable=False, server_default=sa.text("''"))
    )
