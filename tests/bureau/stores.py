"""Real databases for the tests: SQLite files and a PostgreSQL server of our own, each test on a copy of one city."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import text

from bureau.city.generator import Size, generate
from bureau.engine.publishing import publish
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.store.database import Database
from bureau.store.migrate import migrate
from bureau.store.tables import metadata
from config.clock import CHINA
from tests import memory

SEED = 7
DAY = date(2026, 10, 12)
SMALL = Size(people=6, enterprises=2)
_names = count(1)


_published: list[tuple[Services, Rules]] = []


def published() -> tuple[Services, Rules]:
    """Services and rules in force, read once for all tests."""
    return _published[0]


def fill(database: Database) -> None:
    """The layout of this release and a small city."""
    migrate(database)
    _published.append(publish(database, datetime(2026, 10, 12, 8, tzinfo=CHINA)))
    generate(database, SEED, DAY, _published[0][1], SMALL)


def binaries() -> Path | None:
    """Where the newest PostgreSQL server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    return found[-1].parent if found else None


@dataclass
class Postgres:
    """A server in a private directory, reachable by a Unix socket there and by nothing else."""

    folder: Path
    filled: bool = field(default=False)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def admin(self, statement: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def city(self) -> str:
        """The address of the city, put back as it was at the beginning."""
        if not self.filled:
            self.admin("DROP DATABASE IF EXISTS city WITH (FORCE)")  # left by a filling that failed
            self.admin("CREATE DATABASE city")
            database = Database(self.url("city"), pool=1)
            fill(database)
            database.close()
            self._remember()
            self.filled = True
        with self._in_city() as connection:
            changed = [row[0] for row in connection.execute(b"SELECT DISTINCT name FROM kept.changed")]
            statements = ["SET session_replication_role = replica", "DELETE FROM kept.changed"]
            for name in changed:
                statements += [
                    f'DELETE FROM public."{name}"',
                    f'INSERT INTO public."{name}" TABLE kept."{name}"',
                ]
            connection.execute("; ".join(statements).encode())
        return self.url("city")

    def _in_city(self) -> psycopg.Connection[tuple[str]]:
        return psycopg.connect(f"host={self.folder} user=postgres dbname=city")

    def _remember(self) -> None:
        """Keep a copy of every table, and let each note when a test changed it."""
        with self._in_city() as connection:
            connection.execute(b"CREATE SCHEMA kept")
            connection.execute(b"CREATE UNLOGGED TABLE kept.changed (name text)")
            connection.execute(
                b"CREATE FUNCTION kept.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                b"INSERT INTO kept.changed VALUES (TG_TABLE_NAME); RETURN NULL; END $$"
            )
            for name in sorted(metadata.tables):
                connection.execute(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"'.encode())
                connection.execute(
                    f'CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON public."{name}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION kept.note()".encode()
                )

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        name = f"empty_{next(_names)}"
        self.admin(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server as the ``postgres`` user (it refuses root) and stop it."""
    programs = binaries()
    assert programs is not None, "no PostgreSQL server: apt install postgresql"
    folder = Path(
        tempfile.mkdtemp(prefix="kb-", dir=memory.root() or "/tmp")
    )  # a socket's path must be short
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=50,
        )

    data, control = str(folder / "data"), str(programs / "pg_ctl")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=16MB"
    run(
        str(programs / "initdb"),
        "-D",
        data,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-A",
        "trust",
        "-U",
        "postgres",
        "--no-sync",
    )
    run(control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield Postgres(folder)
    finally:
        run(control, "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def sqlite_city(template: Path, target: Path) -> str:
    """The address of a copy of the city in one file."""
    if not template.exists():
        database = Database(f"sqlite+pysqlite:///{template}")
        fill(database)
        with database.write() as connection:
            connection.execute(text("SELECT 1"))
        database.close()
    for suffix in ("", "-wal"):
        source = template.with_name(template.name + suffix)
        if source.exists():
            shutil.copy(source, target.with_name(target.name + suffix))
    return f"sqlite+pysqlite:///{target}"
