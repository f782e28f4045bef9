"""Who did what with people's data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = [
        sa.Column(name, sa.String(), nullable=False)
        for name in ("by", "command", "plan", "course", "subject", "door")
    ]
    op.create_table(
        "actions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *words,
    )
    op.create_index("ix_actions_at", "actions", ["at"])
