"""A recording made as a technician makes one: through the running program, at a device that has a past; then played."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_devices
from drivers import bench
from drivers.app import DeviceProgram
from drivers.cabinet_ports import FlashRate, Light
from drivers.cli_record import _new, _write
from drivers.protocols.modbus_rtu import Function
from drivers.recording import lines
from drivers.recording.replay import replay
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.printed import PrintedStore
from tests.drivers.contract.subject import CLOCK
from tests.drivers.recording.making_cabinet import board
from tests.drivers.recording.recorded import soon

SECONDS = 6.0
Beforehand = Callable[[Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """A device, how the program is told of it, what happens to it before and while it is recorded."""

    role: str
    driver: str
    simulator: Callable[[Path], Any]
    options: Callable[[Any], str]
    before: Beforehand
    during: Beforehand


async def nothing(hub: Any, simulator: Any) -> None:
    """It has no past, or needs no hand."""


async def a_page(hub: Any, simulator: Any) -> None:
    """One of the same kind was printed before: its name is as long as the next one's."""
    await bench.ready(hub, "documentPrinter")
    for check in await bench.try_out(hub, "documentPrinter", paper=True, hand=False):
        assert check.ok, check


async def a_code(hub: Any, simulator: Any) -> None:
    """Held before the scanner again and again."""
    while True:
        await asyncio.sleep(0.4)
        with contextlib.suppress(ActionRefusedError):
            await simulator.do("scan", {"text": "https://example.org/i/1"})


CASES = [
    Case(
        "documentPrinter", "ipp",
        lambda place: DocumentPrinterSimulator(PrintedStore(place / "printed", CLOCK), Pace(20), CLOCK),
        lambda made: f'uri = "{made.uri}"', a_page, nothing,
    ),
    Case(
        "barcodeReader", "barcode-serial", lambda place: BarcodeScannerSimulator(place / "tty", Pace(20)),
        lambda made: f'port = "{made.port.link}"', nothing, a_code,
    ),
    Case(
        "auxiliaries", "board-modbus", lambda place: IoBoardSimulator(place / "tty", Pace(1)),
        lambda made: f'port = "{made.port.link}", poll_ms = 50', nothing, nothing,
    ),
]  # fmt: skip


@asynccontextmanager
async def program(case: Case, place: Path, port: int) -> AsyncIterator[tuple[Any, Any]]:
    """The device program with the one simulated device, and the bench's hub."""
    simulator = case.simulator(place)
    await simulator.start()
    config = place / "devices.toml"
    config.write_text(
        f'state_dir = "{place / "state"}"\nport = {port}\n[[services]]\nrole = "{case.role}"\n'
        f'driver = "{case.driver}"\noptions = {{ {case.options(simulator)} }}\n'
    )
    settings = load_devices(config, {})
    devices = DeviceProgram(settings)
    await devices.start()
    try:
        async with bench.bench(settings) as hub:
            yield hub, simulator
    finally:
        await devices.stop()
        await simulator.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.driver)
async def test_what_the_program_records_is_played(case: Case, tmp_path: Path, unused_tcp_port: int) -> None:
    out = tmp_path / "recorded.jsonl"
    async with program(case, tmp_path, unused_tcp_port) as (hub, simulator):
        await case.before(hub, simulator)
        settings = next(iter(load_devices(tmp_path / "devices.toml", {}).services))
        head = lines.head_of(case.driver, case.role, settings.options, CLOCK.now(), "")
        with _new(out, head) as file:
            hand = asyncio.create_task(case.during(hub, simulator))
            await _write(hub, case.role, file, SECONDS, True)
            hand.cancel()
    verdict = await replay(lines.read(out))
    assert verdict.expected, "nothing was called"
    assert all("result" in outcome for outcome in verdict.expected), verdict.expected
    assert verdict.same, (verdict.expected, verdict.outcomes, verdict.deviations)


async def test_a_light_that_is_set_while_the_board_is_looked_at_is_set_once(tmp_path: Path) -> None:
    """Twice, and what was recorded of it could not be played: no driver would send the same again."""
    async with board(tmp_path, "") as (it, _):
        looking = asyncio.create_task(it.real.reset(soon()))
        await asyncio.sleep(0)
        await it.real.set_lights({"scanner": Light(FlashRate.SLOW)}, soon())
        await looking
        sent = [line.data for line in it.lines if line.kind == "out"]
    writes = [data for data in sent if Function(data[1]).name.startswith("WRITE")]
    assert len(writes) == 1
