"""The PIN pad's words inside the frames."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import (
    DeviceError,
    HardwareFault,
    InvalidData,
    ProtocolError,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
)
from drivers.ports_input import HeldKey
from drivers.protocols import pin_pad as pad
from drivers.protocols.dispenser import encode
from drivers.protocols.pin_pad import PinPadIdentity, PinPadState, Press
from tests.drivers.hsm import KEYS, wrap

BLOCK = wrap(bytes(32), "A", KEYS["A"])


def test_replies_are_read() -> None:
    assert pad.identity("I|YC-EP3|EP3-1|3.02|16") == PinPadIdentity("YC-EP3", "EP3-1", "3.02", 16)
    assert pad.state("S|pin|ok|ready|3") == PinPadState("pin", "ok", "ready", 3)
    assert pad.press("E|2|*|2") == Press(2, "*", 2)
    assert pad.press("R|2|enter|6", "R") == Press(2, "enter", 6)
    assert pad.press("R|9|none", "R") is None
    assert pad.loaded("K|ok|0A1B2C|128") == (b"\x0a\x1b\x2c", 128)
    assert pad.held_key("L|0|PIN1|P0|A|E|0A1B2C|128", 0) == HeldKey(
        "PIN1", "P0", "A", "E", b"\x0a\x1b\x2c", 128
    )
    assert pad.held_key("L|3|none", 3) is None
    assert pad.block("P|ok|" + "AB" * 16) == b"\xab" * 16
    pad.done("Q|ok", "Q")


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_key_block_fits_a_frame(algorithm: str) -> None:
    for protection in (bytes(16), bytes(32)):
        order = pad.load(
            "PIN-KEY.2026-10-12", "KBPK", wrap(protection, algorithm, KEYS[algorithm] + bytes(0))
        )
        encode(0x20, order)


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("keyNotFound", InvalidData),
        ("accessDenied", SecurityFailed),
        ("duplicateKey", InvalidData),
        ("useViolation", InvalidData),
        ("formatNotSupported", UnsupportedData),
        ("noKeyRam", HardwareFault),
        ("signatureInvalid", SecurityFailed),
        ("noPin", SequenceError),
    ],
)
def test_a_refusal_keeps_its_name(outcome: str, kind: type[DeviceError]) -> None:
    for read in (pad.loaded, pad.block):
        letter = "K" if read is pad.loaded else "P"
        with pytest.raises(kind) as told:
            read(f"{letter}|{outcome}")
        assert told.value.code == outcome


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: pad.load("bad name", "KBPK", BLOCK), None),
        (lambda: pad.load("PIN|1", "KBPK", BLOCK), None),
        (lambda: pad.load("PIN1", "", BLOCK), None),
        (lambda: pad.load("PIN1", "KBPK", BLOCK[:-2]), "formatNotSupported"),
        (lambda: pad.load("PIN1", "KBPK", "B" + BLOCK[1:]), "formatNotSupported"),
        (lambda: pad.load("PIN1", "KBPK", BLOCK + "|"), "formatNotSupported"),
        (lambda: pad.pin_block("PIN1", "4", "622588"), "invalidData"),
        (lambda: pad.pin_block("PIN1", "4", "6225881234567890123x"), "invalidData"),
        (lambda: pad.delete("a" * 25), None),
    ],
)
def test_what_the_pad_could_not_take_is_not_sent(make, code) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidData) as told:
        make()
    assert told.value.code == code


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (pad.identity, "I|a|b|c"),
        (pad.state, "S|pin|ok|ready"),
        (pad.state, "S|pin|fine|ready|1"),
        (pad.state, "S|pin|ok|ready|501"),
        (pad.press, "E|1|help|0"),
        (pad.press, "E|x|1|0"),
        (pad.loaded, "K|ok|0A1B|128"),
        (pad.loaded, "K|broken"),
        (pad.block, "P|ok|ABCD"),
        (pad.block, "P|ok"),
        (pad.block, "E|ok|" + "AB" * 16),
    ],
)
def test_what_is_no_answer_is_told(read, body: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ProtocolError):
        read(body)


def test_a_listed_key_without_a_possible_name_is_the_pads_fault() -> None:
    with pytest.raises(ProtocolError, match="name"):
        pad.held_key("L|0|no blank|P0|A|E|0A1B2C|128", 0)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_body_breaks_it(body: str) -> None:
    for read in (pad.identity, pad.state, pad.press, pad.loaded, pad.block):
        with contextlib.suppress(DeviceError):
            read(body)
    with contextlib.suppress(DeviceError):
        pad.held_key(body, 0)
