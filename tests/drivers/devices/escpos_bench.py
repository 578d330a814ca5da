"""The receipt printer's driver at the simulated printer, on a pseudo terminal and over TCP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from config.clock import SystemClock
from drivers.devices.escpos import EscposPrinter
from drivers.devices.escpos_engine import Timings
from drivers.devices.escpos_job import Pacing
from drivers.devices.escpos_profile import load_profile
from drivers.ports import Snapshot
from drivers.simulators.base import Pace
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink

FAST = Timings(answer=0.3, late=0.2, poll=0.1, look=0.1, stall=4.0)
SLIP: list[dict[str, object]] = [
    {"type": "title", "text": "云川市税务局"},
    {"type": "row", "label": "企业", "value": "云川禾木文具有限公司"},
    {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
    {"type": "qr", "data": "https://ex.test/YC2610120042", "caption": "扫码查进度"},
    {"type": "text", "text": "王〇 䶮 𬭚 ￥，。"},
]


class Bench:
    """A printer simulator, its paper, and a driver on one of its two lines."""

    def __init__(self, directory: Path, speed: float) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = ReceiptPrinterSimulator(directory / "tty-receipt", self.store, Pace(speed))

    def dots(self) -> int:
        """How much paper hangs out."""
        hanging = self.sim.state()["hangingDots"]
        assert isinstance(hanging, int)
        return hanging

    async def halfway(self) -> None:
        """Wait until a part of the slip is on paper and more than the buffer holds is still to come."""
        while not self.dots() > 100:
            await asyncio.sleep(0.005)

    def slips(self) -> list[dict[str, Any]]:
        return list(json.loads((self.store.directory / "index.json").read_text())["items"])

    def picture(self, item: dict[str, Any]) -> np.ndarray:
        return np.asarray(Image.open(self.store.directory / item["file"]).convert("L")) == 0


def printer(link: SerialLink | TcpLink, timings: Timings = FAST, **pacing: Any) -> EscposPrinter:
    return EscposPrinter(
        Channel(link), SystemClock(), load_profile("TM-T20II"), Pacing(**pacing), timings=timings
    )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path, speed=20)
    await made.sim.start()
    yield made
    await made.sim.stop()


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[tuple[Bench, EscposPrinter]]:
    """A printer at the speed of a real one, on its serial line."""
    made = Bench(tmp_path / "slow", speed=1)
    await made.sim.start()
    driver = printer(SerialLink(str(made.sim.port.link)))
    await driver.open()
    yield made, driver
    await driver.close()
    await made.sim.stop()


@pytest.fixture(params=["serial", "tcp"])
async def device(bench: Bench, request: pytest.FixtureRequest) -> AsyncIterator[EscposPrinter]:
    if request.param == "serial":
        made = printer(SerialLink(str(bench.sim.port.link)))
    else:
        made = printer(TcpLink("127.0.0.1", bench.sim.tcp.port))
    await made.open()
    yield made
    await made.close()


@pytest.fixture(params=["serial", "tcp"])
async def unasked(bench: Bench, request: pytest.FixtureRequest) -> AsyncIterator[EscposPrinter]:
    """A driver that polls too seldom for any test: what it tells was pushed by the printer."""
    serial = SerialLink(str(bench.sim.port.link))
    link = serial if request.param == "serial" else TcpLink("127.0.0.1", bench.sim.tcp.port)
    made = printer(link, replace(FAST, poll=3600.0))
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def serial_device(bench: Bench) -> AsyncIterator[EscposPrinter]:
    made = printer(SerialLink(str(bench.sim.port.link)))
    await made.open()
    yield made
    await made.close()


def part(name: str, key: str) -> Callable[[Snapshot], object]:
    def get(snapshot: Snapshot) -> object:
        section = snapshot.details[name]
        assert isinstance(section, dict)
        return section[key]

    return get


paper = part("printer", "paper")
cover = part("paperJob", "cover")
