"""Which browsers are signed in to the desk, and what waits in words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True)),
        sa.Column("vouches", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("waiting", sa.Column("told", sa.JSON()))
    op.add_column("waiting", sa.Column("letters", sa.JSON()))
    op.add_column("waiting", sa.Column("found", sa.JSON()))
    op.create_index("ix_sign_ins_subject", "sign_ins", ["subject"])
