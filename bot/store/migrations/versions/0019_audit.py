"""Who did what only grows.

No line is changed but to take a name out of it, and none goes before its time is written down as over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REFUSAL = "who did what is only added to"
CHANGED = """NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.command <> OLD.command OR NEW.plan <> OLD.plan
    OR NEW.course <> OLD.course OR NEW.door <> OLD.door
    OR (NEW."by" <> OLD."by" AND NEW."by" <> '' AND NEW."by" NOT LIKE 'erased-%')
    OR (NEW.subject <> OLD.subject AND NEW.subject NOT LIKE 'erased-%')
    OR (NEW.detail <> OLD.detail AND NEW.detail <> '')"""
NOT_OVER = "NOT EXISTS (SELECT 1 FROM actions_over WHERE actions_over.until > OLD.at)"
THERE = "EXISTS (SELECT 1 FROM {table} WHERE {table}.id = NEW.id)"
"""SQLite deletes for INSERT OR REPLACE without asking the triggers of a deletion."""


def upgrade() -> None:
    op.add_column("actions", sa.Column("detail", sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "actions_over",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    rules = {
        ("actions", "UPDATE"): CHANGED,
        ("actions", "DELETE"): NOT_OVER,
        ("actions", "INSERT"): THERE.format(table="actions"),
        ("actions_over", "UPDATE"): "1",
        ("actions_over", "DELETE"): "1",
        ("actions_over", "INSERT"): THERE.format(table="actions_over"),
    }
    for (table, deed), condition in rules.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(f"""
        CREATE FUNCTION actions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' OR TG_TABLE_NAME = 'actions_over' THEN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
            ELSIF TG_OP = 'UPDATE' THEN
                IF {CHANGED} THEN
                    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            ELSIF {NOT_OVER} THEN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END $$
    """)
    for table in ("actions", "actions_over"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION actions_only_grow()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION actions_only_grow()"
        )
