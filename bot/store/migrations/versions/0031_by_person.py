"""What a person has is found without reading what everybody has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("answers", "registrations", "seat_log"):
        op.create_index(f"ix_{table}_email", table, ["email"])
    op.create_index(
        "ix_registrations_outsiders",
        "registrations",
        ["plan"],
        sqlite_where=sa.text("invited = 0"),
        postgresql_where=sa.text("NOT invited"),
    )
