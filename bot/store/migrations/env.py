"""How Alembic runs our migrations: always on the connection that `bot.store.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from bot.store.all_tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
