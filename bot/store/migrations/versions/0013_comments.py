"""What people write when they answer in Outlook, and until when the mailbox was looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_comments",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("offering", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", "course", "offering", "session", "email", name="pk_answer_comments"),
    )
    op.create_table(
        "comment_looks",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", name="pk_comment_looks"),
    )
