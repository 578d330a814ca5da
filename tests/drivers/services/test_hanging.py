"""A command of the screen's that hangs: an operator's reconnect ends it; one that still works is left in peace."""

import asyncio

import pytest

from config.clock import SystemClock
from drivers.services.base import Identity
from drivers.services.stamp_unit import StampUnitService
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs import request as requests
from tests.drivers.cabinet import POLICY
from tests.drivers.fake_cabinet import FakeStamp
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code


class Hanging(FakeStamp):
    """The first stamp comes back when the test has ended."""

    def __init__(self):
        super().__init__()
        self.begun, self.over = asyncio.Event(), asyncio.Event()

    async def stamp(self, job, deadline):
        if not self.begun.is_set():
            self.begun.set()
            await self.over.wait()
        return await super().stamp(job, deadline)


@pytest.fixture
async def unit():
    return Hanging()


@pytest.fixture
async def service(tmp_path, unit):
    store = Store(tmp_path / "devices.db", SystemClock())
    await store.open()
    made = StampUnitService(
        Identity("StampUnit", "stampUnit", "fake"), Supervisor("StampUnit", unit, POLICY), store
    )
    made.start()
    async with asyncio.timeout(8):
        while made.status()["common"]["device"] != "online" or made.queue.busy:
            await asyncio.sleep(0.005)
    yield made
    unit.over.set()
    await made.close()
    await store.close()


async def test_a_reconnect_waits_for_what_works_and_ends_what_hangs(service, unit, monkeypatch):
    monkeypatch.setattr(requests, "LAST_MOTION_S", 0.3)
    monkeypatch.setattr(requests, "STUCK_S", 0.3)
    screen, bench = Desk(service, "kiosk-run", ("application",)), Desk(service, "bench")
    stamping = asyncio.create_task(
        screen.ask("StampUnit.Stamp", {"jobKey": "job-stamp-0001"}, timeout_ms=500)
    )
    async with asyncio.timeout(20):
        await unit.begun.wait()
        events, refused = await bench.ask("Supervision.Reconnect")
        assert code(refused) == "authorisationRequired", "it may still work"
        waits = asyncio.create_task(screen.ask("StampUnit.Stamp", {"jobKey": "job-stamp-0002"}))
        while service.queue.hanging is None:
            await asyncio.sleep(0.01)
        assert not stamping.done()
        tries = service.supervisor.tries
        _, freed = await bench.ask("Supervision.Reconnect")
        assert code(freed) == "success"
        _, ended = await stamping
        assert code(ended) == "hardwareError"
        assert service.supervisor.tries > tries, "the device was connected anew"
        _, stamped = await waits
    assert code(stamped) == "success", "the next one has its turn, and its owner is still the screen"
    assert service.ownership.owner.name == "kiosk-run"


async def test_what_hangs_without_a_limit_of_time_is_ended_by_an_operators_reconnect(
    service, unit, monkeypatch
):
    screen, bench = Desk(service, "kiosk-run", ("application",)), Desk(service, "bench")
    monkeypatch.setattr(requests, "STUCK_S", 0.3)
    monkeypatch.setattr(requests, "GRACEFUL_S", 0.5)
    stamping = asyncio.create_task(screen.ask("StampUnit.Stamp", {"jobKey": "job-stamp-0001"}))
    async with asyncio.timeout(20):
        await unit.begun.wait()
        while service.queue.hanging is None:
            await asyncio.sleep(0.01)
        assert not stamping.done(), "nobody has asked it to end"
        assert code((await bench.ask("Supervision.Reconnect"))[1]) == "success"
        assert code((await stamping)[1]) == "hardwareError"


async def test_nothing_else_of_an_operators_passes_by_what_hangs(service, unit, monkeypatch):
    monkeypatch.setattr(requests, "LAST_MOTION_S", 0.05)
    screen, bench = Desk(service, "kiosk-run", ("application",)), Desk(service, "bench")
    stamping = asyncio.create_task(
        screen.ask("StampUnit.Stamp", {"jobKey": "job-stamp-0001"}, timeout_ms=100)
    )
    async with asyncio.timeout(20):
        while service.queue.hanging is None:
            await asyncio.sleep(0.01)
        _, refused = await bench.ask("StampUnit.Reset")
    assert code(refused) == "authorisationRequired"
    stamping.cancel()
