"""Answers to reset of cards that exist (public lists: pcsc-tools' smartcard_list.txt, PIVageant, Keycard)."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ReadFailed
from drivers.protocols.atr import parse

MULTIFLEX = bytes.fromhex("3B021450")
YUBIKEY_4 = bytes.fromhex("3BF81300008131FE15597562696B657934D4")
FEITIAN_EPASS = bytes.fromhex("3BDD18008191FE1FC300664653080300 3671DF0000 8097")
KEYCARD = bytes.fromhex("3BDC18FF8191FE1FC38073C8211366050363510002 50")
CONTACTLESS = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")


def test_a_card_of_t0_alone_has_no_check_byte() -> None:
    atr = parse(MULTIFLEX)
    assert (atr.convention, atr.protocols, atr.historical, atr.checked) == (
        "direct",
        (0,),
        b"\x14\x50",
        False,
    )


def test_interface_bytes_are_read_group_by_group() -> None:
    atr = parse(YUBIKEY_4)
    assert atr.protocols == (1,) and atr.checked and atr.historical == b"Yubikey4"
    first, second, third = atr.interfaces
    assert (first.ta, first.tb, first.tc, first.td) == (0x13, 0, 0, 0x81)
    assert (second.protocol, second.ta, second.td) == (1, None, 0x31)
    assert (third.protocol, third.ta, third.tb, third.td) == (1, 0xFE, 0x15, None)


def test_t15_is_no_protocol_and_a_card_may_offer_two() -> None:
    assert parse(FEITIAN_EPASS).protocols == (1,)
    assert any(group.protocol == 15 for group in parse(FEITIAN_EPASS).interfaces)
    assert parse(CONTACTLESS).protocols == (0, 1)


def test_historical_bytes_tell_what_the_card_takes() -> None:
    for byte, extended in ((0x00, False), (0x40, True), (0x80, False), (0xC0, True)):
        raw = bytes.fromhex("3B85800180730000") + bytes((byte,))
        assert parse(raw + bytes((reduce(xor, raw[1:]),))).takes_extended is extended
    assert not parse(MULTIFLEX).takes_extended


@pytest.mark.parametrize("raw", [MULTIFLEX, YUBIKEY_4, FEITIAN_EPASS, KEYCARD, CONTACTLESS])
def test_one_wrong_bit_in_a_checked_answer_is_found(raw: bytes) -> None:
    parse(raw)
    for length in range(len(raw)):
        with pytest.raises(ReadFailed):
            parse(raw[:length])
    if parse(raw).checked:
        for place in range(8, len(raw) * 8):
            wrong = bytearray(raw)
            wrong[place // 8] ^= 1 << place % 8
            with pytest.raises(ReadFailed) as told:
                parse(bytes(wrong))
            assert told.value.code == "atrNotObtained"


@given(st.binary(max_size=40))
def test_any_bytes_are_an_answer_or_refused(raw: bytes) -> None:
    try:
        atr = parse(raw)
    except ReadFailed:
        return
    assert len(atr.historical) == raw[1] & 0xF and atr.protocols
    assert isinstance(atr.takes_extended, bool)
