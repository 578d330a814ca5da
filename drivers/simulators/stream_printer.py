"""What the simulated printers of a byte stream share: two cables, mains, a lid, and a tray in which paper lies."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from pydantic import AliasChoices, Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.printed import TAKEN, PrintedStore
from drivers.simulators.receipt_channels import Channel, TcpSide
from drivers.simulators.serial_device import SerialSimulator


class Cover(Parameters):
    """The lid."""

    state: Literal["open", "closed"] = Field("open", validation_alias=AliasChoices("state", "cover"))


class LidSensors(Protocol):
    """What every such printer senses."""

    cover_open: bool
    fault: str | None


class StreamPrinterSimulator(SerialSimulator):
    """Takes its stream on a serial line and on TCP; what has come out lies in the store.

    The mechanism sleeps until ``_changed`` stirs it. Bytes that found no room are counted in ``lost``.
    """

    nothing_out: ClassVar[str]
    """Why nothing can be taken from an empty tray."""
    sensors: LidSensors

    def __init__(
        self,
        name: str,
        link: Path,
        store: PrintedStore,
        pace: Pace,
        *,
        tcp_port: int,
        baud: int | None,
        chunk: int,
    ) -> None:
        super().__init__(name, link, pace, baud)
        self.tcp = TcpSide(self, tcp_port, chunk)
        self.lost = 0
        self._store = store
        self._serial = Channel(self.send)
        self._powered = True
        self._moved = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Plug in both cables and begin to print."""
        await super().start()
        await self.tcp.start()
        if self._worker is None or self._worker.done():
            self._worker = self.spawn(self._print())

    async def stop(self) -> None:
        """Pull both cables."""
        await self.tcp.stop()
        await super().stop()

    def printer_state(self) -> dict[str, object]:
        """The part of the state that all these printers show."""
        return {
            **self.line_state(),
            "tcpPort": self.tcp.port,
            "power": "on" if self._powered else "off",
            "cover": "open" if self.sensors.cover_open else "closed",
            "fault": self.sensors.fault,
            "lost": self.lost,
            "tray": [item["file"] for item in self._store.waiting(self.name)],
            "counts": self._store.counters(self.name),
        }

    @abstractmethod
    async def _print(self) -> None:
        """Take what waits and print it, for ever."""

    @abstractmethod
    def heard(self, channel: Channel, data: bytes) -> None:
        """Bytes from a host: answer questions at once, queue what is to be printed."""

    @abstractmethod
    async def room(self) -> None:
        """Wait until the buffer can take what the network brings."""

    @abstractmethod
    def _changed(self) -> None:
        """Something was done to the printer: let the mechanism look again."""

    def received(self, data: bytes) -> None:
        """Bytes on the serial line."""
        self.heard(self._serial, data)

    def _reply(self, channel: Channel, data: bytes) -> None:
        """On the serial line faults may spoil it; a printer that is silent says nothing on either."""
        if channel is self._serial or not self.silent:
            channel.send(data)

    async def _stirred(self) -> None:
        """Sleep until something happens."""
        self._moved.clear()
        await self._moved.wait()

    @action("cover", Cover)
    async def cover(self, what: Cover) -> Outcome:
        """Open or close the lid."""
        self.sensors.cover_open = what.state == "open"
        self._changed()
        return {}

    @action("take", NoParameters)
    async def take(self, _: NoParameters) -> Outcome:
        """Take what lies in the tray."""
        files = self._store.move(self.name, TAKEN)
        if not files:
            raise ActionRefusedError(self.nothing_out)
        return {"files": files}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """Pull the serial and the network cable; what is in the buffer is still printed."""
        self.port.unplug()
        await self.tcp.stop()
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Put both cables back in, same path and same port."""
        self.port.plug()
        self._serial.reset()
        await self.tcp.start()
        return {}
