"""The life cycle that every driver has: whoever closes a device and is cancelled meanwhile is cancelled."""

import asyncio

import pytest

from config.clock import SystemClock
from drivers.devices.supervised import SupervisedDevice


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
