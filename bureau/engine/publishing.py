"""Keeps every version of services and tax tables that was ever in force, since records name theirs by hash."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from config import catalogue, parameter_tables
from config.errors import ConfigError
from kiosk.domain.tax.parameters import TaxParameters

log = logging.getLogger("kiosk.bureau")

T = TypeVar("T")
SERVICE = "service"
PARAMETERS = "parameters"


def publish(
    database: Database,
    now: datetime,
    services: Path = catalogue.BUILT_IN,
    parameters: Path = parameter_tables.BUILT_IN,
) -> tuple[Services, Rules]:
    """Put what is in force now on record, and give it with every earlier version."""
    current = catalogue.load_catalogue(services)
    tables_now = TaxParameters.load(parameters)
    files = {path.name: path.read_bytes() for path in sorted(parameters.glob("*.yaml"))}
    with database.write() as connection:
        for published in current.values():
            name = f"{published.service.id}.yaml"
            _keep(connection, SERVICE, published.hash, {name: (services / name).read_bytes()}, now)
        _keep(connection, PARAMETERS, tables_now.hash, files, now)
        earlier_services = _versions(connection, SERVICE)
        earlier_tables = _versions(connection, PARAMETERS)
    services_then = [
        _readable(partial(catalogue.read_service, content, Path(name)), name)
        for digest, version in earlier_services.items()
        if current.by_hash(digest) is None
        for name, content in version.items()
    ]
    tables_then = [
        _readable(partial(TaxParameters.of_files, version), digest)
        for digest, version in earlier_tables.items()
        if digest != tables_now.hash
    ]
    return (
        Services(current, [found for found in services_then if found is not None]),
        Rules(tables_now, [found for found in tables_then if found is not None]),
    )


def _readable(read: Callable[[], T], name: str) -> T | None:
    """An earlier version, or None when this release cannot read its form any more."""
    try:
        return read()
    except ConfigError as error:
        log.warning("an earlier version of %s cannot be read by this release: %s", name, error)
        return None


def _keep(connection: Connection, kind: str, digest: str, files: Mapping[str, bytes], now: datetime) -> None:
    rows = [
        {"kind": kind, "hash": digest, "name": name, "content": content, "first_at": now}
        for name, content in files.items()
    ]
    connection.execute(insert_into(connection, tables.published).on_conflict_do_nothing(), rows)


def _versions(connection: Connection, kind: str) -> dict[str, dict[str, bytes]]:
    t = tables.published
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    for row in connection.execute(select(t).where(t.c.kind == kind).order_by(t.c.first_at, t.c.hash)):
        found[row.hash][row.name] = row.content
    return found
