"""Opens the core system that the settings name, which the centre and the officers' console both work with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bureau.adapters.http_core import HttpPublicRecords, HttpSystem, Link
from bureau.engine.reference.public import ReferencePublicRecords
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.fleet import incarnation
from bureau.fleet.terminals import hall_of, place_of
from bureau.ports.einvoices import InvoiceOffice
from bureau.ports.public import PublicRecords
from bureau.ports.system import System
from bureau.store.database import Database
from config.bureau_settings import BureauSettings
from config.clock import Clock


def open_core(
    settings: BureauSettings,
    database: Database,
    clock: Clock,
    published: tuple[Services, Rules],
    office: InvoiceOffice,
) -> tuple[System, PublicRecords, Callable[[], None]]:
    """The core system that the settings name, what the public may see of it, and how it is left."""
    services, law = published
    if settings.core.url is None:
        system = ReferenceSystem(database, clock)
        return system, ReferencePublicRecords(system, services.current, office, law), lambda: None
    link = Link(settings.core.url, settings.core.timeout_s)
    core = HttpSystem(link, clock, partial(hall_of, database), partial(place_of, database))
    return core, HttpPublicRecords(core, office, law), link.close


def close_core(database: Database, state_dir: Path, leave: Callable[[], None]) -> None:
    """Leave the core system, and close the store as the same one that is opened next time."""
    leave()
    incarnation.note(database, state_dir)
    database.close()
