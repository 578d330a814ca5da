from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from bureau.acquirer.cli import PAYEE
from bureau.acquirer.client import AcquirerClient
from bureau.acquirer.ledger import Ledger
from bureau.acquirer.service import create_app
from config.clock import CHINA
from tests.bureau.serving import served


@dataclass
class HandClock:
    """Business time that a test moves."""

    at: datetime = datetime(2026, 10, 12, 9, 40, tzinfo=CHINA)
    ticks: float = field(default=0.0)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def forward(self, **by: float) -> None:
        passed = timedelta(**by)
        self.at += passed
        self.ticks += passed.total_seconds()


@dataclass
class Desk:
    """The acquirer as a test meets it."""

    url: str
    clock: HandClock
    client: AcquirerClient
    http: requests.Session

    def pay(self, qr: str, payer: str = "13812345678") -> requests.Response:
        return self.http.post(f"{qr}/pay", json={"payer": payer}, timeout=5)

    def faults(self, **settings: float) -> None:
        assert self.http.post(f"{self.url}/faults", json=settings, timeout=5).status_code == 200

    def ledger(self) -> dict[str, object]:
        answer: dict[str, object] = self.http.get(f"{self.url}/ledger", timeout=5).json()
        return answer


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def books(tmp_path: Path, clock: HandClock) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "books.db", clock)
    yield ledger
    ledger.close()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(Ledger(tmp_path / "acquirer.db", clock), base, PAYEE)
    with served(app, listener) as url, requests.Session() as http:
        http.trust_env = False
        yield Desk(url, clock, AcquirerClient(url, timeout_s=5), http)
