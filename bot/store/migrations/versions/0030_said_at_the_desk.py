"""What HR has said of ids that look changed, and has read of what people wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "noted_ids",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("offering", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("waiting", sa.Column("ids", sa.JSON()))
    op.create_table(
        "read_remarks",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("course", sa.String(), primary_key=True),
        sa.Column("email", sa.String(), primary_key=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    # What was written before anybody could say that it is read is taken for read.
    op.execute(
        "INSERT INTO read_remarks (plan, course, email, read_at) "
        "SELECT plan, course, email, MAX(at) FROM ("
        "SELECT plan, course, email, written_at AS at FROM notes UNION ALL "
        "SELECT plan, course, email, seen_at AS at FROM answer_comments) AS written "
        "GROUP BY plan, course, email"
    )
