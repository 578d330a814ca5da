"""A technician's reset and reconnect: they wait for the device's own word, and no longer than they may."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from drivers import bench
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable
from drivers.client.hub import DeviceHub
from drivers.ports import DeviceState
from drivers.supervision import Policy, Stage
from tests.drivers.cabinet import OPERATOR, cabinet

ROLE, NAME = "barcodeReader", "BarcodeReader"
BRITTLE = Policy(first_s=0.01, last_s=0.02, settle_s=0.0, stable_s=60.0, max_age_s=60.0, trip_drops=1)


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def connected(folder, **options):
    """The reader, its supervisor, and a hub that knows it."""
    async with cabinet(folder, NAME, **options) as found:
        hub = DeviceHub(found.uri(), OPERATOR)
        await hub.start()
        try:
            await until(lambda: hub.status(ROLE).age_s < float("inf"))
            yield hub, found.devices[NAME], found.services[NAME].supervisor
        finally:
            await hub.close()


async def test_a_device_is_opened_anew_when_that_is_said(tmp_path):
    async with connected(tmp_path) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        assert await bench.reconnect(hub, ROLE) == "online"
        assert device.opens == 2


async def test_a_device_that_opens_slowly_is_waited_for(tmp_path):
    async with connected(tmp_path) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        ready, real = asyncio.Event(), device.open

        async def slowly():
            await ready.wait()
            await real()

        device.open = slowly
        asking = asyncio.ensure_future(bench.reconnect(hub, ROLE))
        await until(lambda: supervisor.tries == 1 and not device.opened)
        assert not asking.done()
        ready.set()
        assert await asking == "online"
        assert device.opens == 2


async def test_a_device_that_never_opens_is_waited_for_no_longer_than_it_may(tmp_path):
    async with connected(tmp_path) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        device.open = asyncio.Event().wait
        await bench.reconnect(hub, ROLE, within_s=0.05)
        assert supervisor.tries == 1


async def test_a_reset_ends_with_what_the_device_says_after_it(tmp_path):
    async with connected(tmp_path) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        asking = asyncio.ensure_future(bench.reset(hub, ROLE, seen_s=60.0))
        await until(lambda: device.resets == 1 and not supervisor.used)
        while not asking.done():
            device.show(DeviceState.USER_ERROR)
            await asyncio.sleep(0.05)
        assert await asking == "userError"


async def test_a_device_that_says_nothing_after_its_reset_is_unknown(tmp_path):
    async with connected(tmp_path) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        assert await bench.reset(hub, ROLE, seen_s=0.05) == "unknown"
        assert device.resets == 1


async def test_a_reset_opens_a_device_that_was_left_alone(tmp_path):
    async with connected(tmp_path, policy=BRITTLE) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        device.show(DeviceState.NO_DEVICE)
        await until(lambda: supervisor.watch.tripped)
        await bench.reset(hub, ROLE, seen_s=0.05)
        assert (device.opens, device.resets, supervisor.watch.tripped) == (2, 1, False)


async def test_a_device_that_cannot_be_opened_is_not_reset(tmp_path):
    async with connected(tmp_path, policy=BRITTLE) as (hub, device, supervisor):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        device.unplug()
        await until(lambda: supervisor.watch.tripped)
        with pytest.raises(DeviceCommandFailed) as refused:
            await bench.reset(hub, ROLE)
        assert refused.value.completion_code == "deviceNotReady"
        assert device.resets == 0


async def test_a_role_that_nobody_plays_is_told_at_once_after_the_search(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "REACHED_S", 0.05)
    async with connected(tmp_path) as (hub, _, _):
        with pytest.raises(DeviceUnavailable):
            await bench.reset(hub, "idReader")
