"""The life cycle that every driver has: whoever closes a device and is cancelled meanwhile is cancelled."""

import asyncio

import pytest

from config.clock import SystemClock
from drivers.devices import supervised
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeviceNotReady, HardwareFault, LinkLost
from drivers.ports import DeviceState
from drivers.supervision import Policy, Supervisor


class Slow(SupervisedDevice):
    """Takes its time to let go of the line."""

    def __init__(self):
        super().__init__("slow", SystemClock())
        self.leaving = asyncio.Event()
        self.free = asyncio.Event()

    async def _connect(self):
        pass

    def _announce(self):
        pass

    async def _watch(self):
        await asyncio.sleep(3600)

    async def _disconnect(self):
        self.leaving.set()
        await self.free.wait()

    def _away(self):
        return {}


async def test_a_cancellation_of_whoever_closes_is_not_swallowed():
    device = Slow()
    await device.open()
    closing = asyncio.create_task(device.close())
    await device.leaving.wait()
    closing.cancel()
    device.free.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not device.connected
    await device.close()


class Absent(Slow):
    """Never answers; counts how often its port is opened."""

    def __init__(self):
        super().__init__()
        self.free.set()
        self.opens = 0

    async def _connect(self):
        self.opens += 1
        raise LinkLost("nobody is there")


async def test_the_watch_alone_opens_a_port_that_does_not_answer(monkeypatch):
    """One loop: each open is a counted attempt, and between two of them nobody holds the port."""
    monkeypatch.setattr(supervised, "FIRST_RETRY_S", 0.001)
    monkeypatch.setattr(supervised, "LAST_RETRY_S", 0.002)
    device = Absent()
    supervisor = Supervisor("absent", device, Policy(first_s=0.02, last_s=0.02, jitter=0.0))
    supervisor.start()
    async with asyncio.timeout(10):
        while supervisor.watch.attempts < 5:
            await asyncio.sleep(0.002)
    assert device.opens == supervisor.watch.attempts
    await supervisor.close()


async def test_what_a_failed_open_said_of_the_device_outlives_its_closing():
    device = Absent()
    supervisor = Supervisor("absent", device, Policy(first_s=30.0, last_s=30.0))
    supervisor.start()
    async with asyncio.timeout(10):
        while device.snapshot.device is not DeviceState.OFFLINE:
            await asyncio.sleep(0.002)  # closed again
    assert supervisor.known.device is DeviceState.NO_DEVICE
    assert "nobody is there" in supervisor.watch.cause
    await supervisor.close()


class Broken(Slow):
    """Answers its greeting, and says at every look that it is broken; counts how often its port is opened."""

    def __init__(self):
        super().__init__()
        self.free.set()
        self.opens = 0
        self.greeted = True

    async def _connect(self):
        self.opens += 1
        if not self.greeted:
            raise HardwareFault("hardwareError", "the motor does not turn")

    def _announce(self):
        self._board.publish(DeviceState.ONLINE, {}, "polled")

    async def _watch(self):
        raise HardwareFault("hardwareError", "the motor does not turn")


HASTY = Policy(first_s=0.005, last_s=0.01, stable_s=60.0, trip_drops=4, tripped_s=60.0)


@pytest.mark.parametrize("greeted", [True, False])
async def test_a_device_that_always_says_hardware_error_is_left_alone(monkeypatch, greeted):
    """Its driver alone would try four times a second for ever; the watch counts each fall and breaks the circuit."""
    monkeypatch.setattr(supervised, "FIRST_RETRY_S", 0.001)
    monkeypatch.setattr(supervised, "LAST_RETRY_S", 0.002)
    device = Broken()
    device.greeted = greeted
    supervisor = Supervisor("broken", device, HASTY)
    supervisor.start()
    async with asyncio.timeout(10):
        while not supervisor.watch.tripped:
            await asyncio.sleep(0.002)
    assert supervisor.known.device is DeviceState.HARDWARE_ERROR
    assert "the motor does not turn" in supervisor.watch.cause
    assert supervisor.watch.attempts == HASTY.trip_drops
    with pytest.raises(DeviceNotReady):
        supervisor.using().__enter__()
    async with asyncio.timeout(10):
        while device.snapshot.device is not DeviceState.OFFLINE:
            await asyncio.sleep(0.002)  # its port is closed
    opens = device.opens
    for _ in range(50):
        await asyncio.sleep(0.002)
    assert device.opens == opens
    supervisor.reconnect()
    async with asyncio.timeout(10):
        while device.opens == opens:
            await asyncio.sleep(0.002)
    await supervisor.close()
