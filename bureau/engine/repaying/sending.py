"""The acquirer is asked to give a charge back: after it is written here, by its own key, until the answer is known."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from bureau.engine.conflicts import run_again
from bureau.engine.repaying import ordering
from bureau.engine.repaying.ordering import Hands
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown, RepaymentRefused
from bureau.ports.acquirer import Acquirer, AcquirerRefund, Acquirers, RefundAsked
from bureau.ports.repayments import Repayment
from bureau.ports.system import System
from sync.models import PaymentChannel

log = logging.getLogger("kiosk.bureau")

SET_BY: Final[Mapping[PaymentChannel, str]] = {
    "qr-shown": "acquirer.url",
    "card": "acquirer.card_files",
    "debit": "treasury.url",
}
AT_ONCE: Final = 20
"""Asked about in one round; the rest wait for the next."""


class Repayer:
    """Gives charges back. Any number may run at a time: the acquirer does each key once."""

    def __init__(self, system: System, acquirers: Acquirers) -> None:
        self._system = system
        self._acquirers = acquirers

    def order(self, what: str, hands: Hands, amount_fen: int | None = None) -> Repayment:
        """Write it, durable; then ask. Without an answer it stays ``ordered`` and is asked about by ``run_once``.

        Raises ``RepaymentRefused``, and then nobody was asked.
        """
        return self.send(run_again(lambda: self._ordered(what, hands, amount_fen)))

    def _ordered(self, what: str, hands: Hands, amount_fen: int | None) -> Repayment:
        with self._system.write() as work:
            made = ordering.order(work.core, what, hands, amount_fen)
            if self._acquirers.of(made.channel) is None:
                raise RepaymentRefused(f"nobody is set who gives it back ({SET_BY[made.channel]})")
        return made

    def send(self, repayment: Repayment) -> Repayment:
        """Ask for it, under its key; again is harmless."""
        acquirer = self._acquirers.of(repayment.channel)
        return self._take_in(repayment, None if acquirer is None else _asked(acquirer, repayment))

    def run_once(self) -> int:
        """Ask about each whose time has come; how many are known now."""
        with self._system.read() as work:
            waiting = work.core.repayments.waiting(work.core.now, AT_ONCE)
        return sum(self._resolved(one) for one in waiting)

    def _resolved(self, repayment: Repayment) -> bool:
        """One that never got there is sent (again): it can be done once only."""
        acquirer = self._acquirers.of(repayment.channel)
        try:
            heard = None if acquirer is None else acquirer.refund_state(repayment.repayment)
        except OrderUnknown:
            return self.send(repayment).state not in ("ordered", "processing")
        except (AcquirerUnreachable, AcquirerRefused):
            heard = None
        return self._take_in(repayment, heard).state not in ("ordered", "processing")

    def _take_in(self, repayment: Repayment, heard: AcquirerRefund | None) -> Repayment:
        def taken() -> Repayment:
            with self._system.write() as work:
                return work.core.repayments.answered(repayment, heard)

        after = run_again(taken)
        if after.state != repayment.state:
            log.info("repayment %s of order %s is %s", after.repayment, after.order, after.state)
        return after


def _asked(acquirer: Acquirer, one: Repayment) -> AcquirerRefund | None:
    asked = RefundAsked(one.repayment, one.order, one.amount_fen, one.reference, one.reason)
    try:
        return acquirer.refund(asked)
    except AcquirerUnreachable:
        return None
    except AcquirerRefused as error:
        return AcquirerRefund(one.repayment, "refused", error.code)
