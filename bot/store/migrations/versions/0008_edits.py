"""What people make of our events in Outlook, and rooms that say no.

Everybody is told what stands in the calendars.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger", sa.Column("edit", sa.JSON()))
    op.add_column("ledger", sa.Column("rooms_declined", sa.JSON()))
