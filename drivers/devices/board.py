"""The cabinet's input and output board on Modbus RTU: doors, sensors, lights, and a watchdog that cuts the power."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Mapping
from typing import Final, TypeVar

from config.clock import Clock, Deadline
from drivers.cabinet_ports import Light, StartupTime
from drivers.devices import board_picture as picture
from drivers.devices.board_picture import Inputs, Outputs, Span
from drivers.devices.board_profile import STARTUP_REGISTERS, BoardProfile, load_board
from drivers.devices.line_device import LineDevice
from drivers.devices.modbus_line import ModbusLine, Timings
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import DeadlinePassed, DeviceError, HardwareFault, UnsupportedData
from drivers.ports import DeviceState
from drivers.protocols.modbus_rtu import Function, Receiver, Request
from drivers.protocols.modbus_wire import ModbusWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

_T = TypeVar("_T")
_log = logging.getLogger("kiosk.devices.board")

DEFAULT_PROFILE: Final = "hall-16"


class ModbusBoard(LineDevice):
    """Implements ``CabinetBoard``.

    Every poll reads all inputs and reads the outputs back. An output that is not as it was wanted is set again: so
    they come back after an unplugged cable, and after the board alone has lost its power. The reply to a write is no
    proof, since a two-wire adapter echoes the request, which looks the same.
    """

    def __init__(
        self, channel: Channel, clock: Clock, profile: BoardProfile, timings: Timings | None = None
    ) -> None:
        self._profile = profile
        self._wiring = picture.wiring(profile)
        super().__init__("cabinetBoard", clock, channel)
        self._timings = timings or Timings()
        self._line = ModbusLine(channel, self._timings)
        self._inputs = Inputs(profile)
        self._wanted = Outputs()
        self._seen = Outputs()
        self._details: Mapping[str, object] = self._away()
        self._odd = False
        self._turn = asyncio.Lock()
        """A look is not laid across a write: it would show the output as it was."""
        points = [point.address for point in profile.points()]
        self._spans = {
            Function.READ_DISCRETE_INPUTS: _span(points),
            Function.READ_INPUT_REGISTERS: _span(profile.input_registers()),
            Function.READ_COILS: _span(profile.coils()),
            Function.READ_HOLDING_REGISTERS: _span(profile.registers()),
        }

    # -- CabinetBoard -------------------------------------------------------------------------------

    async def set_auxiliaries(self, values: Mapping[str, str | int], deadline: Deadline) -> None:
        """Set outputs by their status names; raise ``InvalidData`` (``invalidAuxiliary``) for one not wired."""
        await self._set(picture.auxiliary_outputs(self._profile, values), "hardwareError", deadline)

    async def set_lights(self, lights: Mapping[str, Light], deadline: Deadline) -> None:
        """Set lights; raise ``InvalidData`` (``invalidLight``) or ``HardwareFault`` (``lightError``)."""
        await self._set(picture.light_outputs(self._profile, lights), "lightError", deadline)

    async def feed(self, timeout_s: int, deadline: Deadline) -> None:
        """Write the seconds until the board cuts the power; 0 disarms it."""
        self._require()
        watchdog = self._profile.watchdog
        if watchdog is None:
            raise UnsupportedData("this board has no watchdog; leave it out of the settings")
        if not 0 <= timeout_s <= watchdog.longest_s:
            raise UnsupportedData(f"the board's watchdog takes up to {watchdog.longest_s} s, not {timeout_s}")
        await self._within(self._write(Outputs(registers={watchdog.register_: timeout_s})), deadline)

    async def set_startup(self, time: StartupTime | None, deadline: Deadline) -> None:
        """Set or clear the board's alarm clock; read back, since an alarm that is not there wakes nobody."""
        self._require()
        first, words = self._startup_register(), picture.startup_words(time)
        wanted = Outputs(registers=dict(enumerate(words, first)))
        await self._within(self._write_and_look(wanted, "hardwareError"), deadline)

    async def startup(self, deadline: Deadline) -> StartupTime | None:
        """The alarm that the board holds."""
        self._require()
        first = self._startup_register()
        await self._within(self._restore(), deadline)
        return picture.startup_of([self._seen.registers[first + n] for n in range(STARTUP_REGISTERS)])

    async def reset(self, deadline: Deadline) -> None:
        """Set every output as it was wanted, and look at everything."""
        self._require()
        await self._within(self._restore(), deadline)
        self._show("polled")

    # -- writing ------------------------------------------------------------------------------------

    def _startup_register(self) -> int:
        if self._profile.auto_startup is None:
            raise UnsupportedData("this board has no alarm clock")
        return self._profile.auto_startup.register_

    async def _set(self, wanted: Outputs, code: str, deadline: Deadline) -> None:
        self._require()
        await self._within(self._want(wanted, code), deadline)
        self._show("polled")

    async def _want(self, wanted: Outputs, code: str) -> None:
        """From now on kept as wanted; never between another's look and its write, which would set it as well."""
        async with self._turn:
            self._wanted.coils |= wanted.coils
            self._wanted.registers |= wanted.registers
            await self._write(wanted)
            await self._look()
        self._refuse_unless(wanted, code)

    async def _within(self, work: Awaitable[_T], deadline: Deadline) -> _T:
        try:
            async with asyncio.timeout(deadline.remaining):
                return await work
        except TimeoutError:
            raise DeadlinePassed("the board did not answer in time") from None

    async def _write_and_look(self, wanted: Outputs, code: str) -> None:
        async with self._turn:
            await self._write(wanted)
            await self._look()
        self._refuse_unless(wanted, code)

    def _refuse_unless(self, wanted: Outputs, code: str) -> None:
        if self._differs(wanted) is not None:
            raise HardwareFault(code, "the board did not switch an output; check it in the test page")

    def _differs(self, wanted: Outputs) -> Outputs | None:
        """What of ``wanted`` the board does not show."""
        coils = {a: v for a, v in wanted.coils.items() if self._seen.coils.get(a) != v}
        registers = {a: v for a, v in wanted.registers.items() if self._seen.registers.get(a) != v}
        return Outputs(coils, registers) if coils or registers else None

    async def _write(self, outputs: Outputs) -> None:
        for first, values in _runs(outputs.coils):
            single = Function.WRITE_COIL if len(values) == 1 else Function.WRITE_COILS
            await self._line.ask(Request.writing(self._profile.unit, single, first, values))
        for first, values in _runs(outputs.registers):
            single = Function.WRITE_REGISTER if len(values) == 1 else Function.WRITE_REGISTERS
            await self._line.ask(Request.writing(self._profile.unit, single, first, values))

    # -- reading ------------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Read everything and draw the picture."""
        found = {function: await self._read(function) for function in self._spans}
        inputs, measures = self._inputs.read(
            found[Function.READ_DISCRETE_INPUTS], found[Function.READ_INPUT_REGISTERS], self.clock.monotonic()
        )
        coils, registers = found[Function.READ_COILS], found[Function.READ_HOLDING_REGISTERS]
        self._seen = Outputs(
            dict(enumerate(coils.values, coils.first)), dict(enumerate(registers.values, registers.first))
        )
        self._details = {
            "auxiliaries": inputs | picture.seen_auxiliaries(self._profile, self._seen),
            "lights": picture.seen_lights(self._profile, self._seen),
            "cabinetBoard": measures,
            "wiring": self._wiring,
        }

    async def _read(self, function: Function) -> Span:
        span = self._spans[function]
        if span is None:
            return Span(0)
        first, count = span
        return Span(first, await self._line.ask(Request(self._profile.unit, function, first, count)))

    async def _restore(self) -> None:
        async with self._turn:
            await self._look()
            if (missing := self._differs(self._wanted)) is not None:
                await self._write(missing)
                await self._look()

    async def _greet(self) -> None:
        self._line.restart()
        self._inputs.forget()
        await self._restore()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._timings.poll)
            await self._restore()
            self._complain(self._differs(self._wanted) is not None)
            self._show("polled")

    def _complain(self, odd: bool) -> None:
        if odd and not self._odd:
            _log.error("%s: an output does not stay as it is set; check the board", self.label)
        self._odd = odd

    # -- LineDevice ---------------------------------------------------------------------------------

    def _received(self, data: bytes) -> None:
        self._line.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._line.broken(error)

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if self._connected:
            self._board.publish(DeviceState.ONLINE, self._details, source)

    def _away(self) -> Mapping[str, object]:
        return {"wiring": self._wiring}


