"""Whom a waiting change mails, and what they will get."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_mail",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("course", sa.String(), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("mailed", sa.JSON(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=False),
    )
