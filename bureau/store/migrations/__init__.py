"""Alembic's migrations of the store; ``bureau.store.migrate`` runs them when the centre starts."""
