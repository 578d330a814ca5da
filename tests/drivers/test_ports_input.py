"""What crosses the pipe to a driver in a process of its own, for the devices of the hand."""

from __future__ import annotations

import cbor2
import pytest

from config.clock import Deadline
from drivers.hosting_codec import methods_of
from drivers.ports_input import Entry, HeldKey, KeyPress, PadEnd, PinFormat, PinPad, SignaturePad
from drivers.signature import Point, Signature

SIGNED = Signature(
    bytes(32), 9600, 4000, 1023, ((Point(1, 2, 3, 0), Point(4, -5, 6, 7)), (Point(8, 9, 10, 11),))
)


@pytest.mark.parametrize(
    ("port", "name", "result"),
    [
        (SignaturePad, "confirm", SIGNED),
        (SignaturePad, "ended", PadEnd.LOST),
        (PinPad, "press", KeyPress("*", 3)),
        (PinPad, "pin_block", bytes(range(16))),
        (PinPad, "keys", [HeldKey("PIN1", "P0", "4", "E", b"\x01\x02\x03", 128)]),
    ],
)
def test_results_come_back_as_they_were(port: type, name: str, result: object) -> None:
    coder = methods_of(port)[name].result
    assert coder.load(cbor2.loads(cbor2.dumps(coder.dump(result)))) == result


def test_arguments_come_back_as_they_were() -> None:
    begin, block = methods_of(PinPad)["begin"], methods_of(PinPad)["pin_block"]
    entry, deadline = Entry(True, 4, 12, False), Deadline.after(5)
    assert begin.load_arguments(cbor2.loads(cbor2.dumps(begin.dump_arguments((entry, deadline), {})))) == [
        entry,
        deadline,
    ]
    given = ("PIN1", PinFormat.ISO4, "6225881234567890123", deadline)
    assert block.load_arguments(cbor2.loads(cbor2.dumps(block.dump_arguments(given, {})))) == [*given]
