"""Settles payment orders that nobody waits for any more: in doubt, or left open by a terminal that went away.

Each is asked about with growing pauses (domain note, section 9). An order is never charged again; what the
acquirer cannot say is settled by its daily file.
"""

from __future__ import annotations

import logging

from bureau.engine.handlers.payments import NOT_OFFERED, Asked, close, query, take_in
from bureau.ports.acquirer import Acquirers
from bureau.ports.payments import Order
from bureau.ports.system import System
from sync.models import PaymentStateName

log = logging.getLogger("kiosk.bureau")

AT_ONCE = 20
"""Orders asked about in one round; the rest wait for the next."""


class Resolver:
    """Asks the acquirer about orders that wait. One runs at a time."""

    def __init__(self, system: System, acquirers: Acquirers) -> None:
        self._system = system
        self._acquirers = acquirers

    def run_once(self) -> int:
        """Ask about every order whose time has come; how many were settled."""
        with self._system.read() as work:
            waiting = work.core.payments.waiting(work.core.now, AT_ONCE)
        return sum(self._settle(order) for order in waiting)

    def _settle(self, order: Order) -> bool:
        asked = self._ask(order)
        with self._system.write() as work:
            after = take_in(work.core, order, asked, "resolver")
        if after.settled:
            log.info("order %s is settled: %s", order.order, after.state.value)
        return after.settled

    def _ask(self, order: Order) -> Asked:
        """One in doubt is queried first; one that can still be paid after its time is closed."""
        acquirer = self._acquirers.of(order.channel)
        if acquirer is None:
            return Asked(None, silent=NOT_OFFERED)
        if order.state is PaymentStateName.UNKNOWN:
            asked = query(acquirer, order)
            if asked.heard is None or asked.heard.state is not PaymentStateName.CREATED:
                return asked
        return close(acquirer, order)
