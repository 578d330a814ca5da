"""What reads documents: SANE scanner and MRZ reader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from drivers.devices.mrz_reader import SerialMrzReader
from drivers.devices.options import Value
from drivers.devices.scanner import SaneScanner, Timings
from drivers.ports_documents import (
    DocumentScanner,
    MrzReader,
    PageColour,
    PageOrder,
    PageSize,
)
from drivers.simulators.base import Pace
from drivers.simulators.document_scanner import (
    PORT,
    DocumentScannerSimulator,
    _listener,
    write_sane_directory,
)
from drivers.simulators.mrz_reader import MrzReaderSimulator
from drivers.simulators.scanner_session import DEVICE
from drivers.simulators.travel_document import machine_lines
from drivers.transports.channel import Channel
from drivers.transports.sane import SaneLink
from drivers.transports.serial import SerialLink
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command, Subject, none
from tests.drivers.contract.tap import TcpTap

_CARD = PageOrder(PageSize.ID1, PageColour.GRAY, 100)


class SaneTap(TcpTap):
    """In the cable of a network scanner: its port for commands and its port for pages, at an address of the tap's."""

    def __init__(self, scanner: DocumentScannerSimulator) -> None:
        super().__init__(PORT)
        self.host = ""
        self._scanner = scanner
        self._data: asyncio.Server | None = None

    async def start(self) -> None:
        listener, self.host = _listener(self.host)
        self._server = await asyncio.start_server(self._serve, sock=listener)
        self._data = await asyncio.start_server(self._serve, self.host, self._scanner.data_port)

    def _cut(self) -> None:
        data, self._data = self._data, None
        if data is not None:
            data.close()
        super()._cut()

    async def _requests(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        await super()._requests(reader, far)
        if far.get_extra_info("peername")[1] == self._scanner.data_port:
            # libsane shuts its side of a page's connection at once; the page comes all the same.
            await asyncio.Event().wait()

    def _far_end(self, near: asyncio.StreamWriter) -> tuple[str, int]:
        return self._scanner.host, near.get_extra_info("sockname")[1]


class Scans(Subject):
    """A network scanner behind libsane's own net backend."""

    name = "scanner-sane"
    port = DocumentScanner
    driver = SaneScanner
    limit = 2.5
    steps = 2
    piece = 1024
    combs = 2
    singles = 48
    # libsane asks nobody while nobody scans, and a frame has no check sum of its own; TCP has.
    holds_line = False
    exempt = frozenset({"flipped"})

    async def start(self) -> None:
        self.sim = DocumentScannerSimulator(Pace(1000))
        await self.sim.start()
        self.tap: SaneTap = SaneTap(self.sim)
        await self.tap.start()
        self._config = self.directory / "sane"
        write_sane_directory(self._config, self.sim)
        (self._config / "net.conf").write_text(f"connect_timeout = 1\n{self.tap.host}\n")
        link = SaneLink(self._name, str(self._config), answer_s=4.0, stall_s=1.5, end_s=0.5)
        self.device = SaneScanner(link, CLOCK, timings=Timings(open=8, ask=1, look=0.02, poll=60))

    @property
    def _name(self) -> str:
        return f"net:{self.tap.host}:{DEVICE}"

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    async def resync(self) -> None:
        self.tap.cut()
        await self.tap.mend()

    def options(self) -> Mapping[str, Value]:
        return {"device": self._name, "config_dir": str(self._config)}

    def commands(self, device: SaneScanner) -> Mapping[str, Command]:
        async def bare() -> None:
            await self.sim.do("clear")
            await self.sim.do("take")

        async def laid() -> None:
            await bare()
            await lay()

        async def lay() -> None:
            await self.sim.do("lay", {"kind": "idCard"})

        return {
            "load": Command(device.load, none, bare, lay),
            "scan": Command(lambda d: device.scan(_CARD, d), _card_scanned, laid),
            "reset": Command(device.reset, none, bare),
        }


def _card_scanned(pages: Any) -> bool:
    (page,) = pages
    return (page.kind, page.width, page.height) == ("jpg", 337, 213) and page.data[:2] == b"\xff\xd8"


class MrzSwipes(SerialSubject):
    """Passport reader on a serial line; its zone's check digits are the only check there is."""

    name = "mrz-serial"
    port = MrzReader
    driver = SerialMrzReader
    limit = 0.3
    asks = False
    heals = frozenset({"twice", "garbage-before"})

    async def start(self) -> None:
        self.sim = MrzReaderSimulator(self.far, Pace(1000))
        await self.wire(self.sim)
        self.device = SerialMrzReader(Channel(SerialLink(self.near, 9600)), CLOCK)

    def commands(self, device: SerialMrzReader) -> Mapping[str, Command]:
        async def swipe() -> None:
            while not device._waiting:
                await asyncio.sleep(0.002)
            await self.sim.do("swipe", {"kind": "passport", "seed": 4})

        number = machine_lines("passport", 4)[1][:9].rstrip("<")
        return {
            "read_mrz": Command(device.read_mrz, lambda mrz: mrz.number == number, hand=swipe),
            "reset": Command(device.reset, none),
        }
