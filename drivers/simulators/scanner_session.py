"""One client's control connection to the simulated document scanner: the calls of the SANE protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from drivers.simulators import sane_wire as wire

if TYPE_CHECKING:
    from drivers.simulators.document_scanner import DocumentScannerSimulator

DEVICE: Final = "simscan"


class Session:
    """One control connection."""

    def __init__(
        self, scanner: DocumentScannerSimulator, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._scanner = scanner
        self._ask = wire.Requests(reader)
        self._writer = writer
        self._page: asyncio.Task[None] | None = None

    def end(self) -> None:
        """The client has gone: its scan ends."""
        if self._page is not None and not self._page.done():
            self._page.cancel()
        self._scanner.feeder.let_out()

    async def run(self) -> None:
        """One call after the other until the client says EXIT or goes."""
        while (code := await self._ask.word()) != wire.EXIT:
            answer = await self._answer(code)
            while self._scanner.silent:
                await asyncio.sleep(0.02)
            await self._scanner.answer(self._writer, self._scanner.spoilt(answer))

    async def _answer(self, code: int) -> bytes:
        word, text = wire.word, wire.text
        match code:
            case wire.INIT:
                await self._ask.word()
                await self._ask.text()
                return word(0) + word(wire.VERSION)
            case wire.GET_DEVICES:
                device = b"".join(
                    map(text, (DEVICE, "Yunchuan", "SimScan 40 (simulated)", "sheetfed scanner"))
                )
                return word(0) + word(2) + word(0) + device + word(1)
            case wire.OPEN:
                known = await self._ask.text() in (DEVICE, "")
                return word(0 if known else wire.STATUSES["INVAL"]) + word(0) + text(None)
            case wire.CONTROL:
                return await self._control()
            case wire.AUTHORIZE:
                for _ in range(3):
                    await self._ask.text()
                return word(0)
        await self._ask.word()  # the handle; there is one
        return await self._of_handle(code)

    async def _of_handle(self, code: int) -> bytes:
        word = wire.word
        options = self._scanner.options
        match code:
            case wire.CLOSE:
                self.end()
                return word(0)
            case wire.GET_OPTIONS:
                return word(len(options.listed)) + b"".join(word(0) + one.packed() for one in options.listed)
            case wire.GET_PARAMETERS:
                return word(0) + b"".join(word(value) for value in options.parameters())
            case wire.START:
                return self._start()
            case wire.CANCEL:
                self.end()
                return word(0)
        raise wire.WireError(f"call {code}")

    def _start(self) -> bytes:
        scanner = self._scanner
        if self._page is not None and not self._page.done():
            status = "DEVICE_BUSY"
        else:
            status = scanner.feeder.begin(scanner.options.source)
        if status == "GOOD":
            self._page = scanner.spawn(scanner.page(scanner.expect()))
        port = scanner.data_port if status == "GOOD" else 0
        return (
            wire.word(wire.STATUSES[status])
            + wire.word(port)
            + wire.word(wire.LITTLE_ENDIAN)
            + wire.text(None)
        )

    async def _control(self) -> bytes:
        await self._ask.word()
        number, act = await self._ask.word(), await self._ask.word()
        value: wire.Value = None
        size = 0
        if act != wire.AUTO:
            _, value, size = await self._ask.value()
        options = self._scanner.options
        if not 0 <= number < len(options.listed):
            raise wire.WireError(f"option {number}")
        option = options.listed[number]
        status, info = (0, 0)
        if act == wire.GET:
            value = options.get(option.name)
        else:
            status, info, value = options.set(option.name, value)
        head = wire.word(status) + wire.word(info)
        return head + wire.value_packed(option, value, size) + wire.text(None)
