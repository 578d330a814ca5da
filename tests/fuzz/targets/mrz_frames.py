"""What a serial MRZ reader sends, in both framings."""

from __future__ import annotations

from drivers.protocols.mrz_frames import MOST, Framing, MrzFrames
from tests.drivers.protocols.test_mrz import TD1, TD3
from tests.fuzz.oracles import cut_anywhere

LONGEST = 112
PARSES = ("drivers.protocols.mrz_frames",)


def check(data: bytes) -> None:
    """Any stream, cut anywhere: documents of lines that hold something, none longer than a reader's buffer."""
    framing = Framing.CR if data[:1] and data[0] & 1 else Framing.STX_ETX
    documents = cut_anywhere(lambda: MrzFrames(framing), data[4:], data[1:4], _held, 3 * MOST)
    for lines in documents:
        assert lines and all(lines) and sum(map(len, lines)) <= 3 * MOST
        assert not set("".join(lines)) & set("\r\n \t")


def _held(frames: MrzFrames) -> int:
    return len(frames._kept) + sum(map(len, frames._lines))


def seeds() -> list[bytes]:
    """A passport and a card in each framing, torn ones, one too long."""
    zones = ["\r".join(zone).encode() + b"\r" for zone in (TD3, TD1)]
    framed = [b"\0\x20\x60\xa0\x02" + zone + b"\x03" for zone in zones]
    lined = [b"\1\x20\x60\xa0" + zone for zone in zones]
    return [
        *framed,
        *lined,
        framed[0][:60] + framed[1][4:],
        lined[0][:60] + zones[1],
        b"\0\0\0\0\x02" + b"A" * 180,
    ]
