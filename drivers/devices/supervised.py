"""Keeps a device connected: tries, watches, notices the loss, says so once, and tries again with back-off."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping

from config.clock import Clock
from drivers.devices.status import StatusBoard
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, LinkLost, SecurityFailed
from drivers.ports import DeviceState, Snapshot, StatusListener

_log = logging.getLogger("kiosk.devices")

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 5.0


class HardwareAbsent(DeviceNotReady):
    """Who answers on the line says that the device itself is not there: ``device`` is its word for that."""

    def __init__(self, message: str, device: DeviceState) -> None:
        super().__init__(message)
        self.device = device


class SupervisedDevice(ABC):
    """Life cycle of every driver here.

    One task owns the connection: connect, watch until it breaks, disconnect, wait, again. ``open`` waits
    for the first attempt; when it fails the task goes on trying until ``close``, so hardware that is
    switched on later is found without anybody asking. In the device program the watch over it
    (``drivers/supervision.py``) closes it when it is away for more than a moment, or for a fault at once: its own
    tries are counted by nobody.
    """

    def __init__(self, label: str, clock: Clock) -> None:
        self.label = label
        self.clock = clock
        self._board = StatusBoard(label, clock, self._away())
        self._task: asyncio.Task[None] | None = None
        self._connected = False
        self._connection = 0
        """Counts connections."""
        self._waiters: list[asyncio.Future[DeviceError | None]] = []
        self._hurry = asyncio.Event()
        self._loss_told = ""
        """The loss that the log has heard of since the device was last connected."""

    @property
    def snapshot(self) -> Snapshot:
        """The last status seen."""
        return self._board.snapshot

    @property
    def connected(self) -> bool:
        """Whether the hardware answered and has not been lost since."""
        return self._connected

    def on_status(self, listener: StatusListener) -> None:
        """Call ``listener`` on the loop with each status that differs from the one before."""
        self._board.listen(listener)

    async def open(self) -> None:
        """Connect and begin to watch; raise ``DeviceNotReady`` when the hardware does not answer (yet)."""
        if self._connected:
            return
        waiter: asyncio.Future[DeviceError | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._hurry.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"device-{self.label}")
        error = await waiter
        if error is not None:
            raise DeviceNotReady(f"{self.label} does not answer: {error}") from error

    async def close(self) -> None:
        """Stop watching and release the port; never raises."""
        task, self._task = self._task, None
        try:
            if task is not None:
                task.cancel()
                # Not by suppressing the cancellation: whoever closes may be cancelled meanwhile, and must hear of it.
                await asyncio.gather(task, return_exceptions=True)
        finally:
            self._connected = False
            self._answer(DeviceNotReady(f"{self.label} was closed"))
            if self.snapshot.device is not DeviceState.STARTING:
                self._board.publish(DeviceState.OFFLINE, self._away(), "inferred")

    @abstractmethod
    async def _connect(self) -> None:
        """Open the line and find out that the hardware answers; raise ``DeviceError``."""

    @abstractmethod
    def _announce(self) -> None:
        """Publish the status found while connecting: nobody hears "online" before calls are taken."""

    @abstractmethod
    async def _watch(self) -> None:
        """Watch the connected hardware; return or raise ``DeviceError`` when it is lost."""

    @abstractmethod
    async def _disconnect(self) -> None:
        """Release the line; never raises."""

    @abstractmethod
    def _away(self) -> Mapping[str, object]:
        """The status details while nothing can be known."""

    def _require(self, connection: int | None = None) -> None:
        """Raise ``DeviceNotReady`` unless the hardware is connected, and still by ``connection`` if one is given."""
        if not self._connected or connection not in (None, self._connection):
            raise DeviceNotReady(f"{self.label} is not connected; check cable and power")

    async def _run(self) -> None:
        failures = 0
        try:
            while True:
                self._hurry.clear()
                error = await self._once()
                failures = 0 if self._connected else failures + 1
                self._lost(error)
                await self._disconnect()
                self._answer(error)
                await self._back_off(failures)
        finally:
            await self._disconnect()

    async def _once(self) -> DeviceError:
        """One connection from beginning to end, and why it ended."""
        try:
            await self._connect()
            self._connected = True
            self._loss_told = ""
            self._connection += 1
            self._announce()
            self._answer(None)
            await self._watch()
            return LinkLost(f"{self.label} is no longer watched")
        except DeviceError as error:
            return error
        except Exception as error:
            _log.exception("watching %s failed", self.label)
            return HardwareFault("internalError", f"the driver failed ({type(error).__name__}); see the log")

    def _lost(self, error: DeviceError) -> None:
        self._connected = False
        why = str(error) or type(error).__name__
        if self._loss_told != why:  # once over all attempts, also those that the watch begins, for days
            _log.warning("%s is lost: %s", self.label, why)
            self._loss_told = why
        self._board.publish(_state_of(error), self._away(), "inferred", why)

    def _answer(self, error: DeviceError | None) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(error)

    async def _back_off(self, failures: int) -> None:
        wait = min(LAST_RETRY_S, FIRST_RETRY_S * 2 ** min(failures, 10))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait * random.uniform(0.8, 1.2)):
                await self._hurry.wait()


def _state_of(error: DeviceError) -> DeviceState:
    if isinstance(error, HardwareAbsent):
        return error.device
    if isinstance(error, LinkLost):
        return DeviceState.NO_DEVICE
    if isinstance(error, HardwareFault | SecurityFailed):
        return DeviceState.HARDWARE_ERROR
    return DeviceState.OFFLINE
