"""The dot-matrix invoice printer: one driver for ESC/P on a serial line and on the network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.escp_job import FormJob
from drivers.devices.escp_line import PacedLine, Speed
from drivers.devices.escp_profile import EscpProfile, profile_from
from drivers.devices.escpos_engine import MISSES, StatusEngine, Timings, code_of
from drivers.devices.escpos_profile import RECOVER
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, UserFault
from drivers.form_layout import MM_PER_DOT, Placed, lay_out, width_mm
from drivers.form_passes import Pass, opening, passes
from drivers.forms import Form, FormError
from drivers.invoice_port import FormPrint
from drivers.ports import DeviceState, PrintOutcome, PrintResult
from drivers.protocols import escp
from drivers.protocols.escp_terms import details, device_state, fault
from drivers.protocols.escp_wire import EscpByLine, EscpWire, Page
from drivers.protocols.escpos_status import PrinterFacts, Query
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink

_RAW = 512
_VOID = "作　废"
_VOID_LINES = 5
_VOID_STEP_MM = 8.0
"""From line to line where the place of the form is not known; the last is then some 36 mm below the first."""


class EscpPrinter(LineDevice):
    """Implements ``InvoicePrinter``. Jobs and polls share one lock.

    Args:
        channel: the line.
        clock: business time, for the time of a status.
        profile: model, terminal and paper.
        link: the serial port, for its speed and its DSR line; None on a network.
        timings: seconds, changed in tests only.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        profile: EscpProfile,
        link: SerialLink | None = None,
        timings: Timings | None = None,
    ) -> None:
        self._profile = profile
        self._asks = profile.reports == "dle-eot"
        super().__init__("invoicePrinter", clock, channel)
        self._port = link
        self._timings = timings or Timings()
        self._engine = StatusEngine(channel, self._timings, self._pushed, link.baud if link else None)
        speed = Speed(link.baud if link else None, profile.buffer_bytes, profile.line_s)
        self._line = PacedLine(self._engine, speed, self._asks, profile.stop_bit, self._dsr, self._timings)
        self._lock = asyncio.Lock()
        self._at_top = False
        """Whether a form in the printer certainly lies at its beginning: seen to come in, and not struck since."""

    # -- the port -----------------------------------------------------------------------------------

    async def forms(self) -> Mapping[str, bool]:
        """Names of the forms, and whether they are numbered."""
        return {name: form.numbered for name, form in self._profile.forms.items()}

    async def check_form(self, what: FormPrint) -> None:
        """Raise ``FormError`` for what could not be printed on this terminal."""
        await asyncio.to_thread(self._passes, self._form(what.form), what)

    async def print_form(self, what: FormPrint, deadline: Deadline) -> PrintResult:
        """Fill in the form that lies in the printer and let it out.

        Raise ``FormError`` and ``DeviceNotReady`` before anything is sent; later all is told by the outcome.
        """
        form = self._form(what.form)
        lines = await asyncio.to_thread(self._passes, form, what)
        self._require()
        return await self._printed(opening(escp.units(form.height)), lines, escp.FORM_FEED, deadline)

    async def void_current(self, form: str, deadline: Deadline) -> PrintResult:
        """Strike 作废 across the form in the printer and let it out; raise ``UserFault`` when none lies there.

        On one that a job left half way it begins where the head is: a page always begins there (ESC ( C).
        """
        found, origin = self._form(form), self._profile.origin_on(form)
        lines = list(passes(self._void(found, origin), origin, self._profile.coverage))
        self._require()
        told = await self._printed(
            opening(escp.units(found.height)), lines, escp.FORM_FEED, deadline, PrintOutcome.VOIDED
        )
        if told.outcome is PrintOutcome.NOT_PRINTED and told.error_code in ("noMediaPresent", "paperOut"):
            raise UserFault(
                "no form lies in the printer; put the spoilt one in, or void it by hand", told.error_code
            )
        return told

    async def print_raw(self, data: bytes, deadline: Deadline) -> PrintResult:
        """Send ``data`` as it is and wait until the printer must have done it, or until the form is out.

        Out it must come where the one form feed in ``data`` is its last byte: of any other nobody can say whether it
        is one or a dot pattern.
        """
        self._require()
        body, ending, more = data.partition(escp.FORM_FEED)
        if more:
            body, ending = data, b""
        pieces = [Pass(body[i : i + _RAW], 0) for i in range(0, len(body), _RAW)]
        return await self._printed(b"", pieces, ending, deadline)

    async def print_page(self, page: Page, deadline: Deadline) -> PrintResult:
        """Print a job that is given as it went over a line: a recording is played so."""
        self._require()
        lines, at = [], 0
        for data in page.passes:
            below = int.from_bytes(data[5:7], "little")
            lines.append(Pass(data, max(0, below - at)))
            at = below
        return await self._printed(page.opening, lines, page.ending, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Bring the printer back to its settings; raise ``UserFault`` or ``HardwareFault`` when it is not well."""
        self._require()
        async with self._lock:
            self._line.begin()
            await self._line.throw(
                (RECOVER if self._asks else b"") + escp.CANCEL_LINE + escp.INITIALISE, deadline
            )
            facts = await self._line.looked(deadline)
            self._show("polled")
        if self._asks and not facts.complete:
            raise DeviceNotReady("the invoice printer does not say how it is; switch it off and on")
        code = fault(facts)
        if code in ("coverOpen", "deviceOffline"):
            raise UserFault("the invoice printer needs a hand: close the cover, press on line", code)
        if code is not None:
            raise HardwareFault(code)

    # -- printing -----------------------------------------------------------------------------------

    async def _printed(
        self,
        start: bytes,
        lines: list[Pass],
        ending: bytes,
        deadline: Deadline,
        good: PrintOutcome = PrintOutcome.PRINTED,
    ) -> PrintResult:
        async with self._lock:
            try:
                facts = await self._line.looked(deadline)
                if facts.complete and self._blocked(facts) is not None:
                    # Seen while a form of a stack came in, it may have been none.
                    facts = await self._line.looked(deadline)
            except DeviceError as error:  # only questions have been sent: the form is as it was
                return PrintResult(PrintOutcome.NOT_PRINTED, code_of(error), 0, {"passesBegun": 0})
            self._show("polled")
            blocked = self._blocked(facts)
            if blocked is not None:
                return PrintResult(PrintOutcome.NOT_PRINTED, blocked, 0, {"passesBegun": 0})
            job = FormJob(self._line, self._asks, self._profile.single, self._profile.line_s, self._timings)
            self._board.publish(DeviceState.DEVICE_BUSY, self._details(self._engine.facts), "inferred")
            was_at_top, self._at_top = self._at_top, False
            try:
                told = await job.run(start, lines, ending, deadline, good)
                self._at_top = told.outcome is good or (
                    was_at_top and told.outcome is PrintOutcome.NOT_PRINTED
                )
                return told
            finally:
                self._show("polled")

    def _blocked(self, facts: PrinterFacts) -> str | None:
        if (code := fault(facts)) is not None:
            return code
        if not self._asks:
            return None
        if not facts.complete:
            return "deviceOffline"
        if facts.paper_end:
            return "noMediaPresent" if self._profile.single else "paperOut"
        return None

    def _form(self, name: str) -> Form:
        form = self._profile.forms.get(name)
        if form is None:
            known = ", ".join(self._profile.forms)
            raise FormError(f"there is no form '{name}'; there are {known}", "formNotFound")
        return form

    def _passes(self, form: Form, what: FormPrint) -> list[Pass]:
        """The passes; raise ``FormError`` for what the head cannot reach, the terminal's offset included."""
        origin = self._profile.origin_on(form.name)
        lines = lay_out(form, what.fields)
        for line in lines:
            left, top = line.x - origin[0], line.y - origin[1]
            right, bottom = line.x + width_mm(line.text, line.size), line.y + line.size * MM_PER_DOT
            if (
                left < 0
                or top < 0
                or right - origin[0] > self._profile.reach
                or bottom - origin[1] > form.height
            ):
                raise FormError(
                    f"form {form.name} has a text at {line.x:.1f}, {line.y:.1f} mm that the head cannot reach; "
                    "check the offsets and left_mm, top_mm",
                    "mediaOverflow",
                )
        return list(passes(lines, origin, self._profile.coverage))

    def _void(self, form: Form, origin: tuple[float, float]) -> list[Placed]:
        """作废 all over the form, or close together from where the head is, so that nobody overlooks it."""
        word = "  ".join([_VOID] * max(1, int(form.width / 3 / width_mm(_VOID + "  ", 24))))
        left = (form.width - width_mm(word, 24)) / 2
        step = form.height / (_VOID_LINES + 2) if self._at_top else _VOID_STEP_MM
        first = 1.5 * step if self._at_top else origin[1]
        return [Placed(left, first + step * row, word) for row in range(_VOID_LINES)]

    # -- life cycle ---------------------------------------------------------------------------------

    async def _greet(self) -> None:
        self._engine.restart()
        self._line.flow.held = False
        if not self._asks:
            await self._line.ask(Deadline.after(2))
            return
        limit = Deadline.after(10 + 2 * self._timings.late)
        if await self._engine.query(Query.PRINTER, limit) is None:
            # Our program may have died inside a bit image: white columns fill it up and strike nothing.
            await self._engine.send(bytes(escp.MOST_COLUMNS * 3), limit)
            if await self._engine.query(Query.PRINTER, limit) is None:
                raise DeviceNotReady("the invoice printer is silent; check that it is switched on")
        await self._engine.refresh(limit)

    async def _poll(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._timings.poll)
            async with self._lock:
                facts = await self._line.ask(Deadline.after(10 + 2 * self._timings.late))
                misses = misses + 1 if self._asks and facts.offline is None else 0
                if misses >= MISSES:
                    raise DeviceNotReady("the invoice printer is silent; check that it is switched on")
                if not misses:
                    self._show("polled")

    async def _dsr(self) -> bool | None:
        if self._port is None or self._profile.reports != "dsr":
            return None
        return await self.channel.call(self._port.dsr)

    def _received(self, data: bytes) -> None:
        self._engine.received(self._line.flow.feed(data))

    def _broken(self, error: DeviceError) -> None:
        self._engine.broken(error)

    def _pushed(self) -> None:
        self._show("pushed")

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if self._connected and self.channel.is_open:
            facts = self._engine.facts
            self._at_top = self._at_top or bool(facts.paper_end)
            mute = not self._asks and facts.offline is None
            self._board.publish(device_state(facts, mute=mute), self._details(facts), source)

    def _details(self, facts: PrinterFacts) -> Mapping[str, object]:
        return details(facts, single=self._profile.single)

    def _away(self) -> Mapping[str, object]:
        return self._details(PrinterFacts())


def _wire(options: Mapping[str, Any]) -> EscpWire:
    return EscpByLine() if options.get("status", "dle-eot") == "dsr" else EscpWire()


_TRAITS: Final = Traits(wire_for=_wire)
"""No probe: what answers DLE EOT may as well be a receipt printer, and ESC/P has no question for the model."""


@driver("escp-serial", _TRAITS)
def _serial(options: Options, clock: Clock) -> EscpPrinter:
    baud = options.integer("baud", 9600, 1200, 115200)
    link = SerialLink(options.text("port"), baud, write_timeout_s=2 + 8192 * 10 / baud)
    return EscpPrinter(Channel(link, options.tap), clock, profile_from(options), link)


@driver("escp-tcp", _TRAITS)
def _tcp(options: Options, clock: Clock) -> EscpPrinter:
    link = TcpLink(options.text("host"), options.integer("port", 9100, 1, 65535))
    return EscpPrinter(Channel(link, options.tap), clock, profile_from(options))
