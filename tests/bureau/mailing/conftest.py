"""A centre with a mail server by another hand beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bureau.app import assemble
from bureau.city.cast import HEMU
from bureau.mailing.smtp import MailServer
from bureau.ports.acquirer import Acquirers
from bureau.store import tables
from config.settings import load_bureau
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.doubles import Bank, Banks, DraftOffice, HandClock
from tests.bureau.mailing.servers import HOST, Inbox, mail_server


@dataclass
class Mailed:
    """A centre, and what came to its mail server."""

    centre: Centre
    inbox: Inbox
    server: MailServer

    def round(self) -> None:
        """What the centre's own thread does each second; trouble is told to its log alone."""
        next(one for one in self.centre.container.mailing.chores if one.name == "letters").do()


@pytest.fixture
def open_centre(city_url: str, tmp_path: Path) -> Iterator[Callable[..., Centre]]:
    """Opens centres over one store with that mail server (``port``; None: without one); all are closed at the end."""
    made: list[Centre] = []

    def make(port: int | None, ca: Path | None, clock: HandClock | None = None, **limits: int) -> Centre:
        clock = clock or HandClock()
        env = {"BUREAU_STATE_DIR": str(tmp_path / "state"), "BUREAU_DATABASE__URL": city_url}
        if port is not None:
            mail = {
                "HOST": HOST,
                "PORT": port,
                "CA_FILE": ca,
                "SENDER": "einvoice@bureau.test",
                "TIMEOUT_S": 5,
            }
            env |= {f"BUREAU_MAIL__{name}": str(value) for name, value in (mail | limits).items()}
        bank, office, banks = Bank(clock), DraftOffice(), Banks(clock)
        settings, acquirers = load_bureau(None, env), Acquirers(bank, None, banks)
        container = assemble(
            settings, clock=clock, acquirers=acquirers, office=office, published=stores.published()
        )
        made.append(Centre(container, clock, bank, office, tmp_path / "state", acquirers, banks))
        return made[-1]

    yield make
    for centre in made:
        centre.container.close()


@pytest.fixture
def mailed(open_centre: Callable[..., Centre], tmp_path: Path) -> Iterator[Mailed]:
    with mail_server(tmp_path / "tls") as (inbox, port, tls):
        centre = open_centre(port, tls.ca_file)
        mail = load_bureau(None, {"BUREAU_MAIL__HOST": HOST, "BUREAU_MAIL__SENDER": "a@b.test"}).mail
        yield Mailed(
            centre, inbox, MailServer(mail.model_copy(update={"port": port, "ca_file": tls.ca_file}))
        )


@pytest.fixture
def number(city_url: str, mailed: Mailed) -> str:
    """An invoice that HEMU issued."""
    sale = tables.sale
    with mailed.centre.database.read() as connection:
        mine = (sale.c.taxpayer == HEMU) & (sale.c.code == "") & (sale.c.state == "valid")
        return str(connection.execute(select(sale.c.number).where(mine).limit(1)).scalar_one())
