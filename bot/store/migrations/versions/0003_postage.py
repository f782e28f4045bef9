"""Postage: what each mailbox has sent in the last day; messages that went as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("mailbox", sa.String, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_posted"),
    )
    op.create_index("ix_posted_mailbox_sent_at", "posted", ["mailbox", "sent_at"])
    op.add_column("messages", sa.Column("together", sa.String, nullable=False, server_default=sa.text("''")))
