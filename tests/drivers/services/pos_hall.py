"""The bank-card terminal in a hall of its own: service, driver and simulated POS."""

import asyncio

import pytest

from config.clock import SystemClock
from drivers.books.payment import PaymentBook
from drivers.devices.ecr_exchange import Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.pos import PosTerminal
from drivers.payment import reference_of
from drivers.services import paying
from drivers.services.base import Identity
from drivers.services.payment_terminal import PaymentTerminalService
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.store import Store
from drivers.supervision import Stage, Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.cabinet import POLICY
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

NAME = "PaymentTerminal"


TIMINGS = Timings(ack=0.3, gap=0.06, answer=1.0, silence=1.0, wind_down=0.3, again=0.1, poll=0.5)


TAP = {"card": "debit", "entry": "contactless"}


class Hall:
    """A POS, and a program that can be started again over the same book."""

    def __init__(self, place):
        self.place = place
        self.sim = PaymentTerminalSimulator(place / "tty", Pace(300), place, SystemClock(), ack_s=0.3)

    async def open(self, clock=None, **options):
        self.store = Store(self.place / "devices.db", clock or SystemClock())
        await self.store.open()
        link = SerialLink(str(self.sim.port.link))
        self.device = PosTerminal(Channel(link), SystemClock(), load_dialect("ecr"), TIMINGS)
        who = Identity(NAME, "paymentTerminal", "payment-terminal-ecr")
        supervisor = Supervisor(NAME, self.device, POLICY)
        self.service = PaymentTerminalService(who, supervisor, self.store, **options)
        self.service.start()
        self.desk = Desk(self.service)
        self.book = PaymentBook(self.store, NAME)
        if self.sim.powered and self.sim.port.plugged:
            await self.online()

    async def online(self):
        await until(
            lambda: self.service.supervisor.watch.stage is Stage.ONLINE and not self.service.queue.busy
        )

    async def close(self):
        await self.service.close()
        await self.store.close()

    async def ask(self, name, **payload):
        limit = payload.pop("timeout_ms", 0)
        return await self.desk.ask(f"{NAME}.{name}", payload, timeout_ms=limit)

    async def do(self, name, **payload):
        """The payload of a command that must succeed."""
        _, completion = await self.ask(name, **payload)
        assert code(completion) == "success", completion
        return completion.get("payload", {})

    async def pay(self, key="key-00001", amount=4200, **more):
        return await self.do("Purchase", key=key, amount=amount, **more)

    async def query(self, key="key-00001"):
        return await self.do("QueryLast", key=key)

    def unknown(self):
        """The answer to a query for what this book does not have."""
        return {"known": False, "underWay": False, "bookId": self.store.identity}

    def charges(self, key="key-00001"):
        return len(self.sim.bank.moved(reference_of(key)))

    def status(self):
        return self.service.status()["paymentTerminal"]


async def until(condition, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(paying, "ASK_S", 2.0)
    monkeypatch.setattr(paying, "LEAST_S", 3.0)


@pytest.fixture
async def hall(tmp_path):
    found = Hall(tmp_path)
    await found.sim.start()
    await found.sim.do("auto", TAP)
    await found.open(retry_s=0.2)
    yield found
    await found.close()
    await found.sim.stop()


def names(messages):
    return [message["header"]["name"].removeprefix(f"{NAME}.") for message in messages]
