"""The running device program over simulators whose ports are renumbered, recorded, and asked from the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.binding import bindings, machine
from drivers.binding.bindings import Binding
from drivers.cli import app
from drivers.client import DeviceHub, IdCardReaderClient
from drivers.identify import identify
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.xfs.auth import token_of
from tests.drivers.binding.sysfs import FakeMachine, Gadget
from tests.drivers.cards import RESIDENT
from tests.drivers.contract.subject import CLOCK

CONFIG = """
state_dir = "{state}"
port = {port}
[[services]]
role = "idReader"
driver = "sam-v"
options = {{ port = "kiosk/idReader" }}
[[services]]
role = "receiptPrinter"
driver = "escpos-serial"
options = {{ port = "kiosk/receiptPrinter" }}
"""


class Desk:
    """A cabinet with two devices at equal cables, the device program over it, and a technician."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pc = FakeMachine(folder / "root")
        self.reader = CardReaderSimulator(folder / "reader", Pace(50))
        self.printer = ReceiptPrinterSimulator(
            folder / "printer", PrintedStore(folder / "out", CLOCK), Pace(50)
        )
        self.config = folder / "devices.toml"

    async def start(self, free: int) -> None:
        self.config.write_text(CONFIG.format(state=self.folder / "state", port=free))
        for number, device in enumerate((self.reader, self.printer)):
            await device.start()
            self.pc.plug(f"1-1.{number + 1}", f"ttyUSB{number}", Gadget(), device.port.link)
        ports = machine.ports(below=self.pc.root)
        roles = zip(("idReader", "receiptPrinter"), ports, strict=True)
        bindings.write(self.folder / "bindings.toml", [Binding(role, port.identity) for role, port in roles])
        self.program = DeviceProgram(load_devices(self.config, {}))
        await self.program.start()
        settings = load_devices(self.config, {})
        uri = f"ws://127.0.0.1:{settings.port}/xfs4iot/v1.0"
        self.hub = DeviceHub(uri, token_of(settings.token_file, "operator"))
        await self.hub.start()

    async def stop(self) -> None:
        await self.hub.close()
        await self.program.stop()
        for device in (self.reader, self.printer):
            await device.stop()

    async def is_(self, role: str, *states: str) -> None:
        async with asyncio.timeout(20):
            while self.hub.status(role).device not in states:
                await asyncio.sleep(0.02)

    async def says(self, role: str, words: str) -> None:
        async with asyncio.timeout(60):
            while words not in str(
                (await self.hub.request(role, "Supervision.GetHealth", {}, 5)).get("cause")
            ):
                await asyncio.sleep(0.05)

    async def run(self, *words: str | Path) -> Result:
        given = [str(word) for word in words]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, [*given, "-c", str(self.config)]))


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    monkeypatch.setenv(machine.ROOT, str(desk.pc.root))
    await desk.start(unused_tcp_port)
    try:
        yield desk
    finally:
        await desk.stop()


@asynccontextmanager
async def laid(desk: Desk) -> AsyncIterator[None]:
    await desk.reader.do("present", {"card": RESIDENT})
    yield
    await desk.reader.do("remove")


async def read(desk: Desk) -> str:
    return (await IdCardReaderClient(desk.hub).read_card(15)).number


async def test_a_port_that_comes_back_under_another_name_is_followed(desk: Desk) -> None:
    await desk.is_("idReader", "online")
    async with laid(desk):
        assert await read(desk) == RESIDENT["number"]
    await desk.reader.do("unplug")
    await desk.printer.do("unplug")
    desk.pc.unplug("ttyUSB0")
    desk.pc.unplug("ttyUSB1")
    await desk.is_("idReader", "noDevice", "offline")
    await desk.is_("receiptPrinter", "noDevice", "offline")
    await desk.reader.do("replug")
    await desk.printer.do("replug")
    desk.pc.plug("1-1.2", "ttyUSB0", Gadget(), desk.printer.port.link)  # the kernel saw the printer first
    desk.pc.plug("1-1.1", "ttyUSB1", Gadget(), desk.reader.port.link)
    await desk.is_("idReader", "online")
    await desk.is_("receiptPrinter", "online")
    async with laid(desk):
        assert await read(desk) == RESIDENT["number"]


async def test_another_device_in_the_socket_is_refused_and_the_health_says_what_to_do(desk: Desk) -> None:
    await desk.is_("idReader", "online")
    await desk.reader.do("unplug")
    desk.pc.unplug("ttyUSB0")
    await desk.is_("idReader", "noDevice", "offline")
    await desk.reader.do("replug")
    desk.pc.plug("1-1.1", "ttyACM0", Gadget("0483", "5740", "", "STM", "Modem"), desk.reader.port.link)
    async with asyncio.timeout(20):
        while True:
            health = await desk.hub.request("idReader", "Supervision.GetHealth", {}, 5)
            if "STM Modem (0483:5740) is in socket 1-1.1" in str(health.get("cause")):
                break
            await asyncio.sleep(0.1)
    assert "kiosk devices bind" in str(health["cause"])


