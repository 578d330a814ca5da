"""The thermal receipt printer: one driver for the serial, the network and the USB model."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence

from config.clock import Clock, Deadline
from drivers.binding.identity import Kind
from drivers.devices.escpos_engine import MISSES, StatusEngine, Timings, code_of
from drivers.devices.escpos_job import Pacing, ReceiptJob
from drivers.devices.escpos_profile import CLEAR, DEFAULT_MODEL, RECOVER, Profile, load_profile
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    DriverConfigError,
    HardwareFault,
    UserFault,
)
from drivers.ports import DeviceState, PrintOutcome, PrintResult
from drivers.printer_font import Coverage
from drivers.protocols.escpos_raster import Band, Bits, bands
from drivers.protocols.escpos_status import GS_A_ALL, PrinterFacts, Query
from drivers.protocols.escpos_terms import details, device_state, fault
from drivers.protocols.escpos_wire import EscposWire
from drivers.receipt import Block, parse_receipt
from drivers.receipt_own_font import longest_line, pieces
from drivers.receipt_raster import render
from drivers.transports.channel import Channel
from drivers.transports.serial import LINE_BITS, SerialLink
from drivers.transports.tcp import TcpLink
from drivers.transports.usb_printer import UsbPrinterLink
from drivers.transports.waiting import pause

_log = logging.getLogger("kiosk.devices.receiptPrinter")

_RAW = 512
_RECOVERED = ("cutterError", "paperJammed")
"""Errors that DLE ENQ ends once their cause is removed (ESC/POS reference, DLE ENQ)."""


class EscposPrinter(LineDevice):
    """Implements ``ReceiptPrinter``. Jobs and polls share one lock; reports are pushed in between.

    Args:
        channel: the line.
        clock: business time, for the time of a status.
        profile: paper width and cuts.
        pacing: buffer and speed.
        rows_per_band: height of a raster band; less where the printer's buffer would not hold it.
        timings: seconds, changed in tests only.
        coverage: characters of the printer's own font, to print text with it; None draws all of the slip.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        profile: Profile,
        pacing: Pacing | None = None,
        rows_per_band: int = 24,
        timings: Timings | None = None,
        coverage: Coverage | None = None,
    ) -> None:
        super().__init__("receiptPrinter", clock, channel)
        self._profile = profile
        self._pacing = pacing or Pacing()
        self._rows_per_band = min(rows_per_band, self._pacing.rows(profile))
        self._coverage = coverage
        self._timings = timings or Timings()
        self._engine = StatusEngine(channel, self._timings, self._pushed, self._pacing.baud)
        self._lock = asyncio.Lock()
        self._remnant = False
        self._working = False

    @property
    def dots(self) -> int:
        """Width of the paper."""
        return self._profile.dots

    async def print_receipt(
        self, lines: Sequence[Mapping[str, object]], deadline: Deadline, cut_first: bool = False
    ) -> PrintResult:
        """Print and cut one receipt given as blocks; ``cut_first`` cuts off what an earlier program left hanging out.

        Raise ``InvalidData`` for blocks that cannot be drawn and ``DeviceNotReady`` while the printer is
        away: nothing has been sent then. Everything later is told by the outcome.
        """
        blocks = parse_receipt(lines)
        drawn = await asyncio.to_thread(self._drawn, blocks)
        self._require()
        return await self._printed(drawn, deadline, self._profile.cut, cut_first)

    async def print_picture(self, picture: Bits, deadline: Deadline, cut_first: bool = False) -> PrintResult:
        """Print and cut one receipt that is drawn already."""
        drawn = await asyncio.to_thread(lambda: list(bands(picture, self._rows_per_band)))
        self._require()
        return await self._printed(drawn, deadline, self._profile.cut, cut_first)

    async def _printed(
        self, parts: list[Band], deadline: Deadline, ending: bytes, cut_first: bool = False
    ) -> PrintResult:
        async with self._lock:
            self._remnant = self._remnant or cut_first
            try:
                facts = await self._engine.looked(deadline)
            except DeviceError as error:  # only questions have been sent: nobody need look for paper
                return PrintResult(PrintOutcome.NOT_PRINTED, code_of(error), 0, {"bandsSent": 0})
            self._show("polled")
            blocked = fault(facts) if facts.complete else "deviceOffline"
            if blocked is not None:
                return PrintResult(PrintOutcome.NOT_PRINTED, blocked, 0, {"bandsSent": 0})
            job = ReceiptJob(self._engine, self._profile, self._pacing, self._timings)
            self._working = True
            self._show("inferred")
            try:
                return await job.run(parts, deadline, cut_first=self._remnant, ending=ending)
            finally:
                self._remnant, self._working = job.remnant, False
                self._show("polled")

    async def print_raw(self, data: bytes, deadline: Deadline) -> PrintResult:
        """Send ``data`` as it is and wait until the printer has done it; nothing is cut unless it says so."""
        self._require()
        size = min(_RAW, self._pacing.room(self._profile))
        parts = [Band(data[i : i + size], 0) for i in range(0, len(data), size)]
        return await self._printed(parts, deadline, b"")

    async def reset(self, deadline: Deadline) -> None:
        """Empty the printer's buffers and see that it is well; raise ``UserFault`` or ``HardwareFault``."""
        self._require()
        async with self._lock:
            self._engine.forget_marks()
            await self._engine.send(RECOVER + CLEAR + self._profile.start, deadline)
            facts = await self._recovered(deadline)
            self._show("polled")
        code = fault(facts)
        if not facts.complete:
            raise DeviceNotReady("the receipt printer does not say how it is; switch it off and on")
        if code in ("coverOpen", "paperOut"):
            raise UserFault("the receipt printer needs a hand: close the cover, put paper in", code)
        if code is not None:
            raise HardwareFault(code)

    async def _recovered(self, deadline: Deadline) -> PrinterFacts:
        """How the printer is, once it is over an error that it recovers from: the blade takes its time to go home."""
        until = deadline.within(self._timings.recovery)
        facts = await self._engine.looked(deadline)
        while fault(facts) in _RECOVERED and not until.passed:
            await pause(self._timings.look, until)
            try:
                facts = await self._engine.looked(deadline)
            except DeadlinePassed:
                break  # what it said last stands
        return facts

    def _drawn(self, blocks: Sequence[Block]) -> list[Band]:
        if self._coverage is not None:
            return list(pieces(blocks, self._profile.dots, self._coverage, self._rows_per_band))
        return list(bands(render(blocks, self._profile.dots), self._rows_per_band))

    async def _greet(self) -> None:
        limit = Deadline.after(10 + 2 * self._timings.late)
        self._engine.restart()
        if await self._engine.query(Query.PRINTER, limit) is None:
            # Our program may have died inside a band: white dots fill it up, outside one they are ignored.
            await self._engine.send(bytes(self._profile.dots // 8 * self._rows_per_band), limit)
            if await self._engine.query(Query.PRINTER, limit) is None:
                raise DeviceNotReady("the receipt printer is silent; check that it is switched on")
        if self._engine.echoing:
            _log.warning("the receipt printer's line echoes; check its cable")
        await self._engine.send((RECOVER + CLEAR if self._remnant else b"") + GS_A_ALL, limit)
        if not (await self._engine.looked(limit)).complete:
            raise DeviceNotReady(
                "the receipt printer does not answer all of DLE EOT 1 to 4; check its cable, or take another model"
            )

    async def _poll(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._timings.poll)
            async with self._lock:
                facts = await self._engine.refresh(Deadline.after(10 + 2 * self._timings.late))
                misses = misses + 1 if facts.offline is None else 0
                if misses >= MISSES:
                    raise DeviceNotReady("the receipt printer is silent; check that it is switched on")
                if not misses:
                    self._show("polled")

    def _received(self, data: bytes) -> None:
        self._engine.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._engine.broken(error)

    def _pushed(self) -> None:
        self._show("pushed")

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if not (self._connected and self.channel.is_open):
            return
        facts = self._engine.facts
        state = device_state(facts)
        if self._working and state is DeviceState.ONLINE:  # what is pushed meanwhile does not end the job
            state = DeviceState.DEVICE_BUSY
        self._board.publish(state, details(facts), source)

    def _away(self) -> Mapping[str, object]:
        return details(PrinterFacts())


def _printer(options: Options, clock: Clock, channel: Channel, baud: int | None = None) -> EscposPrinter:
    profile = load_profile(options.text("profile", DEFAULT_MODEL))
    dots = options.integer("width", profile.dots, 192, 1280)
    if dots != profile.dots:
        profile = Profile(profile.name, dots, profile.full_cut, profile.partial_cut)
    pacing = Pacing(
        options.integer("buffer", 4096, 256, 1 << 20),
        options.number("mm_per_s", 150, 20, 500),
        options.choice("proof", ("in-turn", "real-time"), "in-turn") == "in-turn",
        baud,
    )
    own = options.choice("text", ("drawn", "own"), "drawn") == "own"
    font = Coverage(options.choice("font", tuple(c.value for c in Coverage), Coverage.GB2312.value))
    if own and pacing.room(profile) < longest_line(dots):
        raise DriverConfigError(
            f"a line in the printer's own font does not fit into its buffer of {pacing.buffer_bytes} bytes; "
            "write text = 'drawn'"
        )
    rows = options.integer("band_rows", 24, 1, 256)
    return EscposPrinter(channel, clock, profile, pacing, rows, coverage=font if own else None)


_MODEL = re.compile(rb"_([ -~]{1,80})\0")
"""The answer to GS I 67, the model's name: an underscore, the text, a zero byte (ESC/POS reference, GS I)."""


def _who(answer: bytes) -> str | None:
    found = _MODEL.search(answer)
    return f"receipt printer {found[1].decode('ascii')}" if found else None


_PROBE = Probe(b"\x1dI\x43", _who, (115200, 9600, 19200, 38400), rank=0)


@driver("escpos-serial", Traits(_PROBE, EscposWire))
def _serial(options: Options, clock: Clock) -> EscposPrinter:
    baud = options.integer("baud", 115200, 1200, 921600)
    # A slow line needs longer to take what the kernel's buffer cannot hold.
    link = SerialLink(options.text("port"), baud, write_timeout_s=2 + 8192 * LINE_BITS / baud)
    return _printer(options, clock, Channel(link, options.tap), baud)


@driver("escpos-tcp", Traits(wire=EscposWire))
def _tcp(options: Options, clock: Clock) -> EscposPrinter:
    link = TcpLink(options.text("host"), options.integer("port", 9100, 1, 65535))
    return _printer(options, clock, Channel(link, options.tap))


@driver("escpos-usb", Traits(wire=EscposWire, node=Kind.PRINTER))
def _usb(options: Options, clock: Clock) -> EscposPrinter:
    link = UsbPrinterLink(options.text("port"), simulated=options.flag("simulated_port", False))
    return _printer(options, clock, Channel(link, options.tap))
