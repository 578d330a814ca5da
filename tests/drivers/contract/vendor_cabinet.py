"""Cabinet and PIN pad behind another vendor's XFS4IoT services."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from config.clock import Deadline
from drivers.cabinet_ports import CabinetBoard, FlashRate, Light, PowerReading, StartupTime, Ups
from drivers.devices.options import Value
from drivers.devices.xfs4iot import XfsDevice
from drivers.devices.xfs4iot_auxiliaries import XfsAuxiliaries
from drivers.devices.xfs4iot_pin_pad import XfsPinPad
from drivers.devices.xfs4iot_ups import XfsUps
from drivers.errors import UnsupportedData, UnsupportedOperation
from drivers.ports_input import Entry, KeyPress, PinFormat, PinPad
from tests.drivers.contract.subject import CLOCK, Command, none
from tests.drivers.contract.vendors import _FAST, _Vendors
from tests.drivers.hsm import ACCOUNT, opened
from tests.drivers.xfs.vendor_pad import KEYS

_TIME = StartupTime("weekly", 7, 30, weekday=1)
_SECRET = Entry(True, 4, 6, False)


def _soon() -> Deadline:
    return Deadline.after(5)


def refused(call: Callable[[Deadline], Awaitable[object]], error: type[Exception]) -> Command:
    """A command of the port that the standard's class has not: always refused, at once, and with nothing sent."""

    async def tried(deadline: Deadline) -> object:
        try:
            return await call(deadline)
        except error as told:
            return type(told)

    return Command(tried, lambda told: told is error)


class VendorBoard(_Vendors):
    name = "xfs4iot-auxiliaries"
    service = "Board"
    port = CabinetBoard
    driver = XfsAuxiliaries
    piece = 256
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        return XfsAuxiliaries(CLOCK, self.uri, timings=_FAST)

    def commands(self, device: XfsAuxiliaries) -> Mapping[str, Command]:
        cabinet = self.vendor.cabinet

        async def dark() -> None:
            await device.set_lights({"scanner": Light()}, _soon())

        async def quiet() -> None:
            await device.set_auxiliaries({"audibleAlarm": "off"}, _soon())

        async def set_clock() -> None:
            await device.set_startup(_TIME, _soon())

        def lit(_: object) -> bool:
            lights: Any = cabinet.board.other_status["lights"]
            return bool(lights["scanner"] == {"default": {"flashRate": "slow"}})

        slow = {"scanner": Light(FlashRate.SLOW)}
        return {
            "set_lights": Command(lambda d: device.set_lights(slow, d), lit, dark),
            "set_auxiliaries": Command(
                lambda d: device.set_auxiliaries({"audibleAlarm": "on"}, d),
                lambda _: cabinet.board.status["audibleAlarm"] == "on",
                quiet,
            ),
            "set_startup": Command(
                lambda d: device.set_startup(_TIME, d),
                lambda _: cabinet.startup["startTime"]["dayOfWeek"] == "Monday",
            ),
            "startup": Command(device.startup, lambda told: told == _TIME, set_clock),
            "feed": refused(lambda d: device.feed(300, d), UnsupportedData),
            "reset": Command(device.reset, none),
        }


class VendorUps(_Vendors):
    name = "xfs4iot-ups"
    service = "Ups"
    port = Ups
    driver = XfsUps
    piece = 256
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        return XfsUps(CLOCK, self.uri, timings=_FAST)

    def commands(self, device: XfsUps) -> Mapping[str, Command]:
        def on_mains(told: PowerReading) -> bool:
            return not told.on_battery and told.charging is False and told.charge_percent is None

        return {"read": Command(device.read, on_mains), "reset": Command(device.reset, none)}

    def honest(self, said: object, moved: int) -> None:
        if isinstance(said, PowerReading):
            assert not said.on_battery


class VendorPads(_Vendors):
    name = "xfs4iot-pin-pad"
    service = "Pad"
    port = PinPad
    driver = XfsPinPad
    piece = 256
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        return XfsPinPad(CLOCK, self.uri, pin_key="BANK02", timings=_FAST)

    def options(self) -> Mapping[str, Value]:
        return {"uri": self.uri, "pin_key": "BANK02"}

    def commands(self, device: XfsPinPad) -> Mapping[str, Command]:
        pad = self.vendor.pad

        async def idle() -> None:
            await device.reset(_soon())

        async def begun() -> None:
            await device.begin(_SECRET, _soon())

        async def typed() -> None:
            await begun()
            pad.type("1234", "enter")
            async with asyncio.timeout(5):
                while not (await device.press(_soon())).ends:
                    pass

        async def press() -> None:
            pad.type("7")

        return {
            "begin": Command(lambda d: device.begin(_SECRET, d), none, idle),
            "press": Command(device.press, lambda told: told == KeyPress("*", 1), begun, press),
            "stop": Command(device.stop, none, typed),
            "pin_block": Command(
                lambda d: device.pin_block("BANK02", PinFormat.ISO4, ACCOUNT, d),
                lambda told: opened("A", KEYS["BANK02"][2], told) == "1234",
                typed,
            ),
            "load_key": refused(lambda d: device.load_key("K", "M", "D0", d), UnsupportedOperation),
            "delete_key": refused(lambda d: device.delete_key("BANK02", d), UnsupportedOperation),
            "keys": Command(device.keys, lambda told: [key.name for key in told] == list(KEYS)),
            "reset": Command(device.reset, none, typed),
        }

    async def still(self) -> None:
        """An entry waits for a person as long as it must; nothing is counted there."""
