"""The machine's own watchdog, ``/dev/watchdog``: it resets the machine when this program feeds it no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeadlinePassed, UnsupportedData
from drivers.ports import DeviceState
from drivers.transports.watchdog_file import WatchdogFile

DEFAULT_PATH: Final = "/dev/watchdog"
LONGEST_S: Final = 3600
CHECK_S: Final = 2.0


class LinuxWatchdog(SupervisedDevice):
    """Implements ``Watchdog``. A program that dies leaves the dog armed, which is its purpose."""

    def __init__(self, file: WatchdogFile, clock: Clock, check_s: float = CHECK_S) -> None:
        super().__init__("watchdog", clock)
        self._file = file
        self._check_s = check_s
        self._lock = asyncio.Lock()

    async def feed(self, timeout_s: int, deadline: Deadline) -> None:
        """Arm or feed it; 0 disarms it."""
        self._require()
        if not 0 <= timeout_s <= LONGEST_S:
            raise UnsupportedData(f"a watchdog waits up to {LONGEST_S} s, not {timeout_s}")
        act = (lambda: self._file.feed(timeout_s)) if timeout_s else self._file.disarm
        await self._call(act, deadline)
        self._announce()

    async def reset(self, deadline: Deadline) -> None:
        """Look whether it is there; what is armed stays armed."""
        self._require()
        await self._call(self._file.check, deadline)

    async def _call(self, act: Callable[[], None], deadline: Deadline) -> None:
        try:
            async with asyncio.timeout(deadline.remaining), self._lock:
                await asyncio.to_thread(act)
        except TimeoutError:
            raise DeadlinePassed("the watchdog's file took too long") from None

    async def _connect(self) -> None:
        await asyncio.to_thread(self._file.check)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._check_s)
            await asyncio.to_thread(self._file.check)
            self._announce()

    async def _disconnect(self) -> None:
        self._file.abandon()

    def _announce(self) -> None:
        if self._connected:
            self._board.publish(DeviceState.ONLINE, {}, "polled")

    def _away(self) -> Mapping[str, object]:
        return {}


@driver("watchdog-linux")
def _create(options: Options, clock: Clock) -> LinuxWatchdog:
    return LinuxWatchdog(WatchdogFile(options.text("path", DEFAULT_PATH)), clock)
