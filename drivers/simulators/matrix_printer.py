"""The simulated dot-matrix invoice printer: takes ESC/P on a serial line and on TCP and strikes it on forms."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path

from drivers.simulators.base import NoParameters, Outcome, Pace, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.escp_stream import EscpReader, RealTime
from drivers.simulators.escpos_stream import Op
from drivers.simulators.matrix_head import INCH, Head, Strike
from drivers.simulators.matrix_parameters import Insert, Jam, OnLine, Power, Ribbon, Stack
from drivers.simulators.matrix_sensors import Sensors
from drivers.simulators.matrix_sheet import Sheet
from drivers.simulators.printed import REMOVED, TRAY, PrintedStore
from drivers.simulators.receipt_channels import Channel
from drivers.simulators.stream_printer import StreamPrinterSimulator

BUFFER_BYTES = 8192
ORIGIN = (3.0, 4.2)
"""Where on the paper (mm) the first column and the top pin lie when a sheet has been drawn in."""
_XON, _XOFF = b"\x11", b"\x13"
_NEARLY_FULL, _ROOMY = 256, 512
"""Bytes of room at which the host is told to stop, and to go on."""
TCP_CHUNK = 256
_INKED = frozenset({"text", "ESC *", "CR", "LF", "FF"})
"""What the printer does not take from its buffer while no sheet is there."""
_SENSED_SKEW = 3.0
"""Degrees from which the sensors notice; less is printed askew and told to nobody."""
_PASS_S = 0.6
_MM_PER_S = 100.0
_SIZES = {"vat-folded": (240.0, 140.0), "vehicle": (241.0, 178.0), "vat-roll-76": (76.0, 177.8)}
_PLAIN = (240.0, 140.0)


class MatrixPrinterSimulator(StreamPrinterSimulator):
    """24-pin flat-bed printer with a paper sensor.

    What comes when the buffer is full is lost and counted (``lost``); on the serial line it says XOFF before,
    unless ``flow`` is off. On the network the connection holds the host back.
    """

    nothing_out = "nothing has come out yet; there is no form to take"
    sensors: Sensors

    def __init__(
        self,
        link: Path,
        store: PrintedStore,
        pace: Pace,
        *,
        tcp_port: int = 0,
        baud: int | None = None,
        buffer_bytes: int = BUFFER_BYTES,
        flow: bool = True,
        name: str = "invoicePrinter",
    ) -> None:
        super().__init__(name, link, store, pace, tcp_port=tcp_port, baud=baud, chunk=TCP_CHUNK)
        self.sensors = Sensors()
        self.sheet: Sheet | None = None
        self.last: Sheet | None = None
        """The sheet that was let out last."""
        self._easel = asyncio.Lock()
        self.drawing = 0
        """Sheets that are out and not in the store yet."""
        self._limit, self._flow = buffer_bytes, flow
        self._lines: dict[Channel, tuple[RealTime, EscpReader]] = {}
        self._queue: deque[Op] = deque()
        self._queued = 0
        self._held = False
        self._head = Head()
        self._after: tuple[int, Callable[[], None]] | None = None
        self._generation = 0
        self._wear = 0.0
        self._stack = 0
        self._passes = 0

    def state(self) -> dict[str, object]:
        """Sensors, buffer, and the sheet in the printer."""
        sheet = self.sheet
        return {
            **self.printer_state(),
            "online": not self.sensors.paused,
            "buffered": self.buffered,
            "ribbon": self._wear,
            "stack": self._stack,
            "passes": self._passes,
            "sheet": None
            if sheet is None
            else {"form": sheet.form, "number": sheet.number, "passes": sheet.struck},
        }

    # -- receiving ----------------------------------------------------------------------------------

    def heard(self, channel: Channel, data: bytes) -> None:
        """Answer questions at once, queue what is to be printed as far as there is room."""
        if self.silent or not self._powered:
            return
        if channel not in self._lines:
            self._lines[channel] = (RealTime(), EscpReader())
        questions, reader = self._lines[channel]
        orders, rest = questions.feed(data)
        kept = rest[: max(0, self._limit - self.buffered)]
        self.lost += len(rest) - len(kept)
        for op in reader.feed(kept):
            self._queue.append(op)
            self._queued += size_of(op)
        for kind, number in orders:
            if kind == 0x05:
                self._discard()
            else:
                self._reply(channel, bytes([self.sensors.answer(number)]))
        self._tell_flow()
        self._moved.set()

    async def room(self) -> None:
        """On the network: wait until a read of any size fits."""
        while self._flow and self._limit - self.buffered < TCP_CHUNK:
            await asyncio.sleep(0.005)

    @property
    def buffered(self) -> int:
        """Bytes that wait, those of a command not yet whole included."""
        return self._queued + sum(reader.waiting for _, reader in self._lines.values())

    def ink_inside(self) -> bool:
        """Whether something has been struck on the sheet in the printer."""
        return self.sheet is not None and bool(self.sheet.ink.any())

    def _tell_flow(self) -> None:
        """XOFF in time, XON when there is room again; only the serial line has them."""
        free = self._limit - self.buffered
        if self._flow and not self._held and free < _NEARLY_FULL:
            self._held = True
            self.send(_XOFF)
        elif self._held and (free > _ROOMY or not self.buffered):
            self._held = False
            self.send(_XON)

    def _discard(self) -> None:
        """Forget what waits; what has been struck stays."""
        self._queue.clear()
        self._queued = 0
        self._lines.clear()
        self._head.initialise()
        self.sensors.waiting = False

    # -- printing -----------------------------------------------------------------------------------

    async def _print(self) -> None:
        while True:
            self.sensors.paper = self.sheet is not None
            # Settings are taken without paper, and what asks for ink waits for it.
            op = self._queue[0] if self._queue else None
            self.sensors.waiting = op is not None and self.sheet is None and op.name in _INKED
            if op is None or not self._powered or (self.sensors.stopped and not self._idle(op)):
                await self._stirred()
                continue
            self._queue.popleft()
            self._queued -= size_of(op)
            await self._obey(op)
            self._tell_flow()

    def _idle(self, op: Op) -> bool:
        """Whether ``op`` can be done with no sheet in the path."""
        only_paper = not (self.sensors.cover_open or self.sensors.paused or self.sensors.fault)
        return only_paper and op.name not in _INKED

    async def _obey(self, op: Op) -> None:
        if op.name == "FF":
            await self._eject()
            return
        for done in self._head.obey(op):
            if isinstance(done, Strike):
                await self._strike(done)
            else:
                await self.pace.sleep(abs(done) / INCH * 25.4 / _MM_PER_S)

    async def _strike(self, strike: Strike) -> None:
        generation = self._generation
        await self.pace.sleep(_PASS_S)
        while self.sensors.stopped or not self._powered:
            await self._stirred()
        if generation != self._generation or self.sheet is None:
            return
        self._passes += 1
        self.sheet.strike(strike, ORIGIN, self._wear, self._passes)
        if self._after is not None:
            left, what = self._after
            self._after = (left - 1, what) if left > 1 else None
            if left <= 1:
                what()
                self._changed()

    async def _eject(self) -> None:
        for done in self._head.obey(Op("CR")):
            if isinstance(done, Strike):
                await self._strike(done)
        self._head.new_page()
        sheet = self.sheet
        if sheet is None:
            return
        await self.pace.sleep(sheet.height / _MM_PER_S)
        await self._let_go(TRAY)
        if self._stack > 0:
            self._stack -= 1
            number = f"{int(sheet.number or 0) + 1:08d}" if sheet.number else ""
            self.sheet = Sheet(sheet.width, sheet.height, sheet.form, sheet.code, number)
        self._changed()

    def _let_go(self, place: str) -> Coroutine[object, object, None]:
        """The path is free at once; what comes back is to be awaited, until the sheet is in the store."""
        sheet, self.sheet = self.sheet, None
        if sheet is not None:
            self.last = sheet
            self.drawing += 1
        self._changed()
        return self._kept(sheet, place)

    async def _kept(self, sheet: Sheet | None, place: str) -> None:
        if sheet is None:
            return
        facts = {
            "form": sheet.form,
            "code": sheet.code,
            "number": sheet.number,
            "passes": sheet.struck,
            "unknownCommands": self._head.unknown,
            "unprintable": self._head.unprintable,
            "text": self._head.text,
        }
        self._head.unknown = self._head.unprintable = 0
        self._head.text = ""
        async with self._easel:  # sheets go into the store as they came out
            # Drawing takes longer than a host waits for an answer.
            picture = await asyncio.to_thread(sheet.picture, self._wear)
            self._store.add(self.name, "form", "form.png", picture, facts, place)
        self._store.count(self.name, forms=1, passes=sheet.struck, beside=sheet.beside)
        self.drawing -= 1

    def _changed(self) -> None:
        self.sensors.paper = self.sheet is not None
        self._moved.set()

    # -- hands --------------------------------------------------------------------------------------

    def clear_faults(self) -> None:
        """Staff: lid closed, jammed sheet out, on line again, a new ribbon."""
        super().clear_faults()
        if self.sensors.fault is not None:
            self.sensors.fault = None
            self._generation += 1
            self._discard()
            self.spawn(self._let_go(REMOVED))
        self._after = None
        self.sensors.cover_open = self.sensors.paused = False
        self._wear = 0.0
        self._changed()

    @action("insert", Insert)
    async def insert(self, what: Insert) -> Outcome:
        """Put a sheet in."""
        if self.sheet is not None:
            raise ActionRefusedError("a sheet is in the printer; take it out first (eject)")
        width, height = _SIZES.get(what.form, _PLAIN)
        self.sheet = Sheet(width, height, what.form, what.code, what.number, what.x, what.y, what.skew)
        self._head.new_page()
        if abs(what.skew) > _SENSED_SKEW:
            self.sensors.fault = "skew"
        self._changed()
        return {}

    @action("eject", NoParameters)
    async def eject(self, _: NoParameters) -> Outcome:
        """Pull the sheet out by hand, whatever is going on."""
        if self.sheet is None:
            raise ActionRefusedError("no sheet is in the printer")
        await self._let_go(REMOVED)
        if self.sensors.fault == "skew":
            self.sensors.fault = None
        self._changed()
        return {}

    @action("stack", Stack)
    async def stack(self, what: Stack) -> Outcome:
        """Load a stack of forms that follow by themselves."""
        self._stack = what.sheets
        return {}

    @action("jam", Jam)
    async def jam(self, how: Jam) -> Outcome:
        """Jam now or a little later."""

        def happens() -> None:
            self.sensors.fault = how.where

        self._later(how.after_passes, happens)
        return {}

    def _later(self, passes: int | None, what: Callable[[], None]) -> None:
        if passes:
            self._after = (passes, what)
            return
        what()
        self._changed()

    @action("ribbon", Ribbon)
    async def ribbon(self, how: Ribbon) -> Outcome:
        """Wear the ribbon down."""
        self._wear = how.wear
        return {}

    @action("online", OnLine)
    async def online(self, what: OnLine) -> Outcome:
        """Press the button: off line (``on`` false) or on line."""
        self.sensors.paused = not what.on
        self._changed()
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Switch it off or on."""

        def happens() -> None:
            self._powered = what.state == "on"
            self._generation += 1
            self._discard()
            self._held = False

        self._later(what.after_passes, happens)
        return {}


def size_of(op: Op) -> int:
    """Bytes that ``op`` takes in the buffer."""
    if op.name.startswith(("ESC (", "FS (")):
        return 5 + len(op.data)
    lead = 2 if op.name.startswith(("ESC ", "FS ")) else 0
    return lead + len(op.args) + len(op.data)
