"""The cabinet's own devices: board, UPS, stamp unit, and the machine's watchdog."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.clock import Deadline
from drivers.cabinet_ports import (
    CabinetBoard,
    FlashRate,
    Light,
    PowerReading,
    StampCounts,
    StampUnit,
    StartupTime,
    Ups,
    Watchdog,
)
from drivers.devices.board import ModbusBoard
from drivers.devices.board_profile import load_board
from drivers.devices.dispenser_exchange import Timings as StampTimings
from drivers.devices.linux_watchdog import LinuxWatchdog
from drivers.devices.modbus_line import Timings as ModbusTimings
from drivers.devices.options import Value
from drivers.devices.stamp import SerialStampUnit
from drivers.devices.ups_nut import NutUps
from drivers.devices.ups_nut import Timings as NutTimings
from drivers.errors import DeadlinePassed, DeviceError, LinkLost
from drivers.ports import DeviceState
from drivers.simulators.base import Pace
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.stamp_unit import StampUnitSimulator
from drivers.simulators.ups import UpsSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from drivers.transports.watchdog_file import WatchdogFile
from tests.drivers.contract.faults import SPOILT
from tests.drivers.contract.serial_subject import SerialSubject
from tests.drivers.contract.subject import CLOCK, Command, Jams, Subject, none
from tests.drivers.contract.tap import Tap, TcpTap

_CLOCK_TIME = StartupTime("daily", 7, 30)


class Board(SerialSubject):
    """Modbus RTU: every request may be repeated, so every single spoilt answer is mended."""

    name = "board-modbus"
    port = CabinetBoard
    driver = ModbusBoard
    limit = 4.0
    steps = 2
    piece = 8
    heals = frozenset(SPOILT)

    async def start(self) -> None:
        self.sim = IoBoardSimulator(self.far, Pace(1))
        await self.wire(self.sim)
        link = SerialLink(self.near, 9600)
        timings = ModbusTimings(reply=0.2, poll=60)
        self.device = ModbusBoard(Channel(link), CLOCK, load_board("hall-16"), timings)

    def commands(self, device: ModbusBoard) -> Mapping[str, Command]:
        async def dark() -> None:
            await device.set_lights({"scanner": Light()}, _soon())

        async def quiet() -> None:
            await device.set_auxiliaries({"audibleAlarm": "off"}, _soon())

        async def set_clock() -> None:
            await device.set_startup(_CLOCK_TIME, _soon())

        lit = {"scanner": Light(FlashRate.SLOW)}
        return {
            "set_lights": Command(
                lambda d: device.set_lights(lit, d), lambda _: self._lamp() == "slow green", dark
            ),
            "set_auxiliaries": Command(
                lambda d: device.set_auxiliaries({"audibleAlarm": "on"}, d),
                lambda _: self.sim.tables.coils[0] == 1,
                quiet,
            ),
            "set_startup": Command(
                lambda d: device.set_startup(_CLOCK_TIME, d), lambda _: self.sim.tables.holding[24] == 2
            ),
            "startup": Command(device.startup, lambda told: told == _CLOCK_TIME, set_clock),
            "feed": Command(
                lambda d: device.feed(300, d), lambda _: self.sim.state()["watchdog"] in (299, 300)
            ),
            "reset": Command(device.reset, none),
        }

    def _lamp(self) -> str:
        lights = self.sim.state()["lights"]
        assert isinstance(lights, dict)
        return str(lights["scanner"])


class UpsBehindNut(Subject):
    """upsd's text protocol over TCP. It numbers nothing, so after any doubt the connection is made anew."""

    name = "ups-nut"
    port = Ups
    driver = NutUps
    limit = 1.5
    steps = 2
    piece = 32
    exempt = frozenset({"flipped"})  # TCP has a check sum

    async def start(self) -> None:
        self.sim = UpsSimulator(Pace(1))
        await self.sim.start()
        self.tap: TcpTap = TcpTap(self.sim.port)
        await self.tap.start()
        timings = NutTimings(reply=0.6, poll=60)
        self.device = NutUps(Channel(TcpLink("127.0.0.1", self.tap.port)), CLOCK, "cabinet", timings=timings)

    async def stop(self) -> None:
        await self.tap.stop()
        await self.sim.stop()

    def options(self) -> Mapping[str, Value]:
        return {"port": self.tap.port, "ups": "cabinet"}

    def commands(self, device: NutUps) -> Mapping[str, Command]:
        return {"read": Command(device.read, _on_line), "reset": Command(device.reset, none)}

    def honest(self, told: object, moved: int) -> None:
        if isinstance(told, PowerReading):
            assert not told.on_battery


def _on_line(told: Any) -> bool:
    return not told.on_battery and told.charge_percent == 100 and told.input_voltage == 221.4


