"""The files in Microsoft 365 that plans are read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_files",
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("drive", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("c_tag", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
    )
