"""What recordings keep of a line's traffic: as many bytes, and nothing of a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from drivers.protocols.apdu_wire import ApduWire
from drivers.protocols.barcode import aim_prefix, guess_symbology, normalised
from drivers.protocols.barcode_wire import BarcodeWire
from drivers.protocols.dispenser import encode as dispenser_frame
from drivers.protocols.dispenser_wire import DispenserWire
from drivers.protocols.escpos_wire import EscposWire, silhouette
from drivers.protocols.ipp_wire import IppWire
from drivers.protocols.sam_v import PREAMBLE, Command
from drivers.protocols.sam_v import encode as sam_request
from drivers.protocols.sam_v_wire import SamVWire
from drivers.protocols.wire import Wire
from tests.drivers.protocols.cards import RESIDENT, block
from tests.fuzz.script import Script

LONGEST = 96
PARSES = tuple(
    f"drivers.protocols.{name}"
    for name in (
        "apdu_wire",
        "barcode_wire",
        "der_blank",
        "dispenser_wire",
        "escpos_wire",
        "ipp_wire",
        "sam_v_wire",
    )
)
TODAY = date(2026, 10, 12)
READ = sam_request(Command.READ_BASE)
HELD = {SamVWire: 256 + 8, BarcodeWire: 65536}
"""Bytes that may be held back: until a reply, or a code, is known for what it is."""
KEPT_OF_A_CODE = re.compile(
    rb"(?:\][A-Za-z][0-9A])?"  # what was printed
    rb"(?:[\x00-/:-@\[-`{-\x7f\xff0Aa]"
    + "".join(f"|{one}" for one in "é中𠀀").encode()
    + b"".join(b"|" + re.escape(one.encode("gb18030")) for one in "α中Ø㐀𠀀")
    + rb")*(?:(?<=0000000)1)?"  # a wrong check digit
)
WIRES: tuple[Callable[[], Wire], ...] = (
    ApduWire,
    BarcodeWire,
    DispenserWire,
    EscposWire,
    IppWire,
    lambda: SamVWire(lambda: TODAY),
)
STREAMS = (BarcodeWire, SamVWire)
"""Those whose chunks may be cut anywhere; the others get one message at a time."""


def check(data: bytes) -> None:
    """Any traffic: byte for byte as long, cut anywhere where it is a stream; keys and polls can be asked of any."""
    script = Script(data)
    make = WIRES[script.byte() % len(WIRES)]
    wire, other = make(), make()
    came = given = 0
    codes = shown = b""
    while script.more:
        kind = script.byte()
        chunk = script.piece() if kind & 0x40 else script.stretched()
        if kind & 0x80:
            _request(wire, chunk)
            other.outgoing(chunk)
            continue
        told = wire.incoming(chunk)
        came, given = came + len(chunk), given + len(told)
        assert given <= came <= given + HELD.get(type(wire), 0)
        if isinstance(wire, STREAMS):
            cut = kind % (len(chunk) + 1)
            assert other.incoming(chunk[:cut]) + other.incoming(chunk[cut:]) == told, (
                "cut elsewhere, it is not the same"
            )
        codes, shown = codes + chunk, shown + told
        if isinstance(wire, SamVWire):
            assert len(wire._real) <= 7 + 0x090A, "a reply without an end"
    shown += (rest := wire.settle())
    assert given + len(rest) == came
    if isinstance(wire, BarcodeWire):
        _codes(codes, shown)


def _codes(real: bytes, shown: bytes) -> None:
    """Each code is of the same kind and as long, and of what it says nothing is kept but its punctuation."""
    assert [end for end in shown if end in b"\t\r\n"] == [end for end in real if end in b"\t\r\n"]
    for code, told in zip(re.split(rb"[\t\r\n]", real), re.split(rb"[\t\r\n]", shown), strict=True):
        assert KEPT_OF_A_CODE.fullmatch(told), "what a code says is kept"
        assert len(told) == len(code) and _made_of(told) == _made_of(code), "it is made something else of"


def _made_of(code: bytes) -> tuple[str, int]:
    """What a driver makes of it: its symbology and its size."""
    symbology, data = aim_prefix(code)
    return symbology or guess_symbology(data), len(normalised(data))


def _request(wire: Wire, chunk: bytes) -> None:
    written = wire.outgoing(chunk)
    assert isinstance(wire, IppWire) or len(written) == len(chunk)
    key = wire.key(chunk)
    if key is not None:
        assert isinstance(wire.idle(key), bool)
        assert isinstance(wire, IppWire) or wire.key(key) == key, "a key of a key is another"
    if isinstance(wire, EscposWire):
        silhouette([chunk], 64)
    answer = wire.readdressed(chunk, chunk.ljust(8, b"\0"), chunk)
    assert len(answer) == len(chunk)
    now = dispenser_frame(0x30, "S") if isinstance(wire, DispenserWire) else chunk.ljust(8, b"\0")
    assert len(wire.readdressed(chunk, now, chunk)) == len(chunk)


def _step(kind: int, chunk: bytes) -> bytes:
    return bytes((kind | 0x40, len(chunk))) + chunk


def seeds() -> list[bytes]:
    """A certificate that is read, a PIN, codes, frames with their answers, a picture, a job, a card."""
    der = bytes.fromhex("30140603550403130b4e616d65206f66206f6e65")
    card = block(RESIDENT)
    counted = b"\x05\x08\0\0\x90" + b"\x01\0\x04\0"
    job = bytes.fromhex("0200000a00000001") + b"\x02\x42\0\x08job-name\0\x03tax\x03body"
    frame = dispenser_frame(0x21, "S|idle|ok")
    return [
        b"\0" + _step(0x80, b"T\0\xb0\0\0\0") + _step(0, b"T" + der + b"\x90\0"),
        b"\0" + _step(0x80, b"T\0\x20\0\x01\x08" + b"1234\xff\xff\xff\xff") + _step(0, b"T\x63\xc2"),
        b"\1" + _step(9, "发票,044001".encode() + b"\r"),
        b"\1" + _step(5, "]Q1é𠀀,".encode() + b"\r]E06901234567892\r*A-1*\n"),
        b"\1" + _step(8, "发票㐀Øα".encode("gb18030") + b"\t6901234567891\r\n*a*"),
        b"\2" + _step(0x80, frame) + _step(5, frame),
        b"\3" + _step(0x80, b"\x1d\x76\x30\0\x02\0\x02\0abcd") + _step(0x80, b"\x1b@\x10\x04\x01"),
        b"\4" + _step(0x80, job) + _step(0, job),
        b"\5" + _step(0x80, READ) + _step(4, PREAMBLE + counted) + b"\3\xc0\x40" + card[192:],
        b"\5" + _step(0x80, sam_request(Command.FIND)) + _step(7, PREAMBLE + b"\0\0" + b"x" * 20),
    ]
