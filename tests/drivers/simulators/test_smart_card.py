"""The simulated chip by itself, in the words of the standard; and the card in a reader that is not ours."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from config.settings import load_devices
from drivers.simulators.base import Pace
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.chip import PIN, Chip
from drivers.simulators.chip_keys import certificate, ec_key, rsa_key
from drivers.simulators.errors import ActionRefusedError, BackendUnavailableError, BadParameterError
from drivers.simulators.pcscd import PrivatePcscd
from drivers.simulators.smart_card import SmartCardSimulator
from tests.drivers.pcscd import kept

SELECT = "00A4040008F05441584B45590100"
VERIFY = "0020008108" + PIN.encode().hex() + "FFFF"


def ask(chip: Chip, text: str) -> str:
    return chip.answer(bytes.fromhex(text)).hex().upper()


@pytest.fixture
def chip() -> Chip:
    return Chip(seed=5)


def test_a_command_out_of_order_gets_the_standards_word(chip: Chip) -> None:
    for text, word in (
        ("00", "6700"),
        ("8084000008", "6E00"),
        ("0084000008", "6D00"),
        ("00B0000010", "6986"),
        ("0020008100", "6A88"),
        ("00A4040008A00000000300000000", "6A82"),
        ("00A4020C02C001", "6A82"),
        ("00A404000BF05441584B45590100", "6700"),
    ):
        assert ask(chip, text) == word, text
    assert ask(chip, SELECT).endswith("9000")
    assert ask(chip, "00A4020C02FFFF") == "6A82"
    assert ask(chip, "0022410103840184") == "6A86"
    assert ask(chip, "002241B603840199") == "6A88"
    assert ask(chip, "002A9E9A20" + "00" * 32 + "00") == "6982"
    assert ask(chip, "00A4020C02C001") == "9000"
    assert ask(chip, "00B07FFF01") == "6B00"


def test_a_pin_counts_down_locks_and_outlives_power(chip: Chip) -> None:
    ask(chip, SELECT)
    assert ask(chip, "00200081") == "63C3"
    assert [ask(chip, "0020008106" + "39" * 6) for _ in range(2)] == ["63C2", "63C1"]
    chip.reset()
    assert ask(chip, VERIFY) == "6A88"
    ask(chip, SELECT)
    assert ask(chip, "00200081") == "63C1" and ask(chip, VERIFY) == "9000"
    assert ask(chip, "00200081") == "9000" and chip.tries == 3
    chip.tries = 0
    assert ask(chip, VERIFY) == "6983"


def test_both_keys_sign_and_their_certificates_verify(chip: Chip) -> None:
    ask(chip, SELECT)
    ask(chip, VERIFY)
    digest = hashlib.sha256(b"challenge").digest()
    assert ask(chip, "002241B603840184") == "9000"
    raw = chip.answer(bytes.fromhex("002A9E9A20") + digest + b"\0")
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"))
    found = x509.load_der_x509_certificate(certificate(ec_key(5), "x", 5)).public_key()
    assert isinstance(found, ec.EllipticCurvePublicKey)
    found.verify(both, digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    assert ask(chip, "002241A403840185") == "9000"
    info = bytes.fromhex("3031300D060960864801650304020105000420") + digest
    raw = chip.answer(bytes.fromhex("00880000") + bytes((len(info),)) + info + b"\0")
    rsa_key(5).public_key().verify(raw[:256], b"challenge", padding.PKCS1v15(), hashes.SHA256())
    block = b"\0\1" + b"\xff" * (253 - len(info)) + b"\0" + info
    assert chip.answer(bytes.fromhex("10880000FF") + block[:255]) == b"\x90\x00"
    assert chip.answer(bytes.fromhex("0088000001") + block[255:] + b"\0") == raw
    assert chip.answer(bytes.fromhex("10880000FF") + block[:255]) == b"\x90\x00"
    assert ask(chip, "00200081") == "6883"


def test_over_t0_an_answer_is_fetched_and_a_length_corrected() -> None:
    chip = Chip(seed=5, protocol="T=0")
    told = ask(chip, SELECT)
    assert told == "610C" and ask(chip, "00C000000C").endswith("9000")
    assert ask(chip, "00C000000C") == "6985"
    ask(chip, "00A4020C02C001")
    size = len(certificate(ec_key(5), "云川样张", 5))
    place = size - 10
    assert ask(chip, f"00B0{place:04X}80") == "6C0A"


def test_the_same_seed_is_the_same_card() -> None:
    assert ec_key(9).private_numbers() == ec_key(9).private_numbers()
    assert ec_key(9).private_numbers() != ec_key(10).private_numbers()
    assert rsa_key(5).key_size == 2048
    first = certificate(ec_key(9), "x", 9)
    certificate.cache_clear()
    assert certificate(ec_key(9), "x", 9) == first


@pytest.fixture
async def card() -> AsyncIterator[SmartCardSimulator]:
    found = SmartCardSimulator(Pace(100), kept())
    await found.start()
    yield found
    await found.stop()


async def test_hands_act_on_a_card_that_is_there(card: SmartCardSimulator) -> None:
    for action in ("remove", "tear", "wrongPin"):
        with pytest.raises(ActionRefusedError):
            await card.do(action)
    with pytest.raises(BadParameterError) as refused:
        await card.do("insert", {"pin": "27"})
    assert "27" not in str(refused.value).replace("2,", "")
    await card.do("insert", {"seed": 8})
    assert await card.do("wrongPin", {"times": 2}) == {"tries": 1}
    await card.do("remove")
    await card.do("insert", {"seed": 8, "seconds": 0.05})
    state = card.state()
    assert state["card"] == {"seed": 8, "protocol": "T=1", "tries": 1, "pinShown": False}
    assert PIN not in str(state)
    async with asyncio.timeout(3):
        while card.state()["card"] is not None:
            await asyncio.sleep(0.01)


async def test_the_reader_is_on_loopback_only_and_apart_from_the_machines_own(
    card: SmartCardSimulator,
) -> None:
    lines = [line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]]
    listening = {line[1] for line in lines if line[3] == "0A"}
    for port in card.daemon.ports:
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening
    assert not str(card.daemon.socket).startswith("/run")


def test_where_no_private_service_can_run_it_is_said_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BackendUnavailableError, match="root"):
        PrivatePcscd(tmp_path).start()
    monkeypatch.undo()
    with pytest.raises(BackendUnavailableError, match="too long"):
        PrivatePcscd(tmp_path / ("x" * 100)).start()


async def test_a_cabinet_has_a_reader_where_it_can_and_none_where_it_cannot(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept()  # skips where none can run
    place = Path(tmp_path_factory.mktemp("c"))
    async with Cabinet(CabinetOptions(place, speed=100)) as cabinet:
        assert "insert" in cabinet.devices["smartCard"].actions()
        assert (await cabinet.do("smartCardReader", "insert", seed=3))["atr"] == Chip(3).atr.hex()
        settings = load_devices(place / "devices.toml", {})
        (found,) = [service for service in settings.services if service.role == "smartCardReader"]
        assert (found.driver, found.isolation) == ("smart-card-pcsc", "process")
        assert Path(str(found.options["socket"])).is_socket()
    monkeypatch.setattr("drivers.simulators.pcscd.DRIVER", place / "nowhere.so")
    async with Cabinet(CabinetOptions(place, speed=100)) as cabinet:
        assert "smartCard" not in cabinet.devices
        assert all(s.role != "smartCardReader" for s in load_devices(place / "devices.toml", {}).services)
