"""Whether a decision was made at the desk, and not in the plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "noted_decisions", sa.Column("at_desk", sa.Boolean(), nullable=False, server_default=sa.false())
    )
