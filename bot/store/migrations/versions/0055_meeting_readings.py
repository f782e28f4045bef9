"""How long somebody was in a meeting, and how far it is with Teams' reports of a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendance_log", sa.Column("minutes", sa.Integer()))
    op.create_table(
        "meeting_readings",
        *(
            sa.Column(name, sa.String(), primary_key=True)
            for name in ("plan", "course", "offering", "session")
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", sa.JSON(), nullable=False),
    )
