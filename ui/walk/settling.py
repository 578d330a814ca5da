"""Waiting after a visit until every party has heard of everything: the evidence is gathered only then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from config.errors import ConfigError
from config.settings import load_terminal
from kiosk.stack import Stack
from kiosk.wiring import settle
from sync.errors import SyncError
from sync.journal import JournalReader
from sync.records import Phase
from ui.walk.evidence import read_cards, read_tables
from ui.walk.faults import DOUBT_S

SETTLE_WITHIN_S = 60.0
LOOK_EVERY_S = 0.3
RECEIPTS_WITHIN_S = 20.0
"""What ``kiosk settle`` waits by itself."""


def delivered(stack: Stack) -> list[str]:
    """Sync has delivered every effect and the whole chain; else the problem."""
    deadline = time.monotonic() + SETTLE_WITHIN_S
    while not stack.delivered():
        if time.monotonic() > deadline:
            return [f"sync has not delivered everything after {SETTLE_WITHIN_S:.0f} s"]
        time.sleep(LOOK_EVERY_S)
    return []


def settled_here(stack: Stack) -> list[str]:
    """A core that runs no more takes the receipts without a screen, in this process; then as ``settled_by_command``."""
    try:
        left = asyncio.run(settle(load_terminal(stack.terminal_file, stack.env()), RECEIPTS_WITHIN_S))
    except (ConfigError, SyncError, LookupError, OSError) as error:
        return [f"settling failed: {error}"]
    return [f"{left} effects are not settled"] if left else delivered(stack)


def settled_by_command(stack: Stack) -> list[str]:
    """A core that runs no more takes the receipts by ``kiosk settle``, whose own records are delivered as well."""
    done = stack.run("kiosk", "settle")
    if done.returncode != 0:
        return [f"settling failed: {(done.stdout + done.stderr).strip()[-300:]}"]
    return delivered(stack)


def settled_by_core(stack: Stack) -> list[str]:
    """The running core has taken the receipt of each effect; else those that hang."""
    reader = JournalReader(stack.state_dir / "journal.db")
    deadline = time.monotonic() + SETTLE_WITHIN_S
    try:
        while hanging := _unsettled(reader):
            if time.monotonic() > deadline:
                return [f"not settled after {SETTLE_WITHIN_S:.0f} s: {', '.join(sorted(hanging))}"]
            time.sleep(LOOK_EVERY_S)
    finally:
        reader.close()
    return delivered(stack)


def _unsettled(reader: JournalReader) -> set[str]:
    phases: dict[Phase, set[str]] = {Phase.INTENT: set(), Phase.SETTLED: set()}
    after = 0
    while rows := reader.rows(after):
        after = rows[-1].position
        for row in rows:
            if row.key is not None and row.phase in phases:
                phases[row.phase].add(row.key)
    return phases[Phase.INTENT] - phases[Phase.SETTLED]


def carried(stack: Stack) -> list[str]:
    """No letter waits for a mail server any more."""
    deadline = time.monotonic() + SETTLE_WITHIN_S
    while True:
        letters = read_tables(stack.centre_dir / "bureau.db", ("letter",)).get("letter", [])
        waiting = [row["key"] for row in letters if row["state"] == "queued"]
        if not waiting:
            return []
        if time.monotonic() > deadline:
            return [f"letters wait after {SETTLE_WITHIN_S:.0f} s: {', '.join(sorted(waiting))}"]
        time.sleep(LOOK_EVERY_S)


def booked(stack: Stack, known: Callable[[set[str]], set[str]] | None = None) -> list[str]:
    """The centre knows of every payment: after a silence of the bank it asks again by itself.

    ``known``: which of some orders are booked at another core system.
    """
    deadline = time.monotonic() + DOUBT_S + SETTLE_WITHIN_S
    while True:
        books = read_tables(stack.centre_dir / "acquirer.db", ("payments", "debits"))
        charged = [*books.get("payments", []), *books.get("debits", [])]
        charged += read_cards(stack.cabinet_dir / "pos-bank.json")
        orders = {row["order_no"] for row in charged}
        open_ones = orders - (known(orders) if known else _booked_here(stack))
        if not open_ones:
            return []
        if time.monotonic() > deadline:
            return [f"the centre has not booked {', '.join(sorted(open_ones))}"]
        time.sleep(LOOK_EVERY_S)


def _booked_here(stack: Stack) -> set[str]:
    rows = read_tables(stack.centre_dir / "bureau.db", ("booking",))["booking"]
    return {row["order_no"] for row in rows}
