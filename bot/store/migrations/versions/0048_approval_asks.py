"""Who is asked about sign-ups that wait for a manager."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_asks",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("plan", "course", "offering", "email")),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("overdue", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_approval_asks_email", "approval_asks", ["email"])
