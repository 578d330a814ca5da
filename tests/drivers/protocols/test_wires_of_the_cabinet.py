"""Card numbers, PIN blocks, ink and printed text never pass, however a line is cut or spoilt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.devices.ecr_profile import load_dialect
from drivers.form_layout import Placed
from drivers.form_passes import opening, passes
from drivers.printer_font import Coverage
from drivers.protocols import ecr, escp
from drivers.protocols import signature_pad as pad
from drivers.protocols.dispenser import Deframer, Frame, encode
from drivers.protocols.ecr_messages import decode_message
from drivers.protocols.ecr_wire import EcrWire
from drivers.protocols.escp_wire import EscpWire, page_of
from drivers.protocols.nut_wire import NutWire
from drivers.protocols.pin_pad_wire import PinPadWire
from drivers.protocols.signature_wire import STAND_IN, SignatureWire
from drivers.protocols.wire import Wire
from drivers.recording.calls import argument
from tests.depth import examples

PAN = "6222021234567894321"
BLOCK = "9F3A77C1D2E4B5A60718293A4B5C6D7E"
SALE = (
    "R02017" + "10002" + "00" + "01020" + "TX202610120000001170" + "03012" + "000000409584" + "12001A"
    "15019" + PAN + "11013" + "622202 123456"
)
cuts = st.lists(st.integers(0, 400), max_size=8)
flips = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 7)), max_size=3)


def pos_wire() -> EcrWire:
    return EcrWire(load_dialect("ecr"))


def through(wire: Wire, stream: bytes, places: list[int]) -> bytes:
    """What is written down of ``stream`` that comes in pieces."""
    ends = sorted({place % (len(stream) + 1) for place in places} | {len(stream)})
    given, at = b"", 0
    for end in ends:
        given += wire.incoming(stream[at:end])
        at = end
    return given + wire.settle()


def spoilt(stream: bytes, bits: list[tuple[int, int]]) -> bytes:
    found = bytearray(stream)
    for place, bit in bits:
        found[place % len(found)] ^= 1 << bit
    return bytes(found)


def shares(given: bytes, secret: str, length: int) -> bool:
    """Whether any ``length`` characters of the secret stand in what was written down, zeros aside."""
    pieces = {secret[n : n + length] for n in range(len(secret) - length + 1)}
    return any(piece.strip("0") and piece.encode() in given for piece in pieces)


@pytest.mark.parametrize(
    ("make", "stream", "secret"),
    [
        (pos_wire, ecr.encode(SALE.encode()), PAN),
        (pos_wire, ecr.encode(b"R02017" + b"31019" + PAN.encode()), PAN),  # in a field that is kept
        (pos_wire, ecr.encode(b"R02017" + b"31019" + PAN[:5].encode() + b":" + PAN[6:].encode()), PAN),
        (pos_wire, ecr.encode(b"R99017" + PAN.encode() * 3), PAN),
        (PinPadWire, encode(0x30, f"P|ok|{BLOCK}"), BLOCK),
        (PinPadWire, encode(0x30, f"I|{PAN}|x|1|9"), PAN),
        (PinPadWire, encode(0x1F, "E|1|7|1") + encode(0x1F, "E|2|*|2"), "E|1|7"),
        (SignatureWire, encode(0x1F, f"P|0|{BLOCK}"), BLOCK),
        (NutWire, f'VAR u driver.parameter.password "{PAN}"\nVAR u ups.id "{PAN}"\n'.encode(), PAN),
        (EscpWire, PAN.encode(), PAN),
    ],
)
@settings(max_examples=examples(40), deadline=None)
@given(places=cuts, bits=flips)
def test_no_secret_passes_whole_spoilt_or_in_pieces(
    make: Callable[[], Wire], stream: bytes, secret: str, places: list[int], bits: list[tuple[int, int]]
) -> None:
    for real in (stream, spoilt(stream, bits)):
        given_out = through(make(), real, places)
        assert len(given_out) == len(real)
        assert not shares(given_out, secret, 5)
        assert given_out == through(make(), real, [])


@settings(max_examples=examples(60), deadline=None)
@given(body=st.text("0123456789ABCDEF|PRKELSMI*ok", min_size=1, max_size=200))
def test_of_any_body_a_pad_may_send_no_long_run_of_digits_passes(body: str) -> None:
    stream = encode(0x41, f"{body}|{PAN}")
    for wire in (PinPadWire(), SignatureWire()):
        assert not shares(wire.incoming(stream) + wire.settle(), PAN, 8)


def test_a_pos_reply_is_the_same_outcome_without_the_card() -> None:
    given_out = pos_wire().incoming(ecr.encode(SALE.encode()))
    (frame,) = ecr.Deframer().feed(given_out)
    assert isinstance(frame, ecr.Frame)
    values = decode_message(load_dialect("ecr"), frame.data).values
    assert (values["code"], values["state"], int(values["amount"])) == ("00", "A", 1)
    assert values["reference"] == "0" * 20
    assert not set(values["card"]) - set("0*")


@pytest.mark.parametrize("field", [b"20212" + b"0" * 212, b"18007" + b"0" * 7], ids=["unknown", "too long"])
def test_of_a_field_that_the_dialect_does_not_know_not_even_the_length_is_kept(field: bytes) -> None:
    """Behind a SEQ of 622 the head of such a field were eight figures of a card."""
    kept = pos_wire().incoming(ecr.encode(b"R00622" + b"1700200" + field))
    assert b"R006221700200" in kept
    assert field[:5] not in kept


def test_a_pos_answer_is_given_under_another_number() -> None:
    wire = pos_wire()
    asked, now = ecr.encode(b"Q05017"), ecr.encode(b"Q05999")
    answer = bytes((ecr.ACK,)) + ecr.encode(b"N0501720002" + b"08") + ecr.encode(b"R0501710002" + b"00")
    heard = ecr.Deframer().feed(wire.readdressed(asked, now, answer))
    assert [one.data[3:6] for one in heard if isinstance(one, ecr.Frame)] == [b"999", b"999"]
    assert wire.key(asked) == wire.key(now)


def test_a_card_number_that_is_asked_for_a_block_is_hidden_and_so_are_keys() -> None:
    wire = PinPadWire()
    for body in (f"P|ZPK-7|4|{PAN}", f"K|ZPK-7|KBPK|D0144P0AE00E0000{BLOCK * 4}", "D|ZPK-7"):
        (frame,) = Deframer().feed(wire.outgoing(encode(0x30, body)))
        assert isinstance(frame, Frame)
        assert not shares(frame.body.encode(), PAN + BLOCK, 4) and "ZPK" not in frame.body


def samples(number: int) -> list[pad.Sample]:
    return [
        pad.Sample(5 + n, 1234 + 97 * n, 777 + 31 * n, 333 + n) for n in range(number * 14, number * 14 + 14)
    ]


@settings(max_examples=30, deadline=None)
@given(lost=st.sets(st.integers(0, 3)), places=cuts, right=st.booleans())
def test_ink_is_made_up_and_its_seal_is_as_right_as_the_real_one(
    lost: set[int], places: list[int], right: bool
) -> None:
    document, wire = hashlib.sha256(b"a").digest(), SignatureWire()
    wire.outgoing(encode(0x21, pad.begin(document)))
    real = [samples(n) for n in range(4)]
    coded = ["".join(one.packed().hex().upper() for one in block) for block in real]
    whole = [one for block in real for one in block]
    digest = pad.seal(document if right or lost else b"other", whole).hex().upper()
    stream = b"".join(encode(0x1F, f"P|{n}|{coded[n]}") for n in range(4) if n not in lost)
    stream += encode(0x22, f"E|ok|4|{len(whole)}|{digest}")
    stream += b"".join(encode(0x23 + n, f"R|{n}|{coded[n]}") for n in sorted(lost))
    ends = sorted({place % len(stream) for place in places} | {0, len(stream)})
    given_out = b"".join(wire.incoming(stream[a:b]) for a, b in zip(ends, ends[1:], strict=False))
    bodies = [one.body for one in Deframer().feed(given_out) if isinstance(one, Frame)]
    blocks = {b.number: b for b in (pad.block(x, x[0]) for x in bodies if x[0] in "PR")}
    sealed = next(found for x in bodies if x[0] == "E" if (found := pad.sealed(x)))
    made = [one for n in range(4) for one in blocks[n].samples]
    assert (pad.seal(STAND_IN, made) == sealed.digest) is (right or bool(lost))
    assert not {(one.x, one.y) for one in made} & {(one.x, one.y) for one in whole}
    assert document.hex().upper().encode() not in wire.outgoing(encode(0x21, pad.begin(document)))


def test_the_stand_in_for_a_document_is_what_a_replay_begins_with() -> None:
    assert argument({"bytes": 32}) == STAND_IN


def job(text: str) -> bytes:
    placed = [Placed(20, 20, text), Placed(20, 40, text, 16)]
    page = [one.data for one in passes(placed, (3.0, 4.2), Coverage.GB2312)]
    return opening(4000) + b"".join(page) + escp.FORM_FEED


@settings(max_examples=30, deadline=None)
@example(texts=["000000", "00000赵"], size=1)  # a single byte of the picture that means CAN elsewhere
@given(
    texts=st.lists(
        st.text("张王李赵0123456789", min_size=6, max_size=6), min_size=2, max_size=2, unique=True
    ),
    size=st.integers(1, 700),
)
def test_of_forms_with_other_texts_the_same_is_written_down(texts: list[str], size: int) -> None:
    """Two texts of one shape leave one file: so neither can be read from it."""
    wide = [text.translate(str.maketrans("0123456789", "零一二三四五六七八九")) for text in texts]
    given_out = []
    for text in wide:
        wire, stream = EscpWire(), job(text)
        given_out.append(
            b"".join(wire.outgoing(stream[at : at + size]) for at in range(0, len(stream), size))
        )
        assert len(given_out[-1]) == len(stream)
        assert text.encode("gb18030") not in given_out[-1]
    assert given_out[0] == given_out[1]


def test_a_page_is_found_again_in_what_was_written_down() -> None:
    wire = EscpWire()
    written = [wire.outgoing(job("张三")[at : at + 64]) for at in range(0, len(job("张三")), 64)]
    page = page_of([b"\x10\x04\x01", *written, b"\x10\x05\x02\x18"])
    assert page.opening == opening(4000) and page.ending == escp.FORM_FEED
    assert len(page.passes) > 1 and all(one.startswith(b"\x1b(V") for one in page.passes)
    assert EscpWire().outgoing(b"".join((page.opening, *page.passes))) == b"".join(written)[:-1]


def test_a_printer_that_says_more_than_its_state_is_not_believed() -> None:
    wire = EscpWire()
    assert wire.incoming(b"226") == b"\0\0\0"
    wire.outgoing(b"\x10\x04\x01")
    assert wire.incoming(b"\x12\x13\x11A") == b"\x12\x13\x11\0"


def test_a_login_at_upsd_keeps_no_word() -> None:
    wire = NutWire()
    assert wire.outgoing(b'PASSWORD "hunter2"\n') == b'PASSWORD "0"\n'
    told = b'VAR u ups.status "OB LB"\nVAR u battery.charge "37.5"\nERR ACCESS-DENIED\n'
    assert wire.incoming(told) == told
