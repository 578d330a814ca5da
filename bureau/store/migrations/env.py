"""What Alembic runs: always on the connection that ``bureau.store.migrate`` holds."""

from __future__ import annotations

from alembic import context

from bureau.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
