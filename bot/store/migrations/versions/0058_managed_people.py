"""Whose manager is who, of a plan's people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "managed_people",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("plan", "email")),
        sa.Column("manager_id", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
    )
    for column in ("email", "manager_id", "manager"):
        op.create_index(f"ix_managed_people_{column}", "managed_people", [column])
