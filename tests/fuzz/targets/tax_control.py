"""Data objects of cards (BER-TLV), and what a tax-control device says in them."""

from __future__ import annotations

from drivers.devices.tax_control import LONGEST_TEXT, MAC_BYTES, MOST_MONTHS, seen_in
from drivers.errors import ProtocolError
from drivers.ports_tax import SealedWord
from drivers.protocols.apdu_wire import blank_objects
from drivers.protocols.ber_tlv import LONGEST_TAG, Item, by_tag, items
from drivers.xfs.messages.tax_control import StateOut
from tests.fuzz.oracles import refused_by

LONGEST = 320
PARSES = ("drivers.protocols.ber_tlv", "drivers.devices.tax_control")


def check(data: bytes) -> None:
    """What is read is the same when it is written and read again; a state is one in every field."""
    assert len(blank_objects(data)) == len(data)
    found = refused_by(ProtocolError, lambda: list(items(data)))
    if found is None:
        assert refused_by(ProtocolError, lambda: by_tag(data)) is None
        return
    assert all(1 <= len(one.tag) <= LONGEST_TAG for one in found)
    written = b"".join(one.encode() for one in found)
    assert list(items(written)) == found and len(written) <= len(data)
    _said(data)
    _said(Item(b"\x53", data).encode())


def _said(answer: bytes) -> None:
    said = refused_by(ProtocolError, lambda: seen_in(answer))
    if said is None:
        return
    if isinstance(said, SealedWord):
        assert 0 < len(said.text) <= LONGEST_TEXT and len(said.mac) == MAC_BYTES
        assert said.text.hex() not in repr(said)
        return
    assert 8 <= len(said.device) <= 20 and said.device.isascii() and said.device not in repr(said)
    assert list(said.held) == sorted(set(said.held)) and len(said.held) <= MOST_MONTHS
    assert all(month.day == 1 for month in said.held) and said.counter < 1 << 32
    assert StateOut.of(said).state() == said, "whatever is believed goes over the wire"


def seeds() -> list[bytes]:
    """A state, a report, an object twice, lengths of each form, and lengths that lead nowhere."""
    number, taxpayer = b"\x81\x0c661600000017", b"\x82\x1291990199MA60XK2C3T"
    rest = bytes.fromhex("8304000000068403202608850420261026860100870620260920 2610")
    return [
        number + taxpayer + rest,
        b"\x90\x05R1|6|" + b"\x8e\x20" + bytes(32),
        b"\x53\x03\x81\x01\x00" + b"\x53\x00",
        b"\x5c\x03\x5f\xdf\x21\x53\x81\x80" + bytes(128),
        b"\x1f\x81\x81\x81\x00",
        b"\x80\x82\x00\x01\x00" + b"\x80\x84\x00\x00\x00\x01\x00",
        b"\x00\x00\x81\x00\x1f",
    ]