async def test_two_equal_cables_swapped_are_told_by_what_answers_at_them(desk: Desk) -> None:
    """Neither cable has a serial number, so only the answers tell: which is where, and what to do."""
    for role in ("idReader", "receiptPrinter"):
        await desk.is_(role, "online")
    for number, device in enumerate((desk.reader, desk.printer)):
        await device.do("unplug")
        desk.pc.unplug(f"ttyUSB{number}")
    for role in ("idReader", "receiptPrinter"):
        await desk.is_(role, "noDevice", "offline")
    for number, device in enumerate((desk.printer, desk.reader)):
        await device.do("replug")
        desk.pc.plug(f"1-1.{number + 1}", f"ttyUSB{number}", Gadget(), device.port.link)
    words = "the receiptPrinter (receipt printer TP-80K) is plugged in at socket 1-1.1, where the idReader belongs"
    for role in ("idReader", "receiptPrinter"):
        await desk.says(role, words)
        await desk.says(role, "plug each into its own socket, or run `kiosk devices bind`")
    for number, device in enumerate((desk.printer, desk.reader)):
        await device.do("unplug")
        desk.pc.unplug(f"ttyUSB{number}")
    for number, device in enumerate((desk.reader, desk.printer)):
        await device.do("replug")
        desk.pc.plug(f"1-1.{number + 1}", f"ttyUSB{number}", Gadget(), device.port.link)
    for role in ("idReader", "receiptPrinter"):
        await desk.is_(role, "online")


async def test_a_fault_in_the_field_becomes_a_file_that_plays(desk: Desk) -> None:
    await desk.is_("idReader", "online")
    out = desk.folder / "fault.jsonl"
    recording = asyncio.create_task(
        desk.run("record", "idReader", "--out", out, "--seconds", "6", "--note", "torn")
    )
    async with asyncio.timeout(20):
        while not out.exists() or '"in"' not in out.read_text("utf-8"):
            await asyncio.sleep(0.05)
    await desk.is_("idReader", "online")
    await desk.reader.do("corrupt", {"mode": "badCheck"})
    async with laid(desk):
        with pytest.raises(Exception, match="invalidMedia"):
            await read(desk)
    told = await recording
    assert told.exit_code == 0, told.stderr
    text = out.read_text("utf-8")
    assert json.loads(text.splitlines()[0])["note"] == "torn"
    assert RESIDENT["name"].encode("utf-16-le").hex() not in text
    assert str(desk.folder) not in text
    played = await asyncio.to_thread(lambda: CliRunner().invoke(app, ["replay", str(out)]))
    assert played.exit_code == 0, played.stdout
    assert "ok" in played.stdout and "torn" in played.stdout


async def test_list_names_class_role_state_age_and_what_is_due(desk: Desk) -> None:
    await desk.is_("idReader", "online")
    await desk.is_("receiptPrinter", "online")
    told = await desk.run("list", "--json")
    rows = {row["role"]: row for row in json.loads(told.stdout)["services"]}
    reader = rows["idReader"]
    assert (reader["class"], reader["status"], reader["driver"]) == ("CardReader", "online", "sam-v")
    assert reader["bound"] == "1a86:7523 at socket 1-1.1" and reader["age_s"] < 15
    assert rows["receiptPrinter"]["class"] == "Printer" and rows["receiptPrinter"]["due"] == ["cleaning"]
    text = (await desk.run("list")).stdout
    assert "due: cleaning" in text and "at socket 1-1.2" in text


async def test_care_is_counted_shown_and_done(desk: Desk) -> None:
    await desk.is_("receiptPrinter", "online")
    tried = await desk.run("test", "receiptPrinter", "--no-hand")
    assert tried.exit_code == 0, tried.stdout
    shown = await desk.run("care", "--json")
    assert shown.exit_code == 1  # never cleaned
    printer = json.loads(shown.stdout)["receiptPrinter"]
    assert printer["counters"]["sheets"] == 1 and printer["counters"]["cuts"] == 1
    assert printer["counters"]["mm"] > 20
    for role in ("receiptPrinter", "idReader"):
        done = await asyncio.to_thread(
            lambda role=role: CliRunner().invoke(
                app, ["care", "-c", str(desk.config), "done", role, "cleaning"]
            )
        )
        assert done.exit_code == 0, done.stderr
    shown = await desk.run("care")
    assert shown.exit_code == 0 and "thermal print head" in shown.stdout
    wrong = await asyncio.to_thread(
        lambda: CliRunner().invoke(app, ["care", "-c", str(desk.config), "done", "idReader", "ribbon"])
    )
    assert wrong.exit_code == 1 and "there is cleaning" in wrong.stderr


