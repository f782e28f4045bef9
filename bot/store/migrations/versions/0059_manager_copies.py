"""Which copies managers got of what their people are signed up to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manager_copies",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("plan", "email")),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_manager_copies_email", "manager_copies", ["email"])
