"""What offerings and sessions were called before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = ("plan", "course", "offering", "session", "old")
    op.create_table("old_parts", *(sa.Column(name, sa.String(), primary_key=True) for name in names))
