"""The service: what became of its jobs; on PostgreSQL the queue that its processes share.

The queue's tables are Procrastinate's own, word for word, as they were in the version that this revision was
written for (`migrations/procrastinate_3.10.sql`). A newer version brings migrations of its own, and each
becomes a revision here.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

QUEUE = Path(__file__).parents[1] / "procrastinate_3.10.sql"


def upgrade() -> None:
    op.create_table(
        "job_runs",
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("job", sa.String, nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("exit_code", sa.Integer, nullable=False),
        sa.Column("error", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("plan", "job", "run_id", name="pk_job_runs"),
    )
    op.create_index("ix_job_runs_plan_job_started_at", "job_runs", ["plan", "job", "started_at"])
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        # The driver's own connection: only without parameters does it take many statements at once.
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - it is open
        driver.execute(QUEUE.read_text(encoding="utf-8"))
