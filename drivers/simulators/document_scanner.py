"""The simulated document scanner: a network scanner that speaks the SANE protocol as ``saned`` does.

libsane's own ``net`` backend connects to it. That backend knows no port but 6566, so each scanner has a loopback
address of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
from collections import deque
from collections.abc import Coroutine, Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field

from config.loopback import free_port
from drivers.simulators import sane_wire as wire
from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action, log
from drivers.simulators.cabled import CabledSimulator
from drivers.simulators.documents import SIZES, Kind, sheet_of
from drivers.simulators.errors import ActionRefusedError, BackendUnavailableError
from drivers.simulators.files import write_whole
from drivers.simulators.scanner_feeder import BED, Feeder, Paper, Trouble, Turned, lines_of, seen
from drivers.simulators.scanner_options import ScannerOptions
from drivers.simulators.scanner_session import DEVICE, Session

PORT: Final = 6566
"""``sane-port`` of the standard, 5.2; the ``net`` backend takes no other."""
_PAGE_S: Final = 1.5
"""An A4 side at 40 sheets a minute."""
_BAND: Final = 48
"""Lines of one record."""
_SILENT_S: Final = 3600.0
_HOSTS: Final = range(77, 177)
"""Second bytes of the loopback addresses that are tried; the other two are the process's own number."""


class Lay(Parameters):
    """Sheets for the feeder, or one for the glass; ``file``: a picture at 300 dpi of what is printed on them.

    ``turned``: degrees clockwise by which they lie there.
    """

    kind: Kind = "taxForm"
    seed: int = Field(1, ge=0, lt=2**31)
    count: int = Field(1, ge=1, le=50)
    where: Literal["feeder", "glass"] = "feeder"
    file: str = ""
    turned: Turned = 0


class Fails(Parameters):
    """What goes wrong with the next side, or with every call until ``clear``; ``at`` which share of the side."""

    how: Trouble = "jam"
    at: float = Field(0.4, ge=0, lt=1)


class Cover(Parameters):
    """The cover."""

    state: Literal["open", "closed"]


class Lamp(Parameters):
    """Share of the lamp's light that is left."""

    level: float = Field(0.45, ge=0.05, le=1)


class Garbage(Parameters):
    """Random bytes in place of the next answer."""

    count: int = Field(24, ge=1, le=4096)
    seed: int = 0


