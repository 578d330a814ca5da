"""What a serial MRZ reader sends, cut at every byte, with noise, and too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.mrz_frames import MOST, Framing, MrzFrames
from drivers.simulators.travel_document import machine_lines

PASSPORT = list(machine_lines("passport", 5))
PERMIT = list(machine_lines("permit", 5))


def wire(lines, framing, end="\r"):
    body = "".join(line + end for line in lines).encode()
    return b"\x02" + body + b"\x03" if framing is Framing.STX_ETX else body


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("lines", [PASSPORT, PERMIT])
@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_a_document_is_the_same_wherever_the_stream_is_cut(framing, lines, end) -> None:
    data = wire(lines, framing, end)
    for cut in range(len(data) + 1):
        frames = MrzFrames(framing)
        assert [*frames.feed(data[:cut]), *frames.feed(data[cut:])] == [lines]


@pytest.mark.parametrize("framing", Framing)
def test_two_documents_are_two(framing) -> None:
    assert MrzFrames(framing).feed(wire(PASSPORT, framing) + wire(PERMIT, framing)) == [PASSPORT, PERMIT]


def test_noise_before_stx_is_skipped_and_a_torn_document_forgotten() -> None:
    frames = MrzFrames()
    assert frames.feed(b"noise\r" + wire(PASSPORT, Framing.STX_ETX)[:30]) == []
    assert frames.feed(wire(PERMIT, Framing.STX_ETX)) == [PERMIT]


def test_a_torn_line_does_not_spoil_the_next_document() -> None:
    frames = MrzFrames(Framing.CR)
    assert frames.feed(wire(PASSPORT, Framing.CR)[:60]) == []
    assert frames.feed(b"\r" + wire(PERMIT, Framing.CR))[-1] == PERMIT


def test_an_endless_document_is_dropped() -> None:
    for framing in Framing:
        frames = MrzFrames(framing)
        assert frames.feed(b"\x02" + b"A" * MOST * 3) == []
        assert frames.feed(b"\r" + wire(PERMIT, framing))[-1] == PERMIT


class Kept(bytearray):
    """Remembers what stood in it when its place was given up."""

    left = b""

    def clear(self) -> None:
        self.left += bytes(self)
        super().clear()


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("ending", [b"A" * MOST, b"\x02", None])
def test_a_document_that_is_given_up_is_overwritten_at_once(framing, ending) -> None:
    """One too long, one torn by the next, and one whose reader went away: nobody's data stays behind."""
    frames = MrzFrames(framing)
    kept = frames._kept = Kept()
    frames.feed(b"\x02" + b"A" * 60)
    if ending is None or (ending == b"\x02" and framing is Framing.CR):
        frames.reset()
    else:
        frames.feed(ending)
    assert b"A" not in kept.left
    assert len(kept) <= MOST - 60, "what was too long is gone before the next document comes"


def test_what_is_no_zone_is_handed_on_to_be_refused() -> None:
    assert MrzFrames().feed(b"\x02READ ERROR\r\x03") == [["READERROR"]]
    assert MrzFrames(Framing.CR).feed(b"READ ERROR\r") == [["READERROR"]]


@given(st.binary(max_size=600), st.sampled_from(list(Framing)))
def test_no_stream_makes_more_than_it_holds(data, framing) -> None:
    found = MrzFrames(framing).feed(data)
    assert sum(len(line) for document in found for line in document) <= len(data)
