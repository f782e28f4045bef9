"""The first tables: ledger, groups, people, answers, delta links, registrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("transaction_id", sa.String, nullable=False),
        sa.Column("event_id", sa.String),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("desired_fields", sa.JSON, nullable=False),
        sa.Column("observed_fields", sa.JSON, nullable=False),
        sa.Column("desired_attendees", sa.JSON, nullable=False),
        sa.Column("invited_since", sa.JSON, nullable=False),
        sa.Column("join_url", sa.String),
        sa.PrimaryKeyConstraint("plan", "course", "offering", "session", "part", name="pk_ledger"),
    )
    op.create_table(
        "group_counts",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("group_name", sa.String, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "group_name", name="pk_group_counts"),
    )
    op.create_table(
        "group_ids",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("group_name", sa.String, nullable=False),
        sa.Column("object_id", sa.String, nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "group_name", name="pk_group_ids"),
    )
    op.create_table(
        "people",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("directory_id", sa.String),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("department", sa.String, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "email", name="pk_people"),
    )
    op.create_table(
        "answers",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("response", sa.String, nullable=False),
        sa.Column("responded_at", INSTANT, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            "plan",
            "course",
            "offering",
            "session",
            "part",
            "email",
            "response",
            "responded_at",
            name="pk_answers",
        ),
    )
    op.create_table(
        "delta_links",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("organiser", sa.String, nullable=False),
        sa.Column("link", sa.String, nullable=False),
        sa.Column("window_start", INSTANT, nullable=False),
        sa.Column("window_end", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("plan", "organiser", name="pk_delta_links"),
    )
    op.create_table(
        "registrations",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("department", sa.String, nullable=False),
        sa.Column("invited", sa.Boolean, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", "offering", "email", name="pk_registrations"),
    )
