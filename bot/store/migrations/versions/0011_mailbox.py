"""In which mailbox each event was written.

An event in another one than the plan names was not deleted by anybody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger", sa.Column("organiser", sa.String))