class Stamps(Jams, SerialSubject):
    """Stamp unit: an impression is made once, or not at all."""

    name = "stamp-serial"
    port = StampUnit
    driver = SerialStampUnit
    limit = 4.0
    steps = 2
    jams = True
    piece = 16
    heals = frozenset(SPOILT)

    async def start(self) -> None:
        file = self.directory / "stamp.json"
        self.sim = StampUnitSimulator(self.far, Pace(50), file)
        await self.wire(self.sim)
        await self.sim.do("insert", {"count": 50})
        timings = StampTimings(ack=0.12, gap=0.05, reply=0.3, motion=0.3, poll=60)
        self.device = SerialStampUnit(Channel(SerialLink(self.near, 19200)), CLOCK, timings)
        self._job = 0

    def commands(self, device: SerialStampUnit) -> Mapping[str, Command]:
        async def sheets() -> None:
            await self.sim.do("insert", {"count": 2})

        async def stamp(deadline: Deadline) -> StampCounts:
            self._job = int(str(self.sim.state()["lastJob"])) + 1
            return await device.stamp(self._job, deadline)

        def counted(told: Any) -> bool:
            return bool(
                told.impressions == self._impressions() and told.last_job == self.sim.state()["lastJob"]
            )

        return {
            "counts": Command(device.counts, counted),
            "stamp": Command(stamp, counted, sheets, sheets=1),
            "reset": Command(device.reset, none),
        }

    def _impressions(self) -> int:
        counts = self.sim.state()["counts"]
        assert isinstance(counts, dict)
        return int(counts["impressions"])

    def moved(self, command: str) -> int:
        return self._impressions()

    async def jam(self) -> None:
        for step in ("feed", "stamp", "eject"):  # whichever is under way
            await self.sim.do("jamAt", {"step": step})

    async def clear(self) -> None:
        await self.sim.do("clear")

    async def drawn(self) -> None:
        async with asyncio.timeout(8):
            while self.sim.state()["state"] == "busy":
                await asyncio.sleep(0.01)

    async def still(self) -> None:
        device = self.device
        assert isinstance(device, SerialStampUnit)
        async with asyncio.timeout(8):
            while device._motions or self.sim.state()["state"] == "busy":
                await asyncio.sleep(0.01)

    def honest(self, told: object, moved: int) -> None:
        assert moved <= 1, f"{moved} impressions were made by one command"
        tray, bed = self.sim.state()["tray"], self.sim.state()["bed"]
        assert isinstance(tray, list)
        stamped = [sheet for sheet in (*tray, bed) if sheet]
        assert all(len(sheet) == 1 for sheet in stamped), "a sheet was stamped twice"
        if isinstance(told, StampCounts):
            assert (told.impressions, told.last_job) == (self._impressions(), self.sim.state()["lastJob"])
        open_end = isinstance(told, (LinkLost, DeadlinePassed))
        if isinstance(told, DeviceError) and not open_end:
            assert not moved, f"{told!r} says that no impression was made"


class FifoTap(Tap):
    """Stands in the kernel's place: what is written to the watchdog arrives here, and nothing ever answers."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.food = b""
        self._file = -1

    async def start(self) -> None:
        os.mkfifo(self.path)
        self._file = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._file, self._readable)

    async def stop(self) -> None:
        self._cut()

    def _cut(self) -> None:
        if self._file >= 0:
            asyncio.get_running_loop().remove_reader(self._file)
            os.close(self._file)
            self.path.unlink()
            self._file = -1

    async def _mend(self) -> None:
        await self.start()

    def _readable(self) -> None:
        data = os.read(self._file, 4096)
        if data:
            self.ask(data, self._eat)
        else:  # the writer has closed; a reader that stays would be woken without end
            asyncio.get_running_loop().remove_reader(self._file)
            os.close(self._file)
            self._file = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
            asyncio.get_running_loop().add_reader(self._file, self._readable)

    def _eat(self, data: bytes) -> None:
        self.food += data


class KernelWatchdog(Subject):
    """``/dev/watchdog`` as a named pipe: fed by bytes, disarmed by a V."""

    name = "watchdog-linux"
    port = Watchdog
    driver = LinuxWatchdog
    limit = 1.0
    steps = 1
    answers = False

    async def start(self) -> None:
        self.tap: FifoTap = FifoTap(self.directory / "watchdog")
        await self.tap.start()
        self.device = LinuxWatchdog(WatchdogFile(str(self.tap.path)), CLOCK, check_s=0.02)

    async def stop(self) -> None:
        await self.tap.stop()

    def options(self) -> Mapping[str, Value]:
        return {"path": str(self.tap.path)}

    def commands(self, device: LinuxWatchdog) -> Mapping[str, Command]:
        async def still_there() -> None:
            assert device.snapshot.device is DeviceState.ONLINE

        return {
            "feed": Command(lambda d: device.feed(60, d), none, still_there),
            "reset": Command(device.reset, none),
        }


def _soon() -> Deadline:
    return Deadline.after(5)
