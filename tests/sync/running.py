"""The sync program in a test: a bureau with a ledger, and a queue to empty."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.settings import CentreSettings
from sync.agent import SyncAgent
from sync.client import BureauClient
from sync.journal import Phase
from sync.pace import Pace
from tests.sync.bureau_double import BureauDouble
from tests.sync.support import CLOCK, Terminal, entry, make_terminal, new_key

QUICK = Pace(
    poll_s=0.02,
    heartbeat_s=0.2,
    retry_first_s=0.02,
    retry_last_s=0.1,
    probe_cap_s=0.1,
    spread_s=0.02,
    use_every_s=0.1,
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return make_terminal(tmp_path)


@pytest.fixture(scope="module")
def bureau() -> Iterator[BureauDouble]:
    bureau = BureauDouble({})
    yield bureau
    bureau.close()


@pytest.fixture
def double(bureau: BureauDouble, terminal: Terminal) -> BureauDouble:
    """The bureau with empty books, knowing this terminal."""
    bureau.reset(terminal)
    return bureau


def agent_of(terminal: Terminal, url: str, pace: Pace = QUICK) -> SyncAgent:
    client = BureauClient(
        CentreSettings(url=url, connect_timeout_s=1.0, read_timeout_s=2.0), terminal.identity
    )
    return SyncAgent(terminal.state, terminal.identity, terminal.keystore, client, CLOCK, pace)


@contextmanager
def running(terminal: Terminal, url: str, pace: Pace = QUICK) -> Iterator[SyncAgent]:
    """The agent at work on threads of its own."""
    agent = agent_of(terminal, url, pace)
    thread = threading.Thread(target=agent.run)
    thread.start()
    try:
        yield agent
    finally:
        agent.stop()
        thread.join(30)
        agent.close()
        agent.client.close()


def drain(terminal: Terminal, url: str, timeout_s: float = 10.0) -> Any:
    agent = agent_of(terminal, url)
    try:
        return agent.drain(timeout_s)
    finally:
        agent.close()
        agent.client.close()


def queue(terminal: Terminal, *effects: tuple[str, str]) -> list[str]:
    """Journal effects of (taxpayer, kind) and hand them over; their keys."""
    keys = []
    with terminal.journal(ballast_bytes=0) as journal:
        for taxpayer, kind in effects:
            keys.append(new_key())
            journal.append_all(
                [
                    entry(Phase.INTENT, keys[-1], kind=kind, taxpayer=taxpayer),
                    entry(Phase.HANDOVER, keys[-1], kind=kind, body={}),
                ]
            )
    return keys


def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


RETURN = "declaration.submit"
