"""For whom the app in Teams was installed, and who took it away; and which package of it was made last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_installs",
        sa.Column("subject", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("email", "state")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "app_packages",
        sa.Column("app", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("digest", "version")),
    )
