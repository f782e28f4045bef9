"""What a plan's decisions had come to, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "noted_decisions",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("assumption", sa.String, nullable=False),
        sa.Column("value", sa.JSON),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_on", sa.String, nullable=False),
        sa.Column("case_number", sa.String, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_noted_decisions"),
    )
