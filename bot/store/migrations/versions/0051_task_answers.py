"""What people say of the tasks that they took home from a course."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_answers",
        *(
            sa.Column(name, sa.String(), primary_key=True)
            for name in ("plan", "course", "offering", "task", "email")
        ),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "said", "asked", "names")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_task_answers_email", "task_answers", ["email"])
