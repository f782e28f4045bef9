"""The time that was last believed when personal data was let go of, and what waits for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_marks",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("believed_at", sa.DateTime(timezone=True)),
        sa.Column("waits", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
    )
