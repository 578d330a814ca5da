"""The signature pad's words inside the frames."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.protocols import signature_pad as pad
from drivers.protocols.dispenser import encode
from drivers.protocols.signature_pad import BLOCK, Block, Button, PadIdentity, Sample, Sealed

SAMPLES = st.builds(
    Sample, st.integers(0, 65535), st.integers(-900, 9999), st.integers(-900, 9999), st.integers(0, 1023)
)
HASH = "AB" * 32


def test_replies_are_read() -> None:
    told = pad.identity("I|YC-SP5|SP5-0004217|1.10|9600|4000|1023|200")
    assert told == PadIdentity("YC-SP5", "SP5-0004217", "1.10", 9600, 4000, 1023, 200)
    assert pad.state("S|signing|0|none") == ("signing", Button(0, "none"))
    assert pad.state("S|ended|2|ok") == ("ended", Button(2, "ok"))
    assert pad.done("X|none", "X") == "none"
    assert pad.sealed("E|none") is None
    assert pad.sealed(f"E|ok|3|29|{HASH}") == Sealed(3, 29, bytes.fromhex(HASH))
    assert pad.notice("K|1|clear") == Button(1, "clear")


@given(st.lists(SAMPLES, min_size=1, max_size=BLOCK), st.integers(0, 999))
def test_blocks_of_samples_fit_a_frame_and_come_back(samples: list[Sample], number: int) -> None:
    coded = b"".join(one.packed() for one in samples).hex().upper()
    assert pad.notice(f"P|{number}|{coded}") == Block(number, tuple(samples))
    assert pad.block(f"R|{number}|{coded}") == Block(number, tuple(samples))
    encode(0x1F, f"P|{number}|{coded}")


def test_the_seal_covers_document_and_order() -> None:
    one, two = Sample(0, 1, 2, 3), Sample(5, 4, 5, 6)
    document = bytes(32)
    assert pad.seal(document, [one, two]) == hashlib.sha256(document + one.packed() + two.packed()).digest()
    assert pad.seal(document, [one, two]) != pad.seal(document, [two, one])
    assert pad.seal(document, [one]) != pad.seal(b"\1" * 32, [one])


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (pad.identity, "I|a|b|c|0|4000|1023|200"),
        (pad.identity, "I|a|b|c|9600|4000|1023"),
        (pad.identity, "S|idle|0|none"),
        (pad.state, "S|asleep|0|none"),
        (pad.state, "S|idle|1|none"),
        (pad.state, "S|idle|x|ok"),
        (pad.notice, "K|1|help"),
        (pad.notice, "P|1|00"),
        (pad.notice, "P|1|"),
        (pad.notice, "P|4096|0000000000000000"),
        (pad.notice, "P|1|000000000000FFFF"),
        (pad.notice, "P|1|" + "0" * 16 * (BLOCK + 1)),
        (pad.sealed, "E|ok|1|15|" + HASH),
        (pad.sealed, "E|ok|9999|1|" + HASH),
        (pad.sealed, "E|ok|1|1|AB"),
        (pad.sealed, "E|maybe"),
    ],
)
def test_what_is_no_answer_is_told(read, body: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ProtocolError):
        read(body)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_body_breaks_it(body: str) -> None:
    for read in (pad.identity, pad.state, pad.notice, pad.sealed, pad.block):
        with contextlib.suppress(ProtocolError):
            read(body)
