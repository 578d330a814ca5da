"""The simulated PIN pad: its vault against key blocks and PIN blocks made by another hand, its keys and locks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.pin_pad import MASTER, PinPadSimulator, master_key
from drivers.simulators.pin_pad_vault import CAPACITY, RefusedError, Vault, unwrap
from tests.drivers.hsm import ACCOUNT, KEYS, check_value, opened, wrap
from tests.drivers.simulators.test_invoice_dispenser import UnitHost

STYLE = {"A": "4", "4": "4", "T": "0"}


def vault(protection: bytes = bytes(range(32))) -> Vault:
    made = Vault()
    made.inject(MASTER, protection)
    return made


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("algorithm", KEYS)
def test_key_blocks_of_another_hand_are_opened(algorithm: str, bits: int) -> None:
    protection, value = bytes(range(bits // 8)), KEYS[algorithm]
    key = unwrap(protection, wrap(protection, algorithm, value))
    assert (key.usage, key.algorithm, key.mode, key.value) == ("P0", algorithm, "E", value)
    assert key.check == check_value(algorithm, value)
    assert value.hex() not in repr(key).lower()


@pytest.mark.parametrize("algorithm", KEYS)
@given(
    pin=st.from_regex("[0-9]{4,12}", fullmatch=True), account=st.from_regex("[0-9]{13,19}", fullmatch=True)
)
def test_pin_blocks_are_opened_by_another_hand(algorithm: str, pin: str, account: str) -> None:
    held = vault()
    held.load("PIN1", MASTER, wrap(bytes(range(32)), algorithm, KEYS[algorithm]))
    block = held.pin_block("PIN1", STYLE[algorithm], account, pin)
    assert opened(algorithm, KEYS[algorithm], block, account) == pin


def test_a_changed_or_foreign_key_block_is_refused() -> None:
    block = wrap(bytes(range(32)), "A", KEYS["A"])
    for place in range(16, len(block)):
        changed = block[:place] + ("0" if block[place] != "0" else "1") + block[place + 1 :]
        with pytest.raises(RefusedError, match="signatureInvalid"):
            vault().load("PIN1", MASTER, changed)
    with pytest.raises(RefusedError, match="signatureInvalid"):
        vault(bytes(32)).load("PIN1", MASTER, block)
    with pytest.raises(RefusedError, match="signatureInvalid"):
        vault().load("PIN1", MASTER, block[:8] + "B" + block[9:])  # the header is protected too


def test_keys_are_used_for_what_they_are_for() -> None:
    held, protection = vault(), bytes(range(32))
    held.load("PIN1", MASTER, wrap(protection, "A", KEYS["A"]))
    for name, protector, block, why in (
        ("PIN2", "none", wrap(protection, "A", KEYS["A"]), "keyNotFound"),
        ("PIN2", "PIN1", wrap(KEYS["A"], "A", KEYS["A"]), "useViolation"),
        ("PIN1", MASTER, wrap(protection, "A", KEYS["A"]), "duplicateKey"),
        ("PIN2", MASTER, wrap(protection, "A", KEYS["A"], "D0", "B"), "useViolation"),
        ("PIN2", MASTER, wrap(protection, "A", KEYS["A"], "P0", "D"), "useViolation"),
    ):
        with pytest.raises(RefusedError, match=why):
            held.load(name, protector, block)
    with pytest.raises(RefusedError, match="useViolation"):
        held.pin_block(MASTER, "4", ACCOUNT, "1234")
    with pytest.raises(RefusedError, match="formatNotSupported"):
        held.pin_block("PIN1", "0", ACCOUNT, "1234")
    with pytest.raises(RefusedError, match="invalidData"):
        held.pin_block("PIN1", "4", "622588", "1234")
    for number in range(CAPACITY - 2):
        held.load(f"K{number}", MASTER, wrap(protection, "A", KEYS["A"]))
    with pytest.raises(RefusedError, match="noKeyRam"):
        held.load("more", MASTER, wrap(protection, "A", KEYS["A"]))


@pytest.fixture
async def pad(tmp_path: Path) -> AsyncIterator[PinPadSimulator]:
    simulator = PinPadSimulator(tmp_path / "tty-pinpad", Pace(500))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def host(pad: PinPadSimulator) -> AsyncIterator[UnitHost]:
    unit_host = UnitHost(pad.port.link)
    yield unit_host
    unit_host.line.close()


async def test_a_pin_is_never_told_and_goes_once(pad: PinPadSimulator, host: UnitHost) -> None:
    block = wrap(master_key(), "A", KEYS["A"])
    check = check_value("A", KEYS["A"]).hex().upper()
    assert await host.ask(f"K|PIN1|{MASTER}|{block}") == f"K|ok|{check}|128"
    assert await host.ask(f"P|PIN1|4|{ACCOUNT}") == "P|noPin"
    assert await host.ask("M|pin|4|6|0|0123456789eckb") == "M|ok"
    await pad.do("type", {"digits": "12", "then": "enter"})  # too few: enter does nothing
    await pad.do("type", {"digits": "3", "then": "back"})
    await pad.do("type", {"digits": "3456789"})
    assert await host.ask("S") == "S|idle|ok|ready|9"
    assert host.events == [
        "E|1|*|1", "E|2|*|2", "E|3|*|3", "E|4|back|2", "E|5|*|3", "E|6|*|4", "E|7|*|5", "E|8|*|6", "E|9|enter|6",
    ]  # fmt: skip
    assert pad.state()["pin"]
    told = await host.ask(f"P|PIN1|4|{ACCOUNT}")
    assert told is not None
    assert opened("A", KEYS["A"], bytes.fromhex(told.split("|")[2])) == "123456"
    assert await host.ask(f"P|PIN1|4|{ACCOUNT}") == "P|noPin"


async def test_data_are_told_and_lost_keys_asked_for(pad: PinPadSimulator, host: UnitHost) -> None:
    with pytest.raises(ActionRefusedError, match="do nothing"):
        await pad.do("type", {"digits": "1"})
    assert await host.ask("M|data|0|4|1|0123456789ec") == "M|ok"
    await pad.do("loseNotices", {"count": 2})
    await pad.do("type", {"digits": "0815", "then": "nothing"})
    assert await host.ask("R|1") == "R|1|0|1"
    assert await host.ask("R|6") == "R|6|none"
    assert host.events == ["E|3|1|3", "E|4|5|4", "E|5|auto|4"]
    assert await host.ask("R|5") == "R|5|auto|4"


async def test_tampering_destroys_all_keys_and_locks(pad: PinPadSimulator, host: UnitHost) -> None:
    await host.ask("M|pin|4|6|0|0123456789ec")
    await pad.do("type", {"digits": "1234"})
    await pad.do("tamper")
    assert await host.ask("S") == "S|idle|tampered|none|0"
    assert host.events[-1] == "T|tampered"
    assert (pad.state()["pin"], pad.state()["keys"]) == (False, [])
    for order in ("M|pin|4|6|0|0123456789e", "M|data|0|6|0|0123456789e", f"P|PIN1|4|{ACCOUNT}", "D|PIN1"):
        assert await host.ask(order) == f"{order[0]}|accessDenied"
    with pytest.raises(ActionRefusedError, match="service"):
        await pad.do("inject")
    await pad.do("service")
    assert await host.ask("M|pin|4|6|0|0123456789e") == "M|accessDenied"
    await pad.do("inject")
    assert await host.ask("M|pin|4|6|0|0123456789e") == "M|ok"


async def test_a_pin_that_nobody_uses_is_wiped(tmp_path: Path) -> None:
    simulator = PinPadSimulator(tmp_path / "tty-pinpad", Pace(float("inf")), kept_s=0.0)
    await simulator.start()
    host = UnitHost(simulator.port.link)
    await host.ask("M|pin|4|6|1|0123456789e")
    await simulator.do("type", {"digits": "123456", "then": "nothing"})
    async with asyncio.timeout(5):
        while simulator.state()["pin"]:
            await asyncio.sleep(0.005)
    assert await host.ask(f"P|{MASTER}|4|{ACCOUNT}") == "P|noPin"
    host.line.close()
    await simulator.stop()
