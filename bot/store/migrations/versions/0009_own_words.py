"""What people said themselves, whether they had a seat, what was moved since, and who is asked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger", sa.Column("moved_at", sa.DateTime(timezone=True)))
    for table in ("seat_log", "registrations"):
        op.add_column(table, sa.Column("said", sa.String()))
        op.add_column(table, sa.Column("said_at", sa.DateTime(timezone=True)))
    op.add_column("seat_log", sa.Column("had_seat", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("unconfirmed", "reopened"):
        op.add_column(
            "registrations", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # What a line written so far says of it by itself; what was before it is not known any more.
    op.execute("UPDATE seat_log SET had_seat = true WHERE status IN ('registered', 'withdrawn')")
    op.execute(
        "UPDATE seat_log SET said_at = COALESCE(answered_at, since),"
        " said = CASE WHEN cause IN ('queued', 'full', 'too_late', 'chosen') THEN 'registered'"
        " ELSE status END"
        " WHERE source IN ('outlook', 'web', 'teams') AND cause <> 'taken_over' AND status <> 'invited'"
    )
