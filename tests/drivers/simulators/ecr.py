"""The host at the line of the simulated POS, written from docs/pos-ecr.md."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import reduce
from pathlib import Path

import pytest

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from tests.drivers.simulators.lines import Host

ECHO, LOGIN, SALE, VOID, REFUND, QUERY, SETTLE, TOTALS, CANCEL = (f"0{n}" for n in range(9))


CODE, STATE, RESULT, STAGE, CARD, BATCH = "10", "12", "13", "20", "15", "19"


Values = dict[str, str]


PATIENT = Pace(8)
"""Slow enough for a hand of the test to come in between."""


def frame(data: bytes) -> bytes:
    checked = bytes.fromhex(f"{len(data):04d}") + data + b"\x03"
    return b"\x02" + checked + bytes([reduce(lambda a, b: a ^ b, checked)])


def question(kind: str, seq: int, values: Values) -> bytes:
    fields = "".join(f"{tag}{len(value):03d}{value}" for tag, value in values.items())
    return frame(f"Q{kind}{seq:03d}{fields}".encode("ascii"))


def fields(data: bytes) -> Values:
    found, place = {}, 6
    while place < len(data):
        size = int(data[place + 2 : place + 5])
        found[data[place : place + 2].decode()] = data[place + 5 : place + 5 + size].decode("gb18030")
        place += 5 + size
    assert place == len(data)
    return found


class Ecr:
    """Asks, acknowledges, and keeps what it hears."""

    def __init__(self, link: Path) -> None:
        self.line = Host(link)
        self.seq = 0
        self.signals: list[int] = []
        self.stages: list[str] = []
        self.frames = 0
        self.acknowledge = True

    async def heard(self, within: float = 3.0) -> bytes | None:
        """The next frame."""
        until = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < until:
            first = await self.line.read(1, 0.02)
            if first == b"\x02":
                head = await self.line.read(2)
                rest = await self.line.read(int(head.hex()) + 2)
                assert rest[-2:-1] == b"\x03"
                assert rest[-1] == reduce(lambda a, b: a ^ b, head + rest[:-1])
                self.frames += 1
                if self.acknowledge:
                    await self.line.write(b"\x06")
                return rest[:-2]
            self.signals += first
        return None

    async def reply(self, seq: int, within: float = 3.0) -> Values | None:
        while (data := await self.heard(within)) is not None:
            if data[:1] == b"N":
                self.stages.append(fields(data)[STAGE])
            elif int(data[3:6]) == seq:
                return fields(data)
        return None

    async def send(self, kind: str, values: Values | None = None) -> int:
        self.seq += 1
        await self.line.write(question(kind, self.seq, values or {}))
        return self.seq

    async def ask(self, kind: str, values: Values | None = None, within: float = 3.0) -> Values:
        told = await self.reply(await self.send(kind, values), within)
        assert told is not None, "no reply"
        return told

    async def pay(self, reference: str, fen: int = 4200, channel: str = "0") -> Values:
        return await self.ask(SALE, {"01": reference, "03": f"{fen:012d}", "04": channel})

    async def record(self, reference: str) -> Values:
        return await self.ask(QUERY, {"01": reference})


def pos_in(place: Path, speed: float = 200) -> PaymentTerminalSimulator:
    return PaymentTerminalSimulator(place / "tty", Pace(speed), place, SystemClock(), ack_s=0.3)


@pytest.fixture
async def pos(tmp_path: Path) -> AsyncIterator[PaymentTerminalSimulator]:
    sim = pos_in(tmp_path)
    await sim.start()
    yield sim
    await sim.stop()


@pytest.fixture
async def ecr(pos: PaymentTerminalSimulator) -> AsyncIterator[Ecr]:
    host = Ecr(pos.port.link)
    assert (await host.ask(LOGIN))[CODE] == "00"
    yield host
    host.line.close()


async def auto(pos: PaymentTerminalSimulator, **how: object) -> None:
    await pos.do("auto", how)


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)
