"""The serial code scanner: a code counts only while somebody waits for one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeviceError, DriverConfigError, MediaMissing
from drivers.ports import Barcode, DeviceState
from drivers.protocols.barcode import MAX_CODE, Cutter, Splitter, aim_prefix, guess_symbology, normalised
from drivers.protocols.barcode_wire import BarcodeWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.waiting import Mailbox, pause

_SUFFIXES: Final = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n", "tab": b"\t"}
_SEND_S: Final = 1.0
CONFIRM_S: Final = 5.0
"""How often the port is asked: well within the age at which a status is no longer believed."""


QUIET_S: Final = 0.05
"""A code on a line has no such pause within it: a USB adapter hands its bytes on every 16 ms at the latest."""
_NOISE_S: Final = 2.0
"""A line that is not quiet after so long never will be."""


class SerialBarcodeReader(LineDevice):
    """Implements ``BarcodeReader``.

    A scanner says nothing until it sees a code and cannot be asked how it is, so silence is no sign of anything:
    it is online while its port is there, and the port is asked. What it reads while nobody waits is thrown
    away, so that no code of the person before is taken for this one's.

    Args:
        channel: the line.
        clock: business time, for the time of a status.
        splitter: cuts the stream into codes.
        light_on: what switches the light on; empty for a scanner that is always on.
        light_off: what switches it off.
        as_utf8: give GB 18030 text as UTF-8; else the bytes as they come.
        check: asks whether the port is there, on the line's worker thread; raises ``LinkLost``.
        confirm_s: seconds between two such questions.
        quiet_s: see ``QUIET_S``; changed in tests only.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        splitter: Cutter | None = None,
        light_on: bytes = b"\x16T\r",
        light_off: bytes = b"\x16U\r",
        as_utf8: bool = True,
        check: Callable[[], None] = lambda: None,
        confirm_s: float = CONFIRM_S,
        quiet_s: float = QUIET_S,
    ) -> None:
        super().__init__("barcodeReader", clock, channel)
        self._splitter: Cutter = splitter or Splitter()
        self._light_on = light_on
        self._light_off = light_off
        self._as_utf8 = as_utf8
        self._check = check
        self._confirm_s = confirm_s
        self._quiet_s = quiet_s
        self._heard_at = float("-inf")
        self._codes: Mailbox[bytes] = Mailbox()
        self._lock = asyncio.Lock()
        self._waiting = False

    async def scan(self, deadline: Deadline, symbologies: Sequence[str] = ()) -> Barcode:
        """Switch the light on and wait for a code; raise ``MediaMissing`` at the deadline."""
        self._require()
        async with self._lock:
            await self._quiet(deadline)
            self._codes.drain()
            self._splitter.reset()
            self._waiting = True
            try:
                await self._send(self._light_on)
                code = await self._wanted(frozenset(symbologies), deadline)
            finally:
                self._waiting = False
                with contextlib.suppress(DeviceError):
                    await self._send(self._light_off)
        if code is None:
            raise MediaMissing("no code was held before the scanner in time")
        return code

    async def reset(self, deadline: Deadline) -> None:
        """Light off, nothing half read."""
        self._require()
        async with self._lock:
            self._splitter.reset()
            self._codes.drain()
            await self._send(self._light_off)

    async def _quiet(self, deadline: Deadline) -> None:
        """Let pass what is on its way: the rest of a code of the person before is none of this one's."""
        enough = deadline.within(_NOISE_S)
        while self._splitter.pending and not enough.passed:
            left = self._heard_at + self._quiet_s - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await pause(left, enough)

    async def _wanted(self, symbologies: frozenset[str], deadline: Deadline) -> Barcode | None:
        """The first code that is wanted; None at the deadline. The light stays on over those that are not."""
        while (code := await self._codes.get(deadline)) is not None:
            named = self._named(code)
            if not symbologies or named.symbology in symbologies:
                return named
        return None

    def _named(self, code: bytes) -> Barcode:
        symbology, data = aim_prefix(code)
        return Barcode(symbology or guess_symbology(data), normalised(data) if self._as_utf8 else data)

    async def _send(self, data: bytes) -> None:
        if data:
            await self.channel.write(data, Deadline.after(_SEND_S))

    async def _greet(self) -> None:
        self._codes.clear()
        self._splitter.reset()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._confirm_s)
            await self.channel.call(self._check)
            self._announce()

    def _received(self, data: bytes) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        self._take(self._splitter.feed(data))

    def _take(self, codes: Iterable[bytes]) -> None:
        for code in codes:
            if self._waiting:
                self._codes.put(code)

    def _broken(self, error: DeviceError) -> None:
        self._codes.fail(error)

    def _announce(self) -> None:
        # "inferred": it is the port that answers, not the scanner.
        self._board.publish(DeviceState.ONLINE, {"barcodeReader": {"scanner": "on"}}, "inferred")

    def _away(self) -> Mapping[str, object]:
        return {"barcodeReader": {"scanner": "unknown"}}


@driver("barcode-serial", Traits(wire=BarcodeWire))
def _create(options: Options, clock: Clock) -> SerialBarcodeReader:
    link = SerialLink(options.text("port"), options.integer("baud", 9600, 1200, 921600))
    suffix = options.text("suffix", "cr")
    if suffix not in _SUFFIXES:
        raise DriverConfigError(f"option 'suffix' is one of {', '.join(_SUFFIXES)}")
    channel = Channel(link, options.tap)
    return SerialBarcodeReader(
        channel,
        clock,
        Splitter(_SUFFIXES[suffix], options.integer("max_bytes", MAX_CODE, 16, 65536)),
        options.bytes_hex("light_on", "16 54 0D"),
        options.bytes_hex("light_off", "16 55 0D"),
        options.choice("encoding", ("utf-8", "raw"), "utf-8") == "utf-8",
        channel.check,
    )
