"""Brings the store to this release's layout when a program starts: one transaction, all or nothing.

Processes of two releases serve one store while the newer is rolled out, one process after the other (docs/running.md):
what a release changes only adds, so that programs of the one before still work, and are started again meanwhile.
Alembic is loaded when there is something to migrate: every command looks, few find anything.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from importlib import resources
from typing import Final

from sqlalchemy import Connection, inspect, select, text

from bureau.errors import StoreNewer
from bureau.store.database import Database
from bureau.store.tables import meta

log = logging.getLogger("kiosk.bureau")

_LOCK = 0x7A_B0_57_0E
"""PostgreSQL advisory lock: processes that start together migrate one after the other."""
PATIENCE_S: Final = 120
"""How long a program waits for another that is migrating: a large store, or a machine just switched on."""

WORKS_FROM: Final = "0068"
"""The layout of the oldest release whose programs work on this one. Raised, to the layout itself, by who writes one
that does more than add: its release is rolled out with all processes stopped. A test holds it against the files."""
_WORKS_FROM: Final = "works-from"
_VERSION: Final = re.compile(r"v(\d{4})_\w+\.py")
"""A layout's file is named by its revision; a test holds Alembic's own reading against it."""


def migrate(database: Database) -> str:
    """Run what is missing and say the layout; raises ``StoreNewer`` where a later release's is none for this one."""
    head, known = layouts()
    with database.read() as connection:
        if layout(connection) == head:
            return head
    with database.write(patience_s=PATIENCE_S) as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = layout(connection)
        if found is not None and found not in known:
            if head < _works_from(connection):
                raise StoreNewer(found)
            log.warning("the store has layout %s of a later release, on which this one works too", found)
            return found
        if found != head:
            _upgrade(connection)
            _note(connection)
        return head


def _works_from(connection: Connection) -> str:
    """What the later release says; one that says nothing works with no other."""
    said = connection.execute(select(meta.c.value).where(meta.c.name == _WORKS_FROM)).scalar()
    return str(said) if said is not None else "9999"


def _note(connection: Connection) -> None:
    connection.execute(meta.delete().where(meta.c.name == _WORKS_FROM))
    connection.execute(meta.insert().values(name=_WORKS_FROM, value=WORKS_FROM))


def layout(connection: Connection) -> str | None:
    """The layout a store has now; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


@cache
def layouts() -> tuple[str, frozenset[str]]:
    """The newest layout of this release, and all it knows how to come from."""
    files = (resources.files("bureau.store") / "migrations" / "versions").iterdir()
    known = frozenset(match[1] for file in files if (match := _VERSION.fullmatch(file.name)))
    return max(known), known


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("bureau.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
