"""The UPS' service: everybody hears of a power failure, and the order to shut down comes once."""

import asyncio
from datetime import timedelta

import pytest

from config.clock import SystemClock
from drivers.books.alarms import AlarmBook
from drivers.client.capabilities import role_of
from drivers.errors import DriverConfigError
from drivers.ports import DeviceState
from drivers.services.base import Identity
from drivers.services.ups import UpsService
from drivers.store import Store
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fakes import FakeDevice
from tests.drivers.services.desk import Desk


class FakeUps(FakeDevice):
    first = {}

    def power(self, *, engaged=False, low=False, forced=False, runtime=300.0):
        state = {"low": low, "engaged": engaged, "powering": True, "recovered": False}
        self.show(auxiliaries={"UPS": state}, upsMonitor={"runtimeS": runtime}, forced=forced)

    async def open(self):
        await super().open()
        self.power(**self.first)


class MovedClock:
    """The machine's clock, and by how much it was moved on."""

    def __init__(self, moved_s=0.0, up_s=100_000.0):
        self.moved_s, self.up_s = moved_s, up_s

    def now(self):
        return SystemClock().now() + timedelta(seconds=self.moved_s)

    def monotonic(self):
        return self.up_s + self.moved_s


@pytest.fixture
async def store(tmp_path):
    opened = Store(tmp_path / "devices.db", SystemClock())
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def served(store):
    async def serve(clock=None, **options):
        ups = FakeUps()
        who = Identity("Ups", "ups", "fake", options=options)
        service = UpsService(who, Supervisor("Ups", ups, POLICY), store, clock)
        desk = Desk(service)
        service.start()
        await until(lambda: service.status()["common"]["device"] == "online" and not service.queue.busy)
        return ups, service, desk

    return serve


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.005)


def orders(desk):
    name = "UpsMonitor.ShutdownRequestedEvent"
    return [m["payload"] for m in desk.sent if m["header"]["name"] == name]


def shutdown(service):
    return service.status()["upsMonitor"].get("shutdown")


async def test_a_failure_is_told_and_a_low_battery_orders_the_shutdown_once(served):
    ups, service, desk = await served()
    ups.power(engaged=True)
    assert service.status()["auxiliaries"]["UPS"]["engaged"] is True
    assert not orders(desk) and shutdown(service) == "none"
    ups.power(engaged=True, low=True, runtime=120.0)
    ups.power(engaged=True, low=True, runtime=90.0)
    (order,) = orders(desk)
    assert (order["reason"], order["runtimeS"]) == ("batteryLow", 120.0) and "T" in order["at"]
    assert shutdown(service) == "requested"
    ups.power()
    assert shutdown(service) == "none"
    ups.power(engaged=True, low=True)
    assert len(orders(desk)) == 2, "the next failure is another one"
    await service.close()


async def test_a_low_battery_with_mains_on_orders_nothing(served):
    ups, service, desk = await served()
    ups.power(low=True)
    assert not orders(desk)
    ups.power(forced=True)
    assert orders(desk)[0]["reason"] == "forced"
    await service.close()


async def test_patience_ends_by_itself_and_not_after_mains_are_back(served):
    ups, service, desk = await served(shutdownAfterS=1)
    ups.power(engaged=True)
    ups.power()
    assert service._timer is None
    ups.power(engaged=True)
    assert not orders(desk)
    service._failed_at -= 1.0
    service.publish()
    assert orders(desk)[0]["reason"] == "onBatteryTooLong"
    await service.close()


async def test_a_program_that_is_started_anew_goes_on_counting(served, store, monkeypatch):
    ups, service, _ = await served(MovedClock(), shutdownAfterS=60)
    ups.power(engaged=True)
    await until(lambda: not service.queue.busy)
    await service.close()
    monkeypatch.setattr(FakeUps, "first", {"engaged": True})
    ups, service, desk = await served(MovedClock(40), shutdownAfterS=60)
    assert not orders(desk) and service._timer.when() - asyncio.get_running_loop().time() <= 21
    await service.close()
    monkeypatch.setattr(FakeUps, "first", {})
    ups, service, desk = await served(MovedClock(61), shutdownAfterS=60)
    assert not orders(desk), "only the UPS tells that mains are still away"
    ups.power(engaged=True)
    assert not orders(desk), "and this is another failure"
    await until(lambda: not service.queue.busy)
    await service.close()
    assert [alarm.value for alarm in await AlarmBook(store, "Ups").newest(9)] == [
        "engaged", "powering", "engaged",
    ]  # fmt: skip


async def test_mains_that_are_still_away_when_patience_has_ended_without_a_program_order_the_shutdown(
    served, monkeypatch
):
    ups, service, _ = await served(MovedClock(), shutdownAfterS=60)
    ups.power(engaged=True)
    await until(lambda: not service.queue.busy)
    await service.close()
    monkeypatch.setattr(FakeUps, "first", {"engaged": True})
    ups, service, desk = await served(MovedClock(61), shutdownAfterS=60)
    await until(lambda: orders(desk))
    assert orders(desk)[0]["reason"] == "onBatteryTooLong"
    await service.close()


async def test_a_machine_that_was_off_meanwhile_counts_anew(served, monkeypatch):
    ups, service, _ = await served(MovedClock(), shutdownAfterS=60)
    ups.power(engaged=True)
    await until(lambda: not service.queue.busy)
    await service.close()
    monkeypatch.setattr(FakeUps, "first", {"engaged": True})
    off = MovedClock(3600, up_s=-3600 + 20.0)  # it has been up for 20 s
    ups, service, desk = await served(off, shutdownAfterS=60)
    assert not orders(desk)
    await service.close()


async def test_what_nobody_can_ask_is_unknown_and_orders_nothing(served):
    ups, service, desk = await served()
    ups.power(engaged=True)
    ups.unplug()
    await until(lambda: service.status()["common"]["device"] == "noDevice")
    assert "UPS" not in service.status().get("auxiliaries", {})
    assert shutdown(service) == "unknown" and not orders(desk)
    assert ups.snapshot.device is DeviceState.NO_DEVICE
    await service.close()


async def test_a_ups_that_falls_silent_on_battery_does_not_stop_the_clock(served):
    """The hub between the two hangs on the mains that have failed."""
    ups, service, desk = await served(shutdownAfterS=1)
    ups.power(engaged=True)
    ups.unplug()
    await until(lambda: service.status()["common"]["device"] == "noDevice")
    await until(lambda: orders(desk))
    assert [order["reason"] for order in orders(desk)] == ["onBatteryTooLong"]
    await service.close()


async def test_it_plays_the_role_of_a_ups_and_its_options_are_checked(served, store):
    _, service, _ = await served()
    assert role_of(service.capabilities()) == "ups"
    await service.close()
    with pytest.raises(DriverConfigError, match="shutdownAfterS"):
        UpsService(
            Identity("Ups", "ups", "fake", options={"shutdownAfterS": "soon"}),
            Supervisor("Ups", FakeUps(), POLICY),
            store,
        )


async def test_the_standard_s_classes_that_it_has_are_listed_though_it_takes_no_command_of_them(served):
    """A client of another vendor finds what it needs by the interfaces alone."""
    _, service, _ = await served()
    told = service.capabilities()
    listed = {one["name"]: one["commands"] for one in told["interfaces"]}
    assert listed["Auxiliaries"] == listed["PowerManagement"] == {}
    assert {"auxiliaries", "powerManagement"} <= told.keys()
    assert role_of(told) == "ups"
    await service.close()
