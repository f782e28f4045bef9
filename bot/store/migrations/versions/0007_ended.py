"""When a message ended without being sent, and when it was noted that an invitation came back.

HR's report tells of each once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.add_column("bounces", sa.Column("noted_at", sa.DateTime(timezone=True)))
