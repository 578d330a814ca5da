"""The UPS' service: everybody hears of a power failure, and the order to shut down comes once."""

import asyncio

import pytest

from drivers.client.capabilities import role_of
from drivers.errors import DriverConfigError
from drivers.ports import DeviceState
from drivers.services.base import Identity
from drivers.services.ups import UpsService
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fakes import FakeDevice
from tests.drivers.services.desk import Desk


class FakeUps(FakeDevice):
    def power(self, *, engaged=False, low=False, forced=False, runtime=300.0):
        state = {"low": low, "engaged": engaged, "powering": True, "recovered": False}
        self.show(auxiliaries={"UPS": state}, upsMonitor={"runtimeS": runtime}, forced=forced)

    async def open(self):
        await super().open()
        self.power()


async def served(**options):
    ups = FakeUps()
    service = UpsService(Identity("Ups", "ups", "fake", options=options), Supervisor("Ups", ups, POLICY))
    service.start()
    await until(lambda: service.status()["common"]["device"] == "online")
    return ups, service, Desk(service)


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.005)


def orders(desk):
    name = "UpsMonitor.ShutdownRequestedEvent"
    return [m["payload"] for m in desk.sent if m["header"]["name"] == name]


def shutdown(service):
    return service.status()["upsMonitor"].get("shutdown")


async def test_a_failure_is_told_and_a_low_battery_orders_the_shutdown_once():
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


async def test_a_low_battery_with_mains_on_orders_nothing():
    ups, service, desk = await served()
    ups.power(low=True)
    assert not orders(desk)
    ups.power(forced=True)
    assert orders(desk)[0]["reason"] == "forced"
    await service.close()


async def test_patience_ends_by_itself_and_not_after_mains_are_back():
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


async def test_what_nobody_can_ask_is_unknown_and_orders_nothing():
    ups, service, desk = await served()
    ups.power(engaged=True)
    ups.unplug()
    await until(lambda: service.status()["common"]["device"] == "noDevice")
    assert "UPS" not in service.status().get("auxiliaries", {})
    assert shutdown(service) == "unknown" and not orders(desk)
    assert ups.snapshot.device is DeviceState.NO_DEVICE
    await service.close()


async def test_a_ups_that_falls_silent_on_battery_does_not_stop_the_clock():
    """The hub between the two hangs on the mains that have failed."""
    ups, service, desk = await served(shutdownAfterS=1)
    ups.power(engaged=True)
    ups.unplug()
    await until(lambda: service.status()["common"]["device"] == "noDevice")
    await until(lambda: orders(desk))
    assert [order["reason"] for order in orders(desk)] == ["onBatteryTooLong"]
    await service.close()


async def test_it_plays_the_role_of_a_ups_and_its_options_are_checked():
    _, service, _ = await served()
    assert role_of(service.capabilities()) == "ups"
    await service.close()
    with pytest.raises(DriverConfigError, match="shutdownAfterS"):
        UpsService(
            Identity("Ups", "ups", "fake", options={"shutdownAfterS": "soon"}),
            Supervisor("Ups", FakeUps(), POLICY),
        )


async def test_the_standard_s_classes_that_it_has_are_listed_though_it_takes_no_command_of_them():
    """A client of another vendor finds what it needs by the interfaces alone."""
    _, service, _ = await served()
    told = service.capabilities()
    listed = {one["name"]: one["commands"] for one in told["interfaces"]}
    assert listed["Auxiliaries"] == listed["PowerManagement"] == {}
    assert {"auxiliaries", "powerManagement"} <= told.keys()
    assert role_of(told) == "ups"
    await service.close()
