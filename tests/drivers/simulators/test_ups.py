"""The simulated UPS, asked by NUT's own client program and by hand."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest

from drivers.simulators.base import Pace
from drivers.simulators.ups import UpsSimulator

UPSC = shutil.which("upsc")


@pytest.fixture
async def sim() -> AsyncIterator[UpsSimulator]:
    simulator = UpsSimulator(Pace(1))
    await simulator.start()
    yield simulator
    await simulator.stop()


async def ask(sim: UpsSimulator, *lines: str) -> list[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", sim.port)
    writer.write("".join(f"{line}\n" for line in lines).encode() + b"LOGOUT\n")
    told = (await reader.read()).decode().splitlines()
    writer.close()
    assert told[-1] == "OK Goodbye"
    return told[:-1]


async def test_it_answers_as_upsd_does(sim: UpsSimulator) -> None:
    assert await ask(sim, "NETVER") == ["1.3"]
    assert (await ask(sim, "LIST UPS"))[1] == 'UPS cabinet "simulated cabinet"'
    assert await ask(sim, "GET VAR cabinet ups.status") == ['VAR cabinet ups.status "OL"']
    assert await ask(sim, "GET VAR cabinet ups.colour") == ["ERR VAR-NOT-SUPPORTED"]
    assert await ask(sim, "LIST VAR attic") == ["ERR UNKNOWN-UPS"]
    assert await ask(sim, "DANCE") == ["ERR UNKNOWN-COMMAND"]
    listed = await ask(sim, 'LIST VAR "cabinet"')
    assert listed[0] == "BEGIN LIST VAR cabinet" and listed[-1] == "END LIST VAR cabinet"
    await sim.do("failing", {"how": "stale"})
    assert await ask(sim, "LIST VAR cabinet") == ["ERR DATA-STALE"]


async def test_mains_battery_and_flags_are_in_its_status(sim: UpsSimulator) -> None:
    await sim.do("mains", {"state": "off"})
    await sim.do("battery", {"percent": 10})
    await sim.do("flag", {"flag": "RB"})
    assert sim.state()["status"] == "OB DISCHRG LB RB"
    await sim.do("clear")
    assert sim.state()["status"] == "OL"


# `make test` as root installs nut-server, which brings it; without root the setup says that it is missing.
@pytest.mark.skipif(UPSC is None, reason="Debian's nut-client is not installed")
async def test_nuts_own_client_reads_it(sim: UpsSimulator) -> None:
    assert UPSC is not None
    program = await asyncio.create_subprocess_exec(
        UPSC,
        f"cabinet@127.0.0.1:{sim.port}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await program.communicate()
    found = dict(line.split(": ", 1) for line in told.decode().splitlines())
    assert found["ups.status"] == "OL" and found["device.mfr"] == 'Invented "Power"'
