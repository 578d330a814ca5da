"""The cabinet's board against the simulated one, over a pseudo terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from config.clock import Deadline, SystemClock
from drivers.cabinet_ports import Color, FlashRate, Light, StartupTime
from drivers.devices.board import ModbusBoard
from drivers.devices.board_picture import startup_of
from drivers.devices.board_profile import load_board
from drivers.devices.modbus_line import Timings
from drivers.devices.registry import create
from drivers.errors import DeviceNotReady, DriverConfigError, HardwareFault, InvalidData, UnsupportedData
from drivers.ports import DeviceState
from drivers.simulators.base import Pace
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.pty_port import PtyPort
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until

Soon = Callable[[], Deadline]
TIMINGS = Timings(reply=0.3, poll=0.02)


@pytest.fixture
async def sim(link: Path) -> AsyncIterator[IoBoardSimulator]:
    simulator = IoBoardSimulator(link, Pace(20))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def board(sim: IoBoardSimulator, link: Path) -> AsyncIterator[ModbusBoard]:
    device = ModbusBoard(Channel(SerialLink(str(link), 9600)), SystemClock(), load_board("hall-16"), TIMINGS)
    await device.open()
    yield device
    await device.close()


def told(board: ModbusBoard, name: str) -> Any:
    return board.snapshot.details.get("auxiliaries", {}).get(name)  # type: ignore[attr-defined]


def board_lights(board: ModbusBoard) -> Any:
    return board.snapshot.details["lights"]


async def becomes(board: ModbusBoard, name: str, value: object) -> None:
    await until(board, lambda _: told(board, name) == value)


async def test_everything_wired_is_known_as_soon_as_the_board_is(board: ModbusBoard) -> None:
    assert board.snapshot.device is DeviceState.ONLINE
    assert board.snapshot.details["auxiliaries"] == {
        "cabinetDoor": "locked",
        "cabinetFrontDoor": "closed",
        "tamperSensor": "off",
        "internalTamperSensor": "off",
        "seismicSensor": "off",
        "heatSensor": "off",
        "proximitySensor": "notPresent",
        "operatorCallButtonSensor": "off",
        "headsetMicrophoneSensor": "notPresent",
        "operatorSwitch": "run",
        "ambientLightSensor": "light",
        "audibleAlarm": "off",
        "consumerDisplayBacklight": "off",
        "signageDisplay": "off",
        "heating": "off",
        "volume": 1,
    }
    assert board.snapshot.details["cabinetBoard"] == {
        "temperatureC": 24.0,
        "humidityPercent": 45.0,
        "supplyVoltage": 12.0,
    }


@pytest.mark.parametrize(
    ("action", "parameters", "name", "value"),
    [
        ("door", {"state": "open"}, "cabinetDoor", "open"),
        ("door", {"state": "closed"}, "cabinetDoor", "closed"),
        ("door", {"which": "front", "state": "open"}, "cabinetFrontDoor", "open"),
        ("alarm", {"sensor": "tamper"}, "tamperSensor", "on"),
        ("alarm", {"sensor": "internalTamper"}, "internalTamperSensor", "on"),
        ("alarm", {"sensor": "seismic"}, "seismicSensor", "on"),
        ("alarm", {"sensor": "heat"}, "heatSensor", "on"),
        ("approach", {}, "proximitySensor", "present"),
        ("switch", {"to": "maintenance"}, "operatorSwitch", "maintenance"),
        ("switch", {"to": "supervisor"}, "operatorSwitch", "supervisor"),
        ("press", {"seconds": 20}, "operatorCallButtonSensor", "on"),
        ("headset", {}, "headsetMicrophoneSensor", "present"),
        ("climate", {"lux": 3}, "ambientLightSensor", "veryDark"),
        ("climate", {"lux": 9000}, "ambientLightSensor", "veryLight"),
    ],
)
async def test_what_a_hand_does_is_told(
    sim: IoBoardSimulator,
    board: ModbusBoard,
    action: str,
    parameters: dict[str, object],
    name: str,
    value: str,
) -> None:
    await sim.do(action, parameters)
    await becomes(board, name, value)


async def test_a_frost_below_zero_is_no_heat(sim: IoBoardSimulator, board: ModbusBoard) -> None:
    await sim.do("climate", {"temperature": -12.4, "humidity": 88.0, "voltage": 11.52})
    wanted = {"temperatureC": -12.0, "humidityPercent": 88.0, "supplyVoltage": 11.5}
    await until(board, lambda s: s.details["cabinetBoard"] == wanted)


async def test_a_contact_that_chatters_is_told_once_or_not_at_all(
    sim: IoBoardSimulator, board: ModbusBoard
) -> None:
    seen: list[object] = []
    board.on_status(lambda snapshot: seen.append(told(board, "cabinetDoor")))
    await sim.do("bounce", {"times": 30})
    await sim.do("approach", {})
    await becomes(board, "proximitySensor", "present")
    assert set(seen) == {"locked"}


async def test_lights_and_outputs_are_switched_and_read_back(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await board.set_lights(
        {
            "contactless": Light(FlashRate.MEDIUM, Color.BLUE),
            "cardReader": Light(FlashRate.QUICK),
            "statusGood": Light(FlashRate.CONTINUOUS),
        },
        soon(),
    )
    lights = sim.state()["lights"]
    assert lights["contactless"] == "medium blue" and lights["cardReader"] == "quick green"  # type: ignore[index]
    assert sim.state()["relays"]["statusGood"] is True  # type: ignore[index]
    shown = board.snapshot.details["lights"]
    assert shown["contactless"] == {"default": {"flashRate": "medium", "color": "blue"}}  # type: ignore[index]
    assert shown["statusGood"] == {"default": {"flashRate": "continuous"}}  # type: ignore[index]
    await board.set_auxiliaries({"audibleAlarm": "on", "heating": "on", "volume": 500}, soon())
    assert sim.state()["volume"] == 50 and told(board, "volume") == 500
    assert told(board, "audibleAlarm") == "on" and told(board, "signageDisplay") == "off"
    await board.set_lights({"contactless": Light()}, soon())
    assert sim.state()["lights"]["contactless"] == "off"  # type: ignore[index]


async def test_what_is_not_wired_is_refused_in_the_standards_words(board: ModbusBoard, soon: Soon) -> None:
    for lights in (
        {"pinPad": Light(FlashRate.SLOW)},
        {"statusGood": Light(FlashRate.SLOW)},
        {"receiptPrinter": Light(FlashRate.SLOW, Color.RED)},
    ):
        with pytest.raises(InvalidData) as refused:
            await board.set_lights(lights, soon())
        assert refused.value.code == "invalidLight"
    for values in ({"safeDoor": "bolt"}, {"heating": "warm"}, {"volume": 1001}):
        with pytest.raises(InvalidData) as refused:
            await board.set_auxiliaries(values, soon())  # type: ignore[arg-type]
        assert refused.value.code == "invalidAuxiliary"


async def test_a_lamp_that_does_not_follow_is_told(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await sim.do("stick", {"output": "scanner"})
    with pytest.raises(HardwareFault) as fault:
        await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
    assert fault.value.code == "lightError"
    await sim.do("clear")
    await until(board, lambda _: sim.state()["lights"]["scanner"] == "slow green")  # type: ignore[index]


async def test_an_echo_on_two_wires_is_not_taken_for_a_lamp_that_obeyed(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await sim.do("echo")
    await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
    assert sim.state()["lights"]["scanner"] == "slow green"  # type: ignore[index]
    await sim.do("stick", {"output": "scanner"})
    with pytest.raises(HardwareFault):
        await board.set_lights({"scanner": Light(FlashRate.QUICK)}, soon())


async def test_outputs_come_back_after_the_cable_and_after_the_boards_own_power(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await board.set_lights({"fasciaLight": Light(FlashRate.CONTINUOUS, Color.WHITE)}, soon())
    await board.set_auxiliaries({"consumerDisplayBacklight": "on"}, soon())
    for action in ("power", "unplug"):
        await sim.do(action, {"state": "off"} if action == "power" else {})
        await until(board, lambda s: s.device is not DeviceState.ONLINE)
        assert "auxiliaries" not in board.snapshot.details, "an old door is not a closed door"
        with pytest.raises(DeviceNotReady):
            await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
        await sim.do("power", {"state": "off"})  # it forgets
        await sim.do("power", {"state": "on"})
        await sim.do("replug")
        await until(board, lambda s: s.device is DeviceState.ONLINE)
        assert sim.state()["lights"]["fasciaLight"] == "continuous white"  # type: ignore[index]
        assert sim.state()["relays"]["screen"] is True  # type: ignore[index]


async def test_a_board_that_loses_its_power_between_two_polls_gets_its_outputs_again(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
    sim.tables.holding[:20] = [0] * 20
    await until(board, lambda _: sim.state()["lights"]["scanner"] == "slow green")  # type: ignore[index]


async def test_an_unfed_watchdog_cuts_the_power_and_a_fed_one_does_not(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon
) -> None:
    await board.feed(60, soon())  # 3 s here
    assert sim.state()["watchdog"] and not sim.state()["powerCut"]
    await board.feed(0, soon())
    assert sim.state()["watchdog"] == 0
    await board.feed(5, soon())  # 0.25 s here
    await until(board, lambda _: bool(sim.state()["powerCut"]))
    with pytest.raises(UnsupportedData):
        await board.feed(601, soon())


async def test_the_alarm_clock_holds_what_it_was_told(board: ModbusBoard, soon: Soon) -> None:
    assert await board.startup(soon()) is None
    for time in (
        StartupTime("daily", 7, 30),
        StartupTime("weekly", 8, 0, weekday=1),
        StartupTime("specific", 6, 45, 2026, 10, 12),
    ):
        await board.set_startup(time, soon())
        assert await board.startup(soon()) == time
    await board.set_startup(None, soon())
    assert await board.startup(soon()) is None


@pytest.mark.parametrize("code", [1, 2, 3, 4, 99])
async def test_a_refusal_names_what_was_asked_and_what_to_do(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon, code: int
) -> None:
    await sim.do("refuse", {"code": code})
    with pytest.raises((HardwareFault, DeviceNotReady), match=r"the board|not connected"):
        await asyncio.gather(*(board.reset(soon()) for _ in range(2)))
    await until(board, lambda s: s.device is DeviceState.ONLINE)


async def test_a_busy_board_is_asked_again(sim: IoBoardSimulator, board: ModbusBoard, soon: Soon) -> None:
    await sim.do("refuse", {"code": 6, "count": 2})
    await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())


@pytest.mark.parametrize("fault", ["drop", "delay", "split", "duplicate", "flip", "cut"])
async def test_spoilt_answers_are_asked_for_again(
    sim: IoBoardSimulator, board: ModbusBoard, soon: Soon, fault: str
) -> None:
    await sim.do("link", {"fault": fault, "seconds": 0.1})
    await board.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
    assert sim.state()["lights"]["scanner"] == "slow green"  # type: ignore[index]


def _toml(tmp_path: Path, text: str) -> str:
    path = tmp_path / "board.toml"
    path.write_text(f'name = "x"\n{text}', "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no input"),
        ("[sensors]\nsmell = {address=0}", "no sensor smell"),
        ('interlock = ["safeDoor"]\n[sensors]\nheatSensor = {address=0}', "safeDoor"),
        (
            "[sensors]\nheatSensor = {address=0}\n[outputs]\nheating={coil=1}\naudibleAlarm={coil=1}",
            "used twice",
        ),
        ("[sensors]\nheatSensor = {address=0}\n[lights]\nscanner={coil=1,register=2}", "either"),
        ("[sensors]\nheatSensor = {address=0}\n[lights]\nscanner={coil=1,colors=['red']}", "colors"),
        ("[sensors]\nheatSensor = {address=0}\n[lights]\na={register=0}\nb={register=200}", "within 125"),
        (
            "[sensors]\nheatSensor = {address=0}\n[measures]\nambient_light={register=0,levels=[4,3,2,1]}",
            "rise",
        ),
        ("[sensors]\nheatSensor = {address=0, actve='low'}", "actve"),
        ("[sensors]\nheatSensor = {address=0}\n[codes]\nrates={off=0}", "code of its own"),
        ("[sensors", "no TOML"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DriverConfigError, match=said):
        load_board(_toml(tmp_path, text))


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(DriverConfigError, match="hall-16"):
        create("board-modbus", {"port": "/dev/null", "profile": "palace"})


async def test_a_board_with_one_door_and_reversed_wires_needs_no_more(
    sim: IoBoardSimulator, link: Path, tmp_path: Path, soon: Soon
) -> None:
    profile = _toml(
        tmp_path,
        '[doors.safeDoor]\nopen = {address=1, active="low", debounce_ms=0}\n'
        "[lights]\nscanner = {coil = 0, active='low'}",
    )
    device = ModbusBoard(Channel(SerialLink(str(link))), SystemClock(), load_board(profile), TIMINGS)
    await device.open()
    try:
        assert device.snapshot.details["auxiliaries"] == {"safeDoor": "closed"}
        assert device.snapshot.details["lights"] == {"scanner": {"default": {"flashRate": "continuous"}}}
        await sim.do("door", {"state": "closed"})
        await becomes(device, "safeDoor", "open")
        await device.set_lights({"scanner": Light()}, soon())
        assert sim.tables.coils[0] == 1
        with pytest.raises(UnsupportedData):
            await device.feed(10, soon())
        with pytest.raises(UnsupportedData):
            await device.startup(soon())
    finally:
        await device.close()


@pytest.mark.parametrize(
    "words",
    [
        [4, 2026, 10, 12, 1, 7, 0],  # no such mode
        [2, 0, 0, 0, 0, 24, 0],
        [2, 0, 0, 0, 0, 7, 60],
        [3, 0, 0, 0, 0, 7, 0],  # weekly, without a day
        [3, 0, 0, 0, 8, 7, 0],
        [1, 2026, 13, 1, 0, 7, 0],
        [1, 2026, 2, 30, 0, 7, 0],
        [1, 0, 0, 0, 0, 7, 0],
    ],
)
def test_an_alarm_clock_that_holds_no_time_is_told(words: list[int]) -> None:
    with pytest.raises(HardwareFault, match="no time"):
        startup_of(words)


class _Wire:
    """Two pseudo terminals joined: a peer that opens a port by itself, and the driver."""

    def __init__(self, place: Path) -> None:
        self.far = PtyPort(place / "tty-far", lambda data: self.near.send(data))
        self.near = PtyPort(place / "tty-near", lambda data: self.far.send(data))

    def plug(self) -> None:
        self.far.plug()
        self.near.plug()

    def unplug(self) -> None:
        self.far.unplug()
        self.near.unplug()


async def test_a_slave_of_another_implementation_is_understood(tmp_path: Path, soon: Soon) -> None:
    profile = _toml(
        tmp_path,
        "[doors.cabinetDoor]\nopen = {address=0, debounce_ms=0}\nlocked = {address=1, debounce_ms=0}\n"
        "[measures]\ntemperature = {register=0, scale=0.1, signed=true}\n"
        "[outputs]\naudibleAlarm = {coil=0}\nvolume = {register=0, most=100}\n"
        "[lights]\nscanner = {register=1}\nstatusGood = {coil=1}\n",
    )
    wire = _Wire(tmp_path)
    wire.plug()
    bits, words = DataType.BITS, DataType.REGISTERS
    peer = SimDevice(
        id=1,
        simdata=(
            [SimData(0, values=[False, False], datatype=bits)],
            [SimData(0, values=[False, True], datatype=bits)],
            [SimData(0, values=[0, 0], datatype=words)],
            [SimData(0, values=[0x10000 - 70], datatype=words)],
        ),
    )
    server = ModbusSerialServer(peer, port=str(wire.far.link))
    await server.serve_forever(background=True)
    link = SerialLink(str(wire.near.link), 19200)
    device = ModbusBoard(Channel(link), SystemClock(), load_board(profile), Timings(reply=1.0, poll=0.05))
    try:
        await device.open()
        assert told(device, "cabinetDoor") == "locked"
        assert device.snapshot.details["cabinetBoard"] == {"temperatureC": -7.0}
        lights = {"scanner": Light(FlashRate.QUICK), "statusGood": Light(FlashRate.CONTINUOUS)}
        await device.set_lights(lights, soon())
        await device.set_auxiliaries({"audibleAlarm": "on", "volume": 400}, soon())
        assert (told(device, "audibleAlarm"), told(device, "volume")) == ("on", 400)
        shown = board_lights(device)
        assert shown["scanner"]["default"] == {"flashRate": "quick"}, "read back from the peer's own memory"
        assert shown["statusGood"]["default"] == {"flashRate": "continuous"}
    finally:
        await device.close()
        await server.shutdown()
        wire.unplug()
