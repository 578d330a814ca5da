"""The simulated pad and its hand, driven by a host written from the protocol's text."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.simulators import handwriting
from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.signature_pad import HEIGHT, WIDTH, SignaturePadSimulator
from tests.drivers.simulators.test_invoice_dispenser import UnitHost

DOCUMENT = hashlib.sha256(b"x").hexdigest().upper()


@pytest.fixture
async def pad(tmp_path: Path) -> AsyncIterator[SignaturePadSimulator]:
    simulator = SignaturePadSimulator(tmp_path / "tty-signature", Pace(500))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def host(pad: SignaturePadSimulator) -> AsyncIterator[UnitHost]:
    unit_host = UnitHost(pad.port.link)
    yield unit_host
    unit_host.line.close()


async def test_a_signature_comes_in_blocks_and_is_sealed_to_its_document(
    pad: SignaturePadSimulator, host: UnitHost
) -> None:
    assert await host.ask("I") == f"I|YC-SP5|SP5-0004217|1.10|{WIDTH}|{HEIGHT}|1023|200"
    with pytest.raises(ActionRefusedError, match="no frame"):
        await pad.do("sign")
    assert await host.ask(f"B|{DOCUMENT}") == "B|ok"
    told = await pad.do("sign", {"seed": 4})
    end = await host.ask("E")
    assert end is not None
    blocks = [event.split("|") for event in host.events if event.startswith("P|")]
    ink = bytes.fromhex("".join(block[2] for block in blocks))
    seal = hashlib.sha256(bytes.fromhex(DOCUMENT) + ink).hexdigest().upper()
    assert end == f"E|ok|{len(blocks)}|{told['samples']}|{seal}"
    assert len(ink) == 8 * int(str(told["samples"]))
    assert host.events[-1] == "K|1|ok"
    assert await host.ask("S") == "S|ended|1|ok"
    assert await host.ask("R|1") == f"R|1|{blocks[1][2]}"
    assert await host.ask("Q") == "Q|ok"
    assert await host.ask("E") == "E|none"
    assert pad.state()["samples"] == 0


async def test_power_and_clear_take_the_ink_away(pad: SignaturePadSimulator, host: UnitHost) -> None:
    await host.ask(f"B|{DOCUMENT}")
    await pad.do("sign", {"then": "clear"})
    assert await host.ask("X") == "X|ok"
    await pad.do("sign", {"then": "nothing"})
    await pad.do("power", {"state": "off"})
    assert await host.ask("S", 0.2) is None
    await pad.do("power", {"state": "on"})
    assert await host.ask("S") == "S|idle|0|none"
    assert await host.ask("X") == "X|none"


def test_a_hand_is_the_same_for_the_same_seed_and_stays_in_the_frame() -> None:
    for seed in range(40):
        ink = handwriting.sign(seed, WIDTH, HEIGHT)
        assert ink == handwriting.sign(seed, WIDTH, HEIGHT)
        assert all(0 <= m.x <= WIDTH and 0 <= m.y <= HEIGHT and 0 <= m.pressure <= 1 for m in ink)
        assert ink[-1].pressure == 0
        assert ink != handwriting.sign(seed + 1, WIDTH, HEIGHT)
        assert any(m.x > WIDTH for m in handwriting.beyond(seed, WIDTH, HEIGHT))
