"""A bank-card terminal whose memory is a file: every reference it has charged, as a real one keeps it without power."""

import json

from drivers.payment import Outcome, Payment
from tests.drivers.fakes import FakeDevice

SERIAL = "FAKE-1"


class KeptTerminal(FakeDevice):
    """Charges every order it is given, also one that comes twice: whoever sends twice charges twice."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.details = {
            "paymentTerminal": {"link": "online", "stage": "idle", "batch": "open", "paper": "full"}
        }

    @property
    def charges(self):
        """(reference, fen) of every charge."""
        return [tuple(one) for one in json.loads(self.file.read_text())] if self.file.exists() else []

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
