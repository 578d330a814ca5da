"""Data objects of cards: read as they are written, and refused where they are none."""

from __future__ import annotations

import pytest

from drivers.errors import ProtocolError
from drivers.protocols.apdu_wire import TRANSMIT, ApduWire
from drivers.protocols.ber_tlv import Item, by_tag, items
from tests.drivers.tax_devices import REPORT, UKEY


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535])
@pytest.mark.parametrize("tag", [b"\x53", b"\x5f\xdf", b"\x5f\x81\x21"])
def test_what_was_written_is_read(tag: bytes, size: int) -> None:
    if tag == b"\x5f\xdf":
        tag = b"\x5f\x21"
    one = Item(tag, bytes(size))
    assert list(items(one.encode() * 2)) == [one, one]


def test_zeros_between_objects_are_none() -> None:
    assert by_tag(bytes.fromhex("0081010A00008200")) == {b"\x81": b"\x0a", b"\x82": b""}


@pytest.mark.parametrize(
    "data",
    ["81", "8102 00", "1F", "1F81818100", "8180", "8183000001FF", "8182 00", "818400000001FF", "81 81"],
)
def test_what_ends_too_early_or_goes_on_for_ever_is_refused(data: str) -> None:
    with pytest.raises(ProtocolError):
        list(items(bytes.fromhex(data.replace(" ", ""))))


def test_an_object_that_is_there_twice_is_nobody_s() -> None:
    with pytest.raises(ProtocolError, match="twice"):
        by_tag(bytes.fromhex("810100810101"))


def test_a_recording_keeps_the_shape_and_nobody_s_numbers() -> None:
    wire = ApduWire()
    wire.outgoing(TRANSMIT + bytes.fromhex("00CB3FFF055C035FDF2100"))
    content = b"".join(
        Item(tag, value).encode()
        for tag, value in (
            (b"\x81", UKEY["number"].encode()),
            (b"\x82", UKEY["taxpayer"].encode()),
            (b"\x83", b"\0\0\0\6"),
            (b"\x87", bytes.fromhex("202607202608202609")),
            (b"\x90", REPORT),
        )
    )
    kept = wire.incoming(TRANSMIT + Item(b"\x53", content).encode() + b"\x90\x00")
    found = by_tag(by_tag(kept[1:-2])[b"\x53"])
    assert (
        found[b"\x81"] == b"0" * 12 and found[b"\x82"] == b"0" * 18 and found[b"\x90"] == bytes(len(REPORT))
    )
    assert found[b"\x83"] == b"\0\0\0\6" and found[b"\x87"].hex() == "202607202608202609"


def test_what_is_no_row_of_objects_is_zeros_and_so_is_any_other_answer() -> None:
    wire = ApduWire()
    wire.outgoing(TRANSMIT + bytes.fromhex("00CB3FFF055C035FDF2100"))
    assert wire.incoming(TRANSMIT + b"661600\x90\x00") == TRANSMIT + bytes(6) + b"\x90\x00"
    wire.outgoing(TRANSMIT + bytes.fromhex("0084000008"))
    assert wire.incoming(TRANSMIT + b"\x81\x01\x07\x90\x00") == TRANSMIT + bytes(3) + b"\x90\x00"
