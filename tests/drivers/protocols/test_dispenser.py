"""The dispenser's frames and words: whole and right, or not there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.protocols import dispenser_replies as replies
from drivers.protocols.dispenser import (
    ACK,
    NAK,
    STX,
    BadFrame,
    Deframer,
    Frame,
    Signal,
    crc16,
    encode,
    next_seq,
)
from drivers.protocols.dispenser_replies import Event, Feed, Move, Notice, Stock, UnitState
from tests.depth import examples
from tests.drivers.protocols.splitting import cuts, fed

bodies = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=255)
seqs = st.integers(0x1F, 0x7F)


def test_the_check_is_ccitt_false() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_the_frame_of_the_document() -> None:
    checked = bytes.fromhex("2030314903")
    assert encode(0x20, "I") == b"\x02" + checked + f"{crc16(checked):04X}".encode()


def test_the_counter_skips_the_units_own_number() -> None:
    assert next_seq(0x20) == 0x21
    assert next_seq(0x7F) == 0x20
    assert next_seq(0x1F) == 0x20


@pytest.mark.parametrize(
    ("seq", "body"), [(0x1E, "I"), (0x80, "I"), (0x20, ""), (0x20, "a\x02"), (0x20, "x" * 256)]
)
def test_what_the_protocol_cannot_say_is_refused(seq: int, body: str) -> None:
    with pytest.raises(ValueError, match="SEQ|body"):
        encode(seq, body)


@given(st.lists(st.tuples(seqs, bodies), max_size=5), cuts)
def test_frames_survive_being_cut_anywhere(sent: list[tuple[int, str]], places: list[int]) -> None:
    stream = b"".join(encode(*frame) + bytes((ACK,)) for frame in sent)
    heard = fed(Deframer().feed, stream, places)
    assert [h for h in heard if isinstance(h, Frame)] == [Frame(*frame) for frame in sent]
    assert heard.count(Signal.ACK) == len(sent)


@given(st.binary(max_size=60), seqs, bodies, cuts)
@settings(max_examples=examples(200))
def test_a_frame_is_found_behind_garbage(garbage: bytes, seq: int, body: str, places: list[int]) -> None:
    heard = fed(Deframer().feed, garbage + encode(seq, body), places)
    assert Frame(seq, body) in heard


@given(seqs, bodies, st.integers(0), st.integers(0, 7))
@settings(max_examples=examples(300))
def test_no_flipped_bit_gives_another_frame(seq: int, body: str, at: int, bit: int) -> None:
    raw = bytearray(encode(seq, body))
    raw[at % len(raw)] ^= 1 << bit
    frames = [h for h in Deframer().feed(bytes(raw) + bytes((STX,)) * 300) if isinstance(h, Frame)]
    assert frames == [], "the CRC finds every single flipped bit"


@given(st.binary(max_size=700), cuts)
def test_any_bytes_are_survived_and_the_next_frame_is_heard(data: bytes, places: list[int]) -> None:
    deframer = Deframer()
    fed(deframer.feed, data, places)
    assert Frame(0x33, "S") in deframer.feed(encode(0x33, "S"))


def test_a_frame_cut_short_by_another_is_bad_and_the_other_good() -> None:
    heard = Deframer().feed(encode(0x21, "F1|ok|10023001|104")[:12] + encode(0x22, "A|ok"))
    assert heard == [BadFrame("cut"), Frame(0x22, "A|ok")]


def test_signals_stand_alone() -> None:
    assert Deframer().feed(bytes((ACK, NAK, 0x41, ACK))) == [Signal.ACK, Signal.NAK, Signal.ACK]


def test_a_half_frame_can_be_forgotten() -> None:
    deframer = Deframer()
    deframer.feed(encode(0x21, "S")[:5])
    assert deframer.pending
    deframer.reset()
    assert not deframer.pending


def test_every_reply_becomes_a_value() -> None:
    assert replies.identity("I|YD-4|000417|1.2") == replies.Identity("YD-4", "000417", "1.2")
    sensors = replies.sensors("S|idle|paper|closed|12|10|2|0")
    assert (sensors.state, sensors.tray_paper, sensors.shutter_open) == (UnitState.IDLE, True, False)
    assert (sensors.fed, sensors.exited, sensors.rejected, sensors.retracted) == (12, 10, 2, 0)
    stock = replies.stock("U2|low|7|044031900111|10023001", 2)
    assert (stock.stock, stock.count, stock.code, stock.number) == (Stock.LOW, 7, "044031900111", "10023001")
    assert replies.stock("U1|missing|0|-|-", 1).number is None
    assert replies.fed("F1|ok|10023001|104", 1) == replies.Fed(Feed.OK, "10023001", 104)
    assert replies.fed("F1|double|?|208", 1).number is None
    assert replies.moved("A|none", "A").result is Move.NONE
    assert replies.moved("T|ok|5", "T").count == 5


@pytest.mark.parametrize(
    "body",
    ["E|taken", "E|cover|open", "E|cover|closed", "E|tray|3"],
)
def test_every_event_becomes_a_value(body: str) -> None:
    events = {"E|taken": Event.TAKEN, "E|cover|open": Event.COVER_OPEN, "E|cover|closed": Event.COVER_CLOSED}
    assert replies.notice(body) == Notice(events.get(body, Event.TRAY), 3 if body == "E|tray|3" else None)


@pytest.mark.parametrize(
    "read",
    [
        lambda: replies.sensors("S|idle|paper|closed|12|10|2"),
        lambda: replies.sensors("S|idle|paper|ajar|1|1|0|0"),
        lambda: replies.sensors("S|asleep|paper|open|1|1|0|0"),
        lambda: replies.sensors("S|idle|paper|open|-1|1|0|0"),
        lambda: replies.sensors("S|idle|paper|open|１|1|0|0"),
        lambda: replies.stock("U1|ok|5|-|-", 2),
        lambda: replies.fed("F1|ok|1002 3001|104", 1),
        lambda: replies.fed("F1|ok|10023001", 1),
        lambda: replies.fed("A|ok", 1),
        lambda: replies.moved("P|jam", "P"),
        lambda: replies.moved("A|full", "A"),
        lambda: replies.moved("T|ok", "T"),
        lambda: replies.notice("E|cover|ajar"),
        lambda: replies.notice("E|tray|many"),
        lambda: replies.notice(""),
    ],
)
def test_a_reply_that_is_not_of_the_protocol_is_refused(read: object) -> None:
    assert callable(read)
    with pytest.raises(ProtocolError):
        read()


@given(st.text(max_size=60))
def test_no_text_crashes_a_reply(body: str) -> None:
    for read in (
        replies.identity,
        replies.sensors,
        replies.notice,
        lambda b: replies.stock(b, 1),
        lambda b: replies.fed(b, 1),
        lambda b: replies.moved(b, "A"),
    ):
        try:
            read(body)
        except ProtocolError:
            pass
