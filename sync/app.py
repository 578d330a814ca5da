"""Composition root of ``kiosk sync``: puts the parts together and runs them until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from config import notify
from config.clock import SystemClock
from config.settings import TerminalSettings
from sync.agent import SyncAgent
from sync.client import BureauClient
from sync.crypto import KeyStore, open_keystore
from sync.identity import TerminalIdentity
from sync.pace import Pace
from sync.status import Status

log = logging.getLogger("kiosk.sync")


def run(settings: TerminalSettings) -> None:
    """Run until SIGTERM or SIGINT; raises ``SyncError`` when it cannot begin (not enrolled, file in use …)."""
    with _agent(settings) as agent:
        _stop_on_signals(agent)
        notify.ready("started")
        last = ""

        def each_round(status: Status) -> None:
            nonlocal last
            notify.watchdog()
            if status.line() != last:
                last = status.line()
                notify.status(last)

        agent.run(each_round)
        notify.stopping()


def once(settings: TerminalSettings, timeout_s: float = 60.0) -> Status:
    """Deliver and upload what waits, then return; raises as ``run``."""
    with _agent(settings) as agent:
        _stop_on_signals(agent)
        return agent.drain(timeout_s)


def keystore_of(settings: TerminalSettings) -> KeyStore:
    """The terminal's key store; raises ``KeyStoreError``."""
    return open_keystore(settings.state_dir, os.environ, settings.profile)


@contextmanager
def _agent(settings: TerminalSettings) -> Iterator[SyncAgent]:
    keystore = keystore_of(settings)
    identity = TerminalIdentity.load(settings.state_dir, keystore)
    clock = SystemClock(timedelta(seconds=settings.clock.offset_s))
    pace = Pace(
        poll_s=settings.sync.poll_s,
        heartbeat_s=settings.sync.heartbeat_s,
        retry_first_s=settings.sync.retry_first_s,
        retry_last_s=settings.sync.retry_last_s,
    )
    client = BureauClient(settings.bureau, identity)
    try:
        agent = SyncAgent(settings.state_dir, identity, keystore, client, clock, pace)
        try:
            yield agent
        finally:
            agent.close()
    finally:
        client.close()


def _stop_on_signals(agent: SyncAgent) -> None:
    if threading.current_thread() is not threading.main_thread():
        return  # a test's thread: it stops the agent itself

    def stop(number: int, _frame: FrameType | None) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        agent.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
