"""A bank-card terminal whose memory is files: what it has charged and closed, as a real one keeps it without power."""

import json

from drivers.payment import BatchTotals, Outcome, Payment, Settlement
from tests.drivers.fakes import FakeDevice

SERIAL = "FAKE-1"


class KeptTerminal(FakeDevice):
    """Charges every order and closes at every word, also one that comes twice: whoever sends twice has it twice."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.closings = file.with_name("closings.json")
        self.details = {
            "paymentTerminal": {"link": "online", "stage": "idle", "batch": "open", "paper": "full"}
        }

    @property
    def charges(self):
        """(reference, fen) of every charge."""
        return [tuple(one) for one in json.loads(self.file.read_text())] if self.file.exists() else []

    @property
    def closed(self):
        """The totals of every batch that was closed, oldest first."""
        return json.loads(self.closings.read_text()) if self.closings.exists() else []

    async def serial(self, deadline):
        self.need()
        return SERIAL

    async def transact(self, order, deadline):
        self.need()
        self.file.write_text(json.dumps([*self.charges, (order.reference, order.amount_fen)]))
        return Payment(Outcome.APPROVE, order.operation, order.amount_fen, batch="000001", serial=SERIAL)

    async def query(self, reference, deadline):
        self.need()
        for known, amount in self.charges:
            if known == reference:
                return Payment(Outcome.APPROVE, None, amount, batch="000001", serial=SERIAL)
        return None

    async def cancel(self, deadline):
        self.need()

    async def totals(self, deadline):
        self.need()
        return self._counted()

    async def settle(self, deadline):
        self.need()
        counted = self._counted()
        self.closings.write_text(
            json.dumps([*self.closed, [counted.batch, counted.sale_count, counted.sale_fen]])
        )
        return Settlement(counted, balanced=True)

    async def last_settlement(self, deadline):
        self.need()
        if not self.closed:
            return None
        batch, count, fen = self.closed[-1]
        return Settlement(BatchTotals(batch, count, fen, 0, 0, 0, 0), balanced=True)

    def _counted(self):
        """All charges are of the first batch: the day's work pays before it closes."""
        charges = [] if self.closed else self.charges
        batch = f"{len(self.closed) + 1:06}"
        return BatchTotals(batch, len(charges), sum(fen for _, fen in charges), 0, 0, 0, 0)
