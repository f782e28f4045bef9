"""Which dates somebody has seen the results of: no answer comes to them any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_shown",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("plan", "course", "offering")),
        sa.Column("batch", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
