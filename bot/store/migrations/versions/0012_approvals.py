"""What is in force of each plan, what waits for a person, and what persons decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_versions",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", name="pk_course_versions"),
    )
    op.create_table(
        "accepted_plans",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("organiser", sa.String, nullable=False),
        sa.Column("timezone", sa.String, nullable=False),
        sa.Column("shape", sa.JSON, nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("plan", name="pk_accepted_plans"),
    )
    op.create_table(
        "waiting",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("checksum", sa.String, nullable=False),
        sa.Column("whole", sa.String, nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", name="pk_waiting"),
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("checksum", sa.String, nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("number", name="pk_decisions"),
    )
    op.create_index("ix_decisions_plan_course", "decisions", ["plan", "course"])