async def test_identify_prints_or_asks_for_the_cable(desk: Desk) -> None:
    await desk.is_("receiptPrinter", "online")
    shown = await desk.run("identify", "receiptPrinter")
    assert shown.exit_code == 0 and "it has printed" in shown.stdout
    await desk.is_("idReader", "online")
    told: list[str] = []
    asked = asyncio.create_task(identify(desk.hub, "idReader", told.append, 25))
    for words, act in (("pull the cable", "unplug"), ("that is the idReader", "replug")):
        async with asyncio.timeout(20):
            while not any(words in line for line in told):
                await asyncio.sleep(0.02)
        await desk.reader.do(act)
    assert await asked and told[-1] == "the idReader is back"
    assert not await identify(desk.hub, "idReader", told.append, 0.2)
    assert "its cable was not pulled" in told[-1]


async def test_identify_believes_no_paper_that_did_not_come(desk: Desk) -> None:
    await desk.is_("receiptPrinter", "online")
    await desk.printer.do("jam", {"afterMm": 5})
    jammed = await desk.run("identify", "receiptPrinter")
    assert jammed.exit_code == 1 and "it has printed" not in jammed.stdout
    assert "its paper is" in jammed.stdout


async def test_identify_finds_a_printer_with_its_cover_open_by_its_cable(desk: Desk) -> None:
    await desk.is_("receiptPrinter", "online")
    await desk.printer.do("cover", {"state": "open"})
    await desk.is_("receiptPrinter", "userError")
    told: list[str] = []
    asked = asyncio.create_task(identify(desk.hub, "receiptPrinter", told.append, 25))
    await until_said(told, "pull the cable")
    assert "power and cable" not in " ".join(told)
    await desk.printer.do("unplug")
    await until_said(told, "that is the receiptPrinter")
    await desk.printer.do("replug")
    assert await asked


async def test_identify_says_whose_cable_was_pulled_and_gives_time_to_put_it_back(desk: Desk) -> None:
    for role in ("idReader", "receiptPrinter"):
        await desk.is_(role, "online")
    told: list[str] = []
    asked = asyncio.create_task(identify(desk.hub, "receiptPrinter", told.append, 10, by_cable=True))
    await until_said(told, "pull the cable")
    await desk.reader.do("unplug")
    await until_said(told, "that is the idReader, not the receiptPrinter")
    await desk.reader.do("replug")
    await desk.printer.do("unplug")
    await until_said(told, "that is the receiptPrinter:")
    assert not await asked
    assert "was found, but is still" in told[-1]
    await desk.printer.do("replug")


async def until_said(told: list[str], words: str) -> None:
    async with asyncio.timeout(20):
        while not any(words in line for line in told):
            await asyncio.sleep(0.02)


async def test_soak_counts_what_failed(desk: Desk) -> None:
    await desk.is_("idReader", "online")
    good = await desk.run("soak", "idReader", "-n", "3", "--json")
    facts = json.loads(good.stdout)
    assert good.exit_code == 0 and facts["runs"] == 3
    sam = {check["name"]: check for check in facts["checks"]}["security module"]
    assert sam["ok"] == 3 and sam["longest_s"] >= sam["median_s"] >= 0
    await desk.is_("receiptPrinter", "online")
    await desk.printer.do("paper", {"level": "out"})
    bad = await desk.run("soak", "receiptPrinter", "-n", "2", "--paper")
    assert bad.exit_code == 1 and "2 × notPrinted: paperOut" in bad.stdout


async def test_list_works_without_a_running_program(desk: Desk, tmp_path: Path) -> None:
    idle = tmp_path / "idle.toml"
    idle.write_text(
        'port = 1\n[[services]]\nrole = "idReader"\ndriver = "sam-v"\noptions = { port = "/dev/ttyS0" }\n'
    )
    told = await asyncio.to_thread(lambda: CliRunner().invoke(app, ["list", "--json", "-c", str(idle)]))
    (row,) = json.loads(told.stdout)["services"]
    assert (row["status"], row["age_s"], row["class"]) == ("notRunning", None, "CardReader")


def test_a_camera_at_its_socket_is_seen_to_come_and_go_though_its_driver_runs_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    pc = FakeMachine(tmp_path / "root")
    monkeypatch.setenv(machine.ROOT, str(pc.root))
    camera = Gadget("046d", "0825", "C1")
    pc.plug("1-3", "video0", camera, Path("/dev/null"), kind="video4linux")
    (port,) = machine.ports(below=pc.root)
    bindings.write(tmp_path / "bindings.toml", [Binding("faceCamera", port.identity)])
    config = tmp_path / "devices.toml"
    config.write_text(
        f'state_dir = "{tmp_path / "state"}"\nport = {unused_tcp_port}\n[[services]]\nrole = "faceCamera"\n'
        'driver = "camera-opencv"\nisolation = "process"\noptions = { uri = "kiosk/faceCamera" }\n'
    )
    (service,) = DeviceProgram(load_devices(config, {}))._build().values()
    seat = service.supervisor.acquaintance
    assert seat is not None and seat.present()
    pc.unplug("video0", kind="video4linux")
    assert not seat.present()
    pc.plug("1-3", "video0", Gadget("046d", "0825", "C2"), Path("/dev/null"), kind="video4linux")
    assert seat.present(), "a spare"
