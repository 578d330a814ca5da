"""The simulated board, asked by another implementation of Modbus than ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pymodbus.client import AsyncModbusSerialClient

from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.modbus_slave import check
from tests.drivers.simulators.lines import Host


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[IoBoardSimulator]:
    simulator = IoBoardSimulator(tmp_path / "tty-board", Pace(50))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def master(sim: IoBoardSimulator) -> AsyncIterator[AsyncModbusSerialClient]:
    client = AsyncModbusSerialClient(str(sim.port.link), baudrate=9600, timeout=2, retries=1)
    assert await client.connect()
    yield client
    client.close()


async def test_another_master_reads_and_writes_all_four_tables(
    sim: IoBoardSimulator, master: AsyncModbusSerialClient
) -> None:
    await sim.do("door", {"state": "open"})
    inputs = await master.read_discrete_inputs(0, count=12, device_id=1)
    assert inputs.bits[:12] == [True, False, False, True, True] + [False] * 7
    await sim.do("climate", {"temperature": -5.0, "lux": 123})
    registers = await master.read_input_registers(0, count=2, device_id=1)
    assert registers.registers == [123, 0x10000 - 50]
    await master.write_coil(8, True, device_id=1)
    await master.write_coils(0, [True, False, True], device_id=1)
    coils = await master.read_coils(0, count=10, device_id=1)
    assert [n for n, on in enumerate(coils.bits[:10]) if on] == [0, 2, 8]
    await master.write_register(10, 0x22, device_id=1)
    await master.write_registers(11, [0x74, 3], device_id=1)
    holding = await master.read_holding_registers(10, count=3, device_id=1)
    assert holding.registers == [0x22, 0x74, 3]
    lights = sim.state()["lights"]
    assert isinstance(lights, dict)
    assert (lights["contactless"], lights["cardReader"], lights["receiptPrinter"]) == (
        "medium green",
        "continuous white",
        "quick",
    )


async def test_what_it_lacks_is_refused_with_the_standards_exceptions(
    sim: IoBoardSimulator, master: AsyncModbusSerialClient
) -> None:
    for answer, code in (
        (await master.read_coils(10, count=20, device_id=1), 2),
        (await master.write_register(99, 1, device_id=1), 2),
    ):
        assert answer.isError() and answer.exception_code == code
    await sim.do("refuse", {"code": 6})
    assert (await master.read_coils(0, count=1, device_id=1)).exception_code == 6


async def test_another_slaves_request_and_a_torn_one_are_not_answered(sim: IoBoardSimulator) -> None:
    host = Host(sim.port.link, 9600)
    try:
        other = bytes.fromhex("020200000001")
        assert await host.ask(other + check(other), 8, 0.2) == b""
        mine = bytes.fromhex("010200000001")
        whole = mine + check(mine)
        await host.write(whole[:5])
        async with asyncio.timeout(5):
            while not sim.state()["counts"]["torn"]:  # type: ignore[index]
                await asyncio.sleep(0.01)
        assert len(await host.ask(whole, 6)) == 6
        assert len(await host.ask(b"\x55\xaa" + whole, 6)) == 6
    finally:
        host.close()


async def test_an_unfed_watchdog_cuts_and_a_board_without_power_is_silent(
    sim: IoBoardSimulator, master: AsyncModbusSerialClient
) -> None:
    await master.write_register(20, 5, device_id=1)
    assert sim.state()["watchdog"] != 0
    async with asyncio.timeout(5):
        while not sim.state()["powerCut"]:
            await asyncio.sleep(0.01)
    await sim.do("restorePower")
    assert not sim.state()["powerCut"]
    await master.write_coil(0, True, device_id=1)
    master.close()
    await sim.do("power", {"state": "off"})
    host = Host(sim.port.link, 9600)
    ask = bytes.fromhex("010100000001")
    assert await host.ask(ask + check(ask), 6, 0.2) == b""
    await sim.do("power", {"state": "on"})
    assert (await host.ask(ask + check(ask), 6))[3:4] == b"\x00", "a coil does not outlive the power"
    host.close()


async def test_hands_are_checked(sim: IoBoardSimulator) -> None:
    with pytest.raises(ActionRefusedError):
        await sim.do("door", {"which": "front", "state": "locked"})
    with pytest.raises(ActionRefusedError):
        await sim.do("stick", {"output": "moon"})
    with pytest.raises(BadParameterError):
        await sim.do("switch", {"to": "party"})
    await sim.do("alarm", {"sensor": "heat"})
    await sim.do("clear")
    assert sim.state()["alarms"] == []
