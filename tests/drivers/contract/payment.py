"""The bank-card terminal: money instead of paper, but the same rules."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from typing import Any

from config.clock import Deadline
from drivers.devices.ecr_exchange import Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.pos import PosTerminal
from drivers.errors import DeviceError, LinkLost
from drivers.payment import BatchTotals, Operation, Order, Outcome, Payment, PaymentTerminal, reference_of
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_unit import SERIAL
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.contract.faults import SPOILT
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command

_FEN = 4_200


class Payments(SerialSubject):
    """POS on its ECR line. ``sheets`` are charges in the bank's ledger."""

    name = "payment-terminal-ecr"
    port = PaymentTerminal
    driver = PosTerminal
    limit = 5.0
    steps = 2
    piece = 24
    singles = 200
    heals = frozenset(SPOILT)

    async def start(self) -> None:
        self.sim = PaymentTerminalSimulator(self.far, Pace(400), self.directory, CLOCK, ack_s=0.4)
        await self.wire(self.sim)
        await self.sim.do("auto", {"card": "debit", "entry": "contactless"})
        timings = Timings(ack=0.4, gap=0.06, answer=1.5, silence=1.5, wind_down=0.4, again=0.1, poll=60)
        channel = Channel(SerialLink(self.near))
        self.device = PosTerminal(channel, CLOCK, load_dialect("ecr"), timings)
        self._keys = itertools.count()
        self._order = Order(Operation.SALE, "", _FEN)

    def commands(self, device: PosTerminal) -> Mapping[str, Command]:
        async def idle() -> None:
            """Nothing is under way, and the batch is open."""
            await device.cancel(Deadline.after(5))
            await device.login(Deadline.after(5))

        async def paid() -> None:
            await idle()
            assert (await pay(Deadline.after(5))).outcome is Outcome.APPROVE

        async def pay(deadline: Deadline) -> Payment:
            self._order = Order(Operation.SALE, reference_of(f"key-{next(self._keys)}"), _FEN)
            return await device.transact(self._order, deadline)

        def charged(told: Any) -> bool:
            return bool(
                told.outcome is Outcome.APPROVE
                and told.amount_fen == _FEN
                and len(self.sim.bank.moved(self._order.reference)) == 1
            )

        def counted(totals: BatchTotals) -> bool:
            return (totals.sale_count, totals.sale_fen) == self.sim.memory.counted("sale")

        return {
            "transact": Command(pay, charged, idle, sheets=1),
            "query": Command(lambda d: device.query(self._order.reference, d), charged, paid),
            "serial": Command(device.serial, lambda told: bool(told == SERIAL), idle),
            "cancel": Command(device.cancel, lambda told: told is None, idle),
            "totals": Command(device.totals, counted, paid),
            "settle": Command(device.settle, lambda told: bool(told.balanced), paid),
            "last_settlement": Command(device.last_settlement, lambda told: told is None or told.balanced),
            "login": Command(device.login, lambda told: bool(told == self.sim.memory.batch_number), idle),
            "reset": Command(device.reset, lambda told: told is None, idle),
        }

    def moved(self, command: str) -> int:
        return len(self.sim.bank.entries)

    async def still(self) -> None:
        device = self.device
        assert isinstance(device, PosTerminal)
        async with asyncio.timeout(8):
            while device._tasks or self.sim.busy:
                await asyncio.sleep(0.01)

    def honest(self, told: object, moved: int) -> None:
        assert moved <= 1, f"charged {moved} times"
        if isinstance(told, Payment) and told.known:
            charges = len(self.sim.bank.moved(self._order.reference))
            assert charges == (told.outcome is Outcome.APPROVE), f"{told} but {charges} charges"
        if isinstance(told, DeviceError) and not isinstance(told, LinkLost):
            assert not moved, f"{told!r} says that nothing was sent, but {moved} charges were made"

    async def again(self) -> None:
        """The terminal itself tells what became of the order that was disturbed, and charges nothing by that."""
        if not self._order.reference:
            return
        device = self.device
        assert isinstance(device, PosTerminal)
        found = await device.query(self._order.reference, Deadline.after(5))
        charges = len(self.sim.bank.moved(self._order.reference))
        assert charges == (found is not None and found.outcome is Outcome.APPROVE)
