"""The simulated invoice printer by itself: the wire, the sheet, the mechanics, what is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.matrix_sheet import PX_PER_MM
from drivers.simulators.printed import PrintedStore
from tests.drivers.simulators.lines import Host

DOT = b"\x1b*\x27\x01\x00\x80\x00\x00"
"""One dot of the top pin."""


def at(x: int, y: int, what: bytes) -> bytes:
    """``what`` at a place in 1/360 inch."""
    return b"\x1b(V\x02\x00" + y.to_bytes(2, "little") + b"\x1b$" + x.to_bytes(2, "little") + what


PAGE = b"\x1b@\x1b(U\x01\x00\x0a"


class Bench:
    def __init__(self, directory: Path, speed: float = 200, **options: Any) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = MatrixPrinterSimulator(directory / "tty", self.store, Pace(speed), **options)

    async def start(self) -> None:
        await self.sim.start()
        self.host = Host(self.sim.port.link)

    async def stop(self) -> None:
        self.host.close()
        await self.sim.stop()

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(8):
            while not condition():
                await asyncio.sleep(0.005)

    async def out(self, count: int = 1) -> list[dict[str, Any]]:
        await self.until(lambda: len(self.store.items()) >= count)
        return self.store.items()

    async def asked(self, question: int) -> int:
        await self.host.write(bytes((0x10, 4, question)))
        return (await self.host.read(1))[0]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def test_a_dot_lies_where_the_commands_put_it(bench: Bench) -> None:
    await bench.sim.do("insert", {"form": "plain"})
    await bench.host.write(PAGE + at(720, 360, DOT) + b"\r" + at(1440, 1080, DOT) + b"\r\x0c")
    await bench.out()
    assert bench.sim.last is not None
    rows, columns = np.nonzero(bench.sim.last.ink)
    for x, y in ((3.0 + 50.8, 4.2 + 25.4), (3.0 + 101.6, 4.2 + 76.2)):
        near = (abs(columns / PX_PER_MM - x) < 0.3) & (abs(rows / PX_PER_MM - y) < 0.3)
        assert columns[near].mean() / PX_PER_MM == pytest.approx(x, abs=0.05)
        assert rows[near].mean() / PX_PER_MM == pytest.approx(y, abs=0.05)
    assert len(rows) == 18, "two dots of three pixels square"


async def test_old_positioning_is_understood_too(bench: Bench) -> None:
    """Without ``ESC ( U``: 1/60 inch across, 1/180 inch down."""
    await bench.sim.do("insert", {"form": "plain"})
    await bench.host.write(b"\x1b@\x1bJ\xb4\x1b$\x3c\x00" + DOT + b"\r\x0c")
    await bench.out()
    assert bench.sim.last is not None
    rows, columns = np.nonzero(bench.sim.last.ink)
    assert columns.mean() / PX_PER_MM == pytest.approx(3.0 + 25.4, abs=0.1)
    assert rows.mean() / PX_PER_MM == pytest.approx(4.2 + 25.4, abs=0.1)


async def test_questions_are_answered_while_it_prints_and_while_it_cannot(bench: Bench) -> None:
    assert [await bench.asked(n) for n in (1, 2, 3, 4)] == [0x1A, 0x12, 0x12, 0x7E]
    await bench.sim.do("insert", {})
    assert [await bench.asked(n) for n in (1, 4)] == [0x12, 0x12]
    for action, parameters, question, bit in [
        ("cover", {"state": "open"}, 2, 0x04),
        ("jam", {}, 3, 0x04),
        ("jam", {"where": "broken"}, 3, 0x20),
        ("online", {"on": False}, 1, 0x08),
    ]:
        await bench.sim.do(action, parameters)
        assert await bench.asked(question) & bit
        assert await bench.asked(1) & 0x08
        await bench.sim.do("clear")
        if bench.sim.sheet is None:
            await bench.sim.do("insert", {})
    await bench.host.write(b"abc")
    await bench.sim.do("eject")
    await bench.host.write(b"\r")
    await bench.until(lambda: bench.sim.sensors.waiting)
    assert await bench.asked(2) & 0x20, "data waits and no paper is there"


async def test_a_full_buffer_says_stop_and_then_go_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path, buffer_bytes=1024)
    await bench.start()
    try:
        await bench.host.write(b"x" * 900)
        assert await bench.host.read(1) == b"\x13"
        assert bench.sim.lost == 0
        await bench.sim.do("insert", {})
        assert await bench.host.read(1) == b"\x11"
    finally:
        await bench.stop()


async def test_what_comes_when_the_buffer_is_full_is_lost_and_counted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, buffer_bytes=1024, flow=False)
    await bench.start()
    try:
        await bench.host.write(b"x" * 3000)
        await bench.until(lambda: bench.sim.lost == 3000 - 1024)
        assert bench.sim.state()["lost"] == 1976
        assert await bench.asked(1) == 0x1A, "questions need no room"
    finally:
        await bench.stop()


async def test_power_off_loses_buffer_and_settings_but_not_the_ink(bench: Bench) -> None:
    await bench.sim.do("insert", {"form": "plain"})
    await bench.host.write(PAGE + at(720, 360, DOT) + b"\r")
    await bench.until(bench.sim.ink_inside)
    await bench.sim.do("cover", {"state": "open"})
    await bench.host.write(at(720, 720, DOT) + b"\r\x0c")
    await bench.until(lambda: bench.sim.buffered > 0)
    await bench.sim.do("power", {"state": "off"})
    assert bench.sim.buffered == 0 and bench.sim.ink_inside()
    await bench.sim.do("power", {"state": "on"})
    await bench.sim.do("cover", {"state": "closed"})
    assert bench.sim.sheet is not None and bench.sim.sheet.struck == 1
    await bench.sim.do("eject")
    (item,) = await bench.out()
    assert item["place"] == "removed" and item["passes"] == 1


async def test_hands_are_refused_what_is_impossible(bench: Bench) -> None:
    for action in ("eject", "take"):
        with pytest.raises(ActionRefusedError):
            await bench.sim.do(action)
    await bench.sim.do("insert", {})
    with pytest.raises(ActionRefusedError):
        await bench.sim.do("insert", {})
    for parameters in ({"skew": 45}, {"number": "12"}, {"x": 99}):
        with pytest.raises(BadParameterError):
            await bench.sim.do("insert", parameters)


async def test_a_skewed_sheet_beyond_the_sensors_is_told(bench: Bench) -> None:
    await bench.sim.do("insert", {"skew": 4})
    assert await bench.asked(3) & 0x04
    await bench.sim.do("eject")
    assert await bench.asked(3) == 0x12


async def test_a_sheet_put_in_beside_its_place_is_printed_beside_it(bench: Bench) -> None:
    places = []
    for number, off in enumerate(({}, {"x": 5.0, "y": -2.0}), 1):
        await bench.sim.do("insert", {"form": "plain", **off})
        await bench.host.write(PAGE + at(720, 360, DOT) + b"\r\x0c")
        await bench.out(number)
        assert bench.sim.last is not None
        rows, columns = np.nonzero(bench.sim.last.ink)
        places.append((columns.mean() / PX_PER_MM, rows.mean() / PX_PER_MM))
    assert places[1][0] - places[0][0] == pytest.approx(-5, abs=0.1)
    assert places[1][1] - places[0][1] == pytest.approx(2, abs=0.1)
