"""What was said about who came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_log",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("course", "offering", "session", "email", "name", "said", "source", "by")
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_attendance_log_plan", "attendance_log", ["plan", "course"])
    op.create_index("ix_attendance_log_email", "attendance_log", ["email"])