def _span(addresses: list[int]) -> tuple[int, int] | None:
    """First address and count that cover all of ``addresses``."""
    return (min(addresses), max(addresses) - min(addresses) + 1) if addresses else None


def _runs(values: Mapping[int, int]) -> Iterator[tuple[int, list[int]]]:
    """Neighbouring addresses together, as one write each."""
    run: list[int] = []
    first = 0
    for address in sorted(values):
        if run and address != first + len(run):
            yield first, run
            run = []
        if not run:
            first = address
        run = [*run, values[address]]
    if run:
        yield first, run


def _who(answer: bytes) -> str | None:
    """Modbus has no name in every slave: that one answers, or refuses, is all that can be asked."""
    found = Receiver(_QUESTION).feed(answer)
    return None if found is None else f"Modbus slave {_QUESTION.unit}"


_QUESTION: Final = Request(1, Function.READ_DISCRETE_INPUTS, 0)
"""A read moves nothing; 1 is the address that boards come with."""
_PROBE: Final = Probe(_QUESTION.encode(), _who, (9600, 19200, 115200), rank=6)


@driver("board-modbus", Traits(_PROBE, ModbusWire))
def _create(options: Options, clock: Clock) -> ModbusBoard:
    parity = {"none": "N", "even": "E", "odd": "O"}[options.choice("parity", ("none", "even", "odd"), "none")]
    link = SerialLink(options.text("port"), options.integer("baud", 9600, 1200, 921600), parity=parity)
    timings = Timings(
        reply=options.integer("reply_ms", 400, 20, 5000) / 1000,
        poll=options.integer("poll_ms", 200, 50, 5000) / 1000,
    )
    return ModbusBoard(
        Channel(link, options.tap), clock, load_board(options.text("profile", DEFAULT_PROFILE)), timings
    )