class DocumentScannerSimulator(CabledSimulator):
    """A4 duplex feeder with a flatbed. ``host`` is its loopback address; the first free one when not given."""

    def __init__(self, pace: Pace, host: str = "", name: str = "documentScanner") -> None:
        super().__init__(name, pace)
        self.host = host
        self.data_port = 0
        self.feeder = Feeder()
        self.options = ScannerOptions(self.feeder)
        self._noise = b""
        self._breaks_at = 0.0
        self._scans = 0
        self._servers: list[asyncio.Server] = []
        self._sessions: set[asyncio.StreamWriter] = set()
        self._waiting: deque[asyncio.Future[asyncio.StreamWriter]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def sane_name(self) -> str:
        """What the ``net`` backend calls it."""
        return f"net:{self.host}:{DEVICE}"

    async def start(self) -> None:
        """Listen at port 6566 of a loopback address; raise ``BackendUnavailableError`` when all are taken."""
        if self._servers:
            return
        listener, self.host = _listener(self.host)
        control = await asyncio.start_server(self._serve, sock=listener)
        self.data_port = self.data_port or free_port()
        data = await asyncio.start_server(self._data, self.host, self.data_port)
        self._servers = [control, data]

    async def stop(self) -> None:
        """Pull the cable."""
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        for session in tuple(self._sessions):
            session.transport.abort()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while self._sessions:
                    await asyncio.sleep(0.002)
        self.feeder.let_out()

    def state(self) -> dict[str, object]:
        """What lies where, and what is wrong."""
        feeder = self.feeder
        return {
            "plugged": bool(self._servers),
            "silent": self._silent,
            "linkFaults": self._faults.told(),
            "sheets": len(feeder.stack),
            "glass": None if feeder.on_glass is None else feeder.on_glass.kind,
            "inside": None if feeder.inside is None else feeder.inside.kind,
            "cover": "open" if feeder.cover_open else "closed",
            "jammed": feeder.jammed,
            "doubleFeed": feeder.two_at_once,
            "lamp": feeder.lamp,
            "trouble": feeder.trouble,
            "clients": len(self._sessions),
            "counts": {"fed": feeder.fed, "out": feeder.out, "scans": self._scans},
        }

    # -- wire ---------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sessions.add(writer)
        session = Session(self, reader, writer)
        try:
            await session.run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except wire.WireError as error:
            log.warning("%s: a client sent %s", self.name, error)
        finally:
            session.end()
            self._sessions.discard(writer)
            writer.close()

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The connection over which the page goes; it belongs to the oldest START that waits for one."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                self._sessions.add(writer)
                waiter.set_result(writer)
                return
        writer.close()

    def expect(self) -> asyncio.Future[asyncio.StreamWriter]:
        """The next connection to the data port."""
        waiter: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        return waiter

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run beside the control connection."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def page(self, waiter: asyncio.Future[asyncio.StreamWriter]) -> None:
        """Send the side that lies under the sensors, at the pace of the feed, and how it ended."""
        async with asyncio.timeout(10):
            writer = await waiter
        try:
            end = await self._lines(writer)
            if end is not None:
                writer.write(wire.END + bytes((wire.STATUSES[end],)))
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._sessions.discard(writer)
            writer.close()

    async def _lines(self, writer: asyncio.StreamWriter) -> str | None:
        """The page's lines; then the status that ends it, None when the connection just breaks."""
        feeder, chosen = self.feeder, self.options
        assert feeder.inside is not None
        view = await asyncio.to_thread(
            seen, feeder.inside, feeder.next_side, chosen.mode, chosen.dpi, chosen.corners, feeder.lamp
        )
        lines = lines_of(view, chosen.mode)
        trouble, feeder.trouble = feeder.trouble, None
        stop = len(lines) if trouble is None else int(len(lines) * self._breaks_at)
        for first in range(0, stop, _BAND):
            while self._silent:
                await asyncio.sleep(0.02)
            band = np.ascontiguousarray(lines[first : min(first + _BAND, stop)]).tobytes()
            writer.write(len(band).to_bytes(4, "big") + band)
            await writer.drain()
            await self.pace.sleep(_PAGE_S * _BAND / len(lines))
        return await self._end(trouble, writer)

    async def _end(self, trouble: Trouble | None, writer: asyncio.StreamWriter) -> str | None:
        if trouble in ("jam", "doubleFeed"):
            self.feeder.jam(two=trouble == "doubleFeed")
            return "JAMMED"
        if trouble == "cut":
            await self.stop_soon()
            return None
        if trouble == "stall":
            await asyncio.sleep(_SILENT_S)
        self.feeder.side_read()
        self._scans += 1
        return "EOF"

    async def stop_soon(self) -> None:
        """Power fails: every connection breaks at once."""
        for session in tuple(self._sessions):
            session.transport.abort()
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()

    def spoilt(self, answer: bytes) -> bytes:
        """The answer, or the noise that comes in its place."""
        noise, self._noise = self._noise, b""
        return noise or answer

    @property
    def silent(self) -> bool:
        """Whether nothing is answered."""
        return self._silent and bool(self._servers)

    # -- hands --------------------------------------------------------------------------------------

    @action("lay", Lay)
    async def lay(self, what: Lay) -> Outcome:
        """Put documents into the feeder, or one on the glass."""
        papers = [Paper(what.kind, what.seed + n, what.file, what.turned) for n in range(what.count)]
        try:
            await asyncio.to_thread(sheet_of, what.kind, what.seed, "front", what.file)
        except OSError as error:
            raise ActionRefusedError("that file is no picture of a sheet") from error
        if what.where == "glass":
            self.feeder.on_glass = papers[0]
        elif SIZES[what.kind][1] > BED[1]:
            raise ActionRefusedError("that does not fit into the feeder")
        else:
            self.feeder.stack.extend(papers)
        return {"sheets": len(self.feeder.stack)}

    @action("take", NoParameters)
    async def take(self, _: NoParameters) -> Outcome:
        """Take everything off feeder and glass."""
        taken = len(self.feeder.stack)
        self.feeder.stack.clear()
        self.feeder.on_glass = None
        return {"taken": taken}

    @action("fail", Fails)
    async def fail(self, what: Fails) -> Outcome:
        """Let something go wrong: with the next side, or (busy, noMemory, denied, ioError) with every scan."""
        self.feeder.trouble, self._breaks_at = what.how, what.at
        return {}

    @action("cover", Cover)
    async def cover(self, how: Cover) -> Outcome:
        """Open or close the cover; opening it frees what is jammed."""
        self.feeder.cover_open = how.state == "open"
        if self.feeder.cover_open and self.feeder.jammed:
            self.feeder.clear()
            self.feeder.cover_open = True
        return {}

    @action("lamp", Lamp)
    async def fade(self, how: Lamp) -> Outcome:
        """Let the lamp grow old."""
        self.feeder.lamp = how.level
        return {}

    @action("garbage", Garbage)
    async def garbage(self, how: Garbage) -> Outcome:
        """Answer the next call with noise."""
        self._noise = random.Random(how.seed).randbytes(how.count)
        return {}

    @action("clear", NoParameters)
    async def clear(self, _: NoParameters) -> Outcome:
        """End every fault; the sheets in the feeder stay."""
        self.feeder.clear()
        self.feeder.lamp = 1.0
        self.clear_link()
        self._noise = b""
        return {}


def number_of(host: str) -> int:
    """The address as a number, to be kept; 0 of none."""
    return int(IPv4Address(host)) if host else 0


def host_of(number: int | None) -> str:
    """The loopback address an earlier run had, as a number, when nobody uses it now; else empty for any."""
    if not number:
        return ""
    try:
        listener, host = _listener(str(IPv4Address(number)))
    except BackendUnavailableError:
        return ""
    listener.close()
    return host


def _hosts() -> Iterator[str]:
    """No two processes of a machine share them: whoever has his cable pulled finds his address free again."""
    third, fourth = divmod(os.getpid() % 2**16, 2**8)
    return (f"127.{second}.{third}.{fourth}" for second in _HOSTS)


def _listener(host: str) -> tuple[socket.socket, str]:
    """A socket at port 6566 of ``host``, or of the first address that has it free."""
    for address in (host,) if host else _hosts():
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, PORT))
        except OSError:
            listener.close()
            continue
        return listener, address
    raise BackendUnavailableError(
        f"port {PORT} is taken at {host or 'all loopback addresses'}; end what uses it"
    )


def write_sane_directory(directory: Path, scanner: DocumentScannerSimulator) -> Path:
    """A private SANE configuration that knows this scanner and no other."""
    directory.mkdir(parents=True, exist_ok=True)
    write_whole(directory / "dll.conf", b"net\n")
    write_whole(directory / "net.conf", f"connect_timeout = 3\n{scanner.host}\n".encode())
    return directory
