"""Plans that are written at the desk, and what somebody has begun there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_plans",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
    )
    op.create_table(
        "plan_drafts",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_by", sa.String(), nullable=False),
    )
    op.create_index("ix_plan_drafts_plan", "plan_drafts", ["plan"])
