"""Frames of a document scanner as libsane tells of them."""

from __future__ import annotations

import numpy as np

from drivers.errors import DeviceError, ProtocolError, ReadFailed
from drivers.ports_documents import PageColour, PageSide
from drivers.protocols.sane import Frame, assembled, failure, mode_word, source_word
from tests.fuzz.oracles import refused_by
from tests.fuzz.script import Script

LONGEST = 64
PARSES = ("drivers.protocols.sane",)
FORMATS = ("gray", "rgb", "red", "green", "blue", "ir")
DEPTHS = (1, 8, 16, 0)


def check(data: bytes) -> None:
    """Any frames: a picture of the size that was told, or an error; any words of a backend: one of them or none."""
    script = Script(data)
    assert isinstance(failure(script.byte()), DeviceError)
    frames = []
    for _ in range(1 + 2 * (script.byte() & 1)):
        frame = refused_by(ProtocolError, lambda: _frame(script))
        if frame is not None:
            frames.append(frame)
    if frames:
        picture = refused_by((ProtocolError, ReadFailed), lambda: assembled(frames))
        if picture is not None:
            assert (
                picture.dtype == np.uint8 and picture.size and picture.shape[1] <= frames[0].pixels_per_line
            )
            assert picture.ndim == (2 if len(frames) == 1 and frames[0].kind == "gray" else 3)
    allowed = script.rest().decode("latin-1").split("|")
    for colour in PageColour:
        assert mode_word(allowed, colour) in (None, *allowed)
    for sides in ((PageSide.FRONT,), (PageSide.BACK,), (PageSide.FRONT, PageSide.BACK)):
        assert source_word(allowed, sides) in (None, *allowed)


def _frame(script: Script) -> Frame:
    kind = script.byte()
    told = {
        "format": FORMATS[kind % len(FORMATS)],
        "depth": DEPTHS[kind >> 6],
        "bytes_per_line": script.byte() - 2,
        "pixels_per_line": script.byte() - 2,
        "lines": script.byte() - 1,
    }
    return Frame.of(told, script.stretched())


def seeds() -> list[bytes]:
    """A grey page, colour, lineart, sixteen bits, three passes, one broken off."""
    gray = b"\x00\x00\x42\x06\x06\x03\x00\x0812345678"
    colour = b"\x00\x00\x43\x08\x04\x02\x00\x06abcdef"
    line = b"\x00\x00\x06\x04\x0a\x03\x00\x04\xff\0\xaa\x55Lineart|Color|ADF Duplex"
    deep = b"\x07\x00\x84\x06\x04\x02\x00\x04wxyz"
    passes = b"\x00\x01" + b"".join(bytes((kind, 4, 4, 2, 0, 2)) + b"pq" for kind in (0x44, 0x45, 0x46))
    return [gray, colour, line, deep, passes, gray[:-5]]
