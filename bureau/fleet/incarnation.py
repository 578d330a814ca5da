"""The name of this life of the store: a new one when it was put back from a backup.

A store that holds fewer effects than this machine remembers was restored; terminals that see a new
incarnation send again what it lost. The memory is one small file beside the store's keys.
"""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

from sqlalchemy import Connection, func, select

from bureau.store import tables
from bureau.store.database import Database
from sync.files import read_private, write_private

log = logging.getLogger("kiosk.bureau")

_NAME = "incarnation"
FILE = "incarnation.json"


def current(database: Database, state_dir: Path) -> str:
    """The incarnation, changed when the store went back in time since the last start."""
    path = state_dir / FILE
    remembered = json.loads(read_private(path) or b"{}")
    with database.write() as connection:
        count = _count(connection)
        name = _read(connection)
        if name is None:
            name = renew(connection)
        elif remembered.get(_NAME) == name and count < int(remembered.get("effects", 0)):
            log.warning(
                "the store holds %d effects and held %s: it was restored", count, remembered["effects"]
            )
            name = renew(connection)
    remember(path, name, count)
    return name


def remember(path: Path, name: str, effects: int) -> None:
    """Keep how much the store held, so that a restored one is recognised."""
    write_private(path, json.dumps({_NAME: name, "effects": effects}).encode())


def note(database: Database, state_dir: Path) -> None:
    """Remember the store as it is now; called now and then and when the program stops."""
    with database.read() as connection:
        name, count = _read(connection), _count(connection)
    if name is None:
        return
    remembered = json.loads(read_private(state_dir / FILE) or b"{}")
    if remembered.get(_NAME) == name and count < int(remembered.get("effects", 0)):
        log.error("the store was put back while programs ran: end all of them, and start them again")
        return  # the next start has to see it
    remember(state_dir / FILE, name, count)


def renew(connection: Connection) -> str:
    """Begin a new incarnation, as after putting a backup back by hand."""
    name, meta = secrets.token_hex(8), tables.meta
    connection.execute(meta.delete().where(meta.c.name == _NAME))
    connection.execute(meta.insert().values(name=_NAME, value=name))
    return name


def _read(connection: Connection) -> str | None:
    meta = tables.meta
    return connection.execute(select(meta.c.value).where(meta.c.name == _NAME)).scalar()


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(tables.effect)).scalar_one())
