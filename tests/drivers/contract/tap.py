"""A tap in the cable between a simulator and its driver: everything passes it, and it may do harm there.

The simulator and the driver both speak over the real transport (a pseudo terminal, a TCP connection); neither
knows of the tap. What it does with the bytes says a ``Fault`` (``faults.py``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from config.loopback import free_port
from drivers.simulators.pty_port import PtyPort
from tests.drivers.contract.faults import SOUND, Fault, Pieces

_CHUNK = 4096
_PAUSE_S = 0.0015
"""Between the pieces of an answer: long enough for the driver to take the first one by itself."""


class Tap(ABC):
    """Counts the chunks that pass in each direction, so that a fault can be placed at any of them."""

    def __init__(self) -> None:
        self.fault: Fault = SOUND
        self.requests = self.answers = self.longest = 0
        self.is_cut = False

    def arm(self, fault: Fault) -> None:
        """From now on do what ``fault`` says, and count from nought."""
        self.fault = fault
        self.requests = self.answers = self.longest = 0

    def ask(self, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """A chunk from the driver."""
        number, self.requests = self.requests, self.requests + 1
        self.fault.request(self, number, data, deliver)

    async def answer(self, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """A chunk from the device, handed on in one or more pieces."""
        number, self.answers = self.answers, self.answers + 1
        self.longest = max(self.longest, len(data))
        for place, piece in enumerate(self.spoil(number, data)):
            if place:
                await asyncio.sleep(_PAUSE_S)
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            elif piece is not None:
                deliver(piece)
            else:
                self.cut()

    def spoil(self, number: int, data: bytes) -> Pieces:
        """What becomes of the ``number``-th chunk from the device."""
        return self.fault.answer(self, number, data)

    def cut(self) -> None:
        """Pull the cable: the driver's open port fails and cannot be opened again."""
        self.is_cut = True
        self._cut()

    async def mend(self) -> None:
        """Put the cable back in, under the same address; one that was never pulled stays in."""
        if self.is_cut:
            self.is_cut = False
            await self._mend()

    @abstractmethod
    async def start(self) -> None:
        """Connect both ends; the simulator must have started."""

    @abstractmethod
    async def stop(self) -> None:
        """Release both ends."""

    @abstractmethod
    def _cut(self) -> None: ...

    @abstractmethod
    async def _mend(self) -> None: ...


class SerialTap(Tap):
    """Between two pseudo terminals: the simulator's ``device`` and the driver's ``link``."""

    def __init__(self, device: Path, link: Path) -> None:
        super().__init__()
        self.link = link
        self._device = device
        self._port = PtyPort(link, lambda data: self.ask(data, self._to_device))
        self._far = -1
        self._outgoing = bytearray()
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue()
        self._pump: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._far = os.open(self._device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._far)
        asyncio.get_running_loop().add_reader(self._far, self._from_device)
        self._pump = asyncio.create_task(self._run())
        self._port.plug()

    async def stop(self) -> None:
        self._port.unplug()
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._far)
        loop.remove_writer(self._far)
        os.close(self._far)
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def _cut(self) -> None:
        self._port.unplug()

    async def _mend(self) -> None:
        self._port.plug()

    def _from_device(self) -> None:
        with contextlib.suppress(OSError):
            self._incoming.put_nowait(os.read(self._far, _CHUNK))

    async def _run(self) -> None:
        while True:
            await self.answer(await self._incoming.get(), self._port.send)

    def _to_device(self, data: bytes) -> None:
        self._outgoing += data
        self._write()

    def _write(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_writer(self._far)
        with contextlib.suppress(BlockingIOError):
            del self._outgoing[: os.write(self._far, self._outgoing)]
        if self._outgoing:
            loop.add_writer(self._far, self._write)


class TcpTap(Tap):
    """Between two loopback ports: the simulator's and the driver's."""

    def __init__(self, device: int) -> None:
        super().__init__()
        self.port = free_port()  # one that nobody's outgoing connection is given while the cable is out
        self._device = device
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        self._cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _cut(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for end in tuple(self._ends):
            end.transport.abort()

    async def _mend(self) -> None:
        await self.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends = {writer}
        self._ends.add(writer)
        try:
            far_reader, far = await asyncio.open_connection(*self._far_end(writer))
            ends.add(far)
            self._ends.add(far)
            if self.is_cut:
                return
            there = asyncio.create_task(self._requests(reader, far))
            back = asyncio.create_task(self._answers(far_reader, writer))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            for pump in (there, back):
                pump.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for end in ends:
                self._ends.discard(end)
                end.close()
            self._tasks.discard(task)

    def _far_end(self, near: asyncio.StreamWriter) -> tuple[str, int]:
        """Where the device listens for what came in on ``near``."""
        return "127.0.0.1", self._device

    async def _requests(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            self.ask(data, far.write)
            await far.drain()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await self.answer(data, writer.write)
            await writer.drain()
