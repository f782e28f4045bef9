"""What plans and courses were called before, however often: links of then open today's page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "old_names",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "level", "old", name="pk_old_names"),
    )
