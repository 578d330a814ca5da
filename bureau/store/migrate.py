"""Brings the store to this release's layout when a program starts: one transaction, all or nothing."""

from __future__ import annotations

from functools import cache
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bureau.errors import StoreNewer
from bureau.store.database import Database

_LOCK = 0x7A_B0_57_0E
"""PostgreSQL advisory lock: processes that start together migrate one after the other."""


def migrate(database: Database) -> str:
    """Run what is missing and say the layout; raises ``StoreNewer`` when a later release was here."""
    head, known = _layouts()
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = layout(connection)
        if found is not None and found not in known:
            raise StoreNewer(found)
        if found != head:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return head


def layout(connection: Connection) -> str | None:
    """The layout a store has now; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _layouts() -> tuple[str, frozenset[str]]:
    """The newest layout of this release, and all it knows how to come from."""
    script = ScriptDirectory.from_config(_config())
    known = frozenset(revision.revision for revision in script.walk_revisions())
    return str(script.get_current_head()), known


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("bureau.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
