"""What people say of courses that are over, and apart from it who has answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_done",
        *(sa.Column(name, sa.String(), primary_key=True) for name in ("plan", "course", "offering", "email")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluation_done_email", "evaluation_done", ["email"])
    op.create_table(
        "evaluation_answers",
        sa.Column("plan", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("course", "offering", "question", "kind", "asked", "answer")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluation_answers_plan", "evaluation_answers", ["plan", "course"])
