"""Whether whoever wrote the reason of a seat was told that the person it is about reads it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "seat_log", sa.Column("reason_open", sa.Boolean(), nullable=False, server_default=sa.false())
    )
