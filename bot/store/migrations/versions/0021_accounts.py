"""Which account a mailbox's address stood for, and whether Outlook told when an answer was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailbox_ids",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", "address", name="pk_mailbox_ids"),
    )
    op.add_column("answers", sa.Column("timed", sa.Boolean(), nullable=False, server_default=sa.true()))
