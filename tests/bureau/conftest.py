"""The centre is tested on SQLite and on PostgreSQL, each test on its own copy of a small city.

What a store itself promises is always held on both; of the rest ``make test`` takes one test on the one and the next on
the other, as their names fall, and ``make deep`` takes each on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from zlib import crc32

import pytest

from bureau.acquirer.card_files import CardFiles
from bureau.api.container import Container
from bureau.app import assemble
from bureau.certificates.office import Office, open_office
from bureau.city.stock import code_of
from bureau.engine.reference.context import Context
from bureau.engine.reference.stockroom import Stockroom
from bureau.engine.reference.work import ReferenceSystem
from bureau.fleet.terminals import BUREAU_NAME
from bureau.ports.acquirer import Acquirers
from bureau.ports.stock import Hands
from bureau.store.database import Database
from config.settings import load_bureau
from kiosk.domain.invoices import InvoiceRange
from tests.bureau import stores
from tests.bureau.doubles import Bank, Banks, DraftOffice, HandClock
from tests.bureau.terminals import Terminal
from tests.depth import WHOLE
from tests.standin.conftest import core, system

__all__ = ["core", "system"]
HANDS = Hands("段丽", "蒋明")
CODE = code_of("04", stores.DAY.year)
SPECIAL = code_of("01", stores.DAY.year)
STORES = ["sqlite", "postgresql"]
ALWAYS_BOTH = {"store", "conformance"}
"""Folders of what a store promises."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each test one of its stores; the parameters of a test are shared out too."""
    left, kept = [], []
    for item in items:
        backend = (
            item.callspec.params.get("backend")
            if isinstance(item, pytest.Function) and hasattr(item, "callspec")
            else None
        )
        name = item.nodeid.replace(str(backend), "")
        other = backend is not None and STORES[crc32(name.encode()) % len(STORES)] != backend
        (left if other and item.path.parent.name not in ALWAYS_BOTH and not WHOLE else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="session")
def server() -> Iterator[stores.Postgres]:
    with stores.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city") / "city.db"


@pytest.fixture(params=STORES)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def city_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a store with the small city in it."""
    if backend == "sqlite":
        return stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")
    return cast("stores.Postgres", request.getfixturevalue("server")).city()


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store with nothing in it."""
    if backend == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'empty.db'}"
    return cast("stores.Postgres", request.getfixturevalue("server")).empty()


@dataclass
class Centre:
    """A running engine with the outside world in a test's hands."""

    container: Container
    clock: HandClock
    bank: Bank
    office: DraftOffice
    state_dir: Path
    acquirers: Acquirers
    banks: Banks

    @property
    def system(self) -> ReferenceSystem:
        return cast("ReferenceSystem", self.container.system)

    @property
    def database(self) -> Database:
        return self.system.database

    def terminal(self, asset: str = "A-07") -> Terminal:
        return Terminal.enrol(self.container, self.clock, asset)

    def load(self, place: str = "A-07", unit: str = "unit1", code: str = CODE, first: str = "00274801",
             count: int = 20) -> None:  # fmt: skip
        with self.database.write() as connection:
            room = Stockroom(Context(connection, self.clock.now(), ""))
            room.load(place, unit, code, InvoiceRange.starting(first, count), HANDS)


@pytest.fixture
def make_centre(tmp_path: Path) -> Iterator[Callable[..., Centre]]:
    """Makes centres over a store's address; all are closed at the end."""
    made: list[Centre] = []

    def make(url: str, state: str = "state", clock: HandClock | None = None, *, cards: bool = True) -> Centre:
        clock = clock or HandClock()
        bank, office = Bank(clock), DraftOffice()
        folder = tmp_path / state
        env = {"BUREAU_STATE_DIR": str(folder), "BUREAU_DATABASE__URL": url}
        settings = load_bureau(None, env)
        banks = Banks(clock)
        others = (CardFiles(folder / "cards", clock), banks) if cards else (None, None)
        acquirers = Acquirers(bank, *others)
        container = assemble(
            settings, clock=clock, acquirers=acquirers, office=office, published=stores.published()
        )
        made.append(Centre(container, clock, bank, office, folder, acquirers, banks))
        return made[-1]

    yield make
    for centre in made:
        centre.container.close()


@pytest.fixture
def centre(city_url: str, make_centre: Callable[..., Centre]) -> Centre:
    return make_centre(city_url)


@pytest.fixture
def terminal(centre: Centre) -> Terminal:
    return centre.terminal()


@pytest.fixture
def sealing(centre: Centre, city_url: str) -> Iterator[tuple[Terminal, Office]]:
    """A terminal of the centre with an office that really draws and seals, and that office."""
    office = open_office(centre.state_dir, BUREAU_NAME, "https://bureau.example")
    env = {"BUREAU_STATE_DIR": str(centre.state_dir), "BUREAU_DATABASE__URL": city_url}
    container = assemble(
        load_bureau(None, env),
        clock=centre.clock,
        acquirers=centre.acquirers,
        office=office,
        published=stores.published(),
    )
    yield Terminal.enrol(container, centre.clock), office
    container.close()
