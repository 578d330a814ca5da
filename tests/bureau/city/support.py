"""Cities for the tests of this folder, and one hash over everything a city is."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select

from bureau.city.city import City, Size, generate
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.migrate import migrate

DAY = date(2026, 10, 12)
SMALL = Size(people=40, enterprises=12)


@contextmanager
def city_of(
    url: str, *, seed: int = 7, day: date = DAY, size: Size = SMALL
) -> Iterator[tuple[Connection, City]]:
    """An open view of a freshly made city."""
    database = Database(url)
    try:
        migrate(database)
        with database.write() as connection:
            city = generate(connection, seed=seed, day=day, size=size)
        with database.read() as connection:
            yield connection, city
    finally:
        database.close()


@cache
def _layout() -> bytes:
    """An empty store at this release's layout, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        database = Database(f"sqlite+pysqlite:///{path}")
        migrate(database)
        database.close()
        return path.read_bytes()


def empty_file(folder: Path) -> str:
    """The address of an empty store in ``folder``."""
    path = folder / "city.db"
    path.write_bytes(_layout())
    return f"sqlite+pysqlite:///{path}"


def digest(connection: Connection) -> str:
    """SHA-256 over every row of every table, in the order of the keys."""
    found = hashlib.sha256()
    for table in sorted(tables.metadata.tables.values(), key=lambda t: t.name):
        rows = connection.execute(select(table)).all()
        lines = sorted(json.dumps(list(row), default=str, sort_keys=True) for row in rows)
        found.update("\n".join([table.name, *lines, ""]).encode())
    return found.hexdigest()


if __name__ == "__main__":
    with city_of(sys.argv[1]) as (view, _):
        print(digest(view))
