"""Who answered for somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "registrations", sa.Column("answered_by", sa.String(), nullable=False, server_default=sa.text("''"))
    )
