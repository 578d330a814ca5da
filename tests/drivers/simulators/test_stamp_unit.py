"""The simulated stamp unit on its line, spoken to frame by frame."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.stamp_unit import StampUnitSimulator
from tests.drivers.simulators.lines import Host

ACK = b"\x06"


def frame(seq: int, body: str) -> bytes:
    """Written anew from the protocol's text."""
    checked = bytes((seq,)) + f"{len(body):02X}{body}".encode() + b"\x03"
    crc = 0xFFFF
    for byte in checked:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return b"\x02" + checked + f"{crc:04X}".encode()


class Unit:
    def __init__(self, link: Path) -> None:
        self.host = Host(link, 19200)
        self.seq = 0x20

    async def ask(self, body: str, *, again: bool = False) -> str:
        self.seq += not again
        told = await self.host.ask(frame(self.seq, body), 1 + len(frame(self.seq, body)))
        assert told[:1] == ACK
        while told[-5:-4] != b"\x03":
            told += await self.host.read(1)
        await self.host.write(ACK)
        return told[5:-5].decode()


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[StampUnitSimulator]:
    simulator = StampUnitSimulator(tmp_path / "tty-stamp", Pace(50), tmp_path / "stamp.json")
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def unit(sim: StampUnitSimulator) -> AsyncIterator[Unit]:
    host = Unit(sim.port.link)
    yield host
    host.host.close()


async def test_a_sheet_goes_through(sim: StampUnitSimulator, unit: Unit) -> None:
    assert (await unit.ask("I")).startswith("I|YZ-1|")
    assert await unit.ask("S") == "S|idle|ok|sheets|empty|0|00000000"
    assert await unit.ask("K00000001") == "K00000001|none"
    assert await unit.ask("F") == "F|ok"
    assert await unit.ask("F") == "F|jam", "one lies there already"
    assert await unit.ask("K00000001") == "K00000001|ok"
    assert await unit.ask("K00000001") == "K00000001|done", "a new SEQ, the same job"
    assert await unit.ask("S") == "S|idle|ok|sheets|sheet|1|00000001"
    assert await unit.ask("E") == "E|ok"
    assert sim.state()["tray"] == [[1]]
    assert await sim.do("take") == {"sheets": 1}
    with pytest.raises(ActionRefusedError):
        await sim.do("take")


async def test_the_same_seq_is_carried_out_once(sim: StampUnitSimulator, unit: Unit) -> None:
    await unit.ask("F")
    assert await unit.ask("K00000009") == "K00000009|ok"
    assert await unit.ask("K00000009", again=True) == "K00000009|ok"
    assert sim.state()["counts"] == {"impressions": 1}


async def test_counts_outlive_the_process(sim: StampUnitSimulator, unit: Unit, tmp_path: Path) -> None:
    await unit.ask("F")
    await unit.ask("K00000003")
    again = StampUnitSimulator(tmp_path / "tty-again", Pace(50), tmp_path / "stamp.json")
    state = again.state()
    assert (state["lastJob"], state["bed"], state["counts"]) == (3, [3], {"impressions": 1})


async def test_lid_pad_and_an_empty_feeder(sim: StampUnitSimulator, unit: Unit) -> None:
    await sim.do("empty")
    assert await unit.ask("F") == "F|empty"
    await sim.do("insert", {"count": 1})
    await unit.ask("F")
    await sim.do("ink", {"level": "out"})
    assert await unit.ask("K00000001") == "K00000001|ink"
    await sim.do("cover", {"state": "open"})
    event = frame(0x1F, "E|cover|open")
    assert await unit.host.read(len(event)) == event
    assert await unit.ask("E") == "E|cover"
