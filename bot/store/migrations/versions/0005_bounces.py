"""Bounces: who was not reached by the mails of which event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounces",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("offering", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", "offering", "session", "email", name="pk_bounces"),
    )
