"""The ESC/POS back channel: unknown is never "out", a late answer is never this one's; and the raster."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.ports import DeviceState, Supply
from drivers.protocols.escpos_echo import EchoFilter, EchoMode
from drivers.protocols.escpos_listener import Answer, Heard, Listener, Processed, Pushed
from drivers.protocols.escpos_raster import bands
from drivers.protocols.escpos_status import PrinterFacts, Query, ask, automatic, queued_paper, realtime
from drivers.protocols.escpos_terms import details, device_state, fault, paper
from tests.depth import examples
from tests.drivers.protocols.splitting import chunks, cuts, fed

IDLE = {
    Query.PRINTER: PrinterFacts(offline=False, waiting_recovery=False),
    Query.OFFLINE_CAUSE: PrinterFacts(cover_open=False, feeding=False, paper_stop=False, error=False),
    Query.ERROR_CAUSE: PrinterFacts(
        recoverable=False, cutter_error=False, unrecoverable=False, auto_recoverable=False
    ),
    Query.PAPER: PrinterFacts(near_end=False, paper_end=False),
}
HEALTHY = PrinterFacts()
for _facts in IDLE.values():
    HEALTHY = HEALTHY.merged(_facts)


@pytest.mark.parametrize("query", list(Query))
def test_an_idle_printer_answers_0x12_to_everything(query: Query) -> None:
    assert ask(query) == bytes((0x10, 0x04, query))
    assert realtime(query, 0x12) == IDLE[query]


@pytest.mark.parametrize(
    ("query", "byte", "name"),
    [
        (Query.PRINTER, 0x1A, "offline"),
        (Query.PRINTER, 0x32, "waiting_recovery"),
        (Query.OFFLINE_CAUSE, 0x16, "cover_open"),
        (Query.OFFLINE_CAUSE, 0x1A, "feeding"),
        (Query.OFFLINE_CAUSE, 0x32, "paper_stop"),
        (Query.OFFLINE_CAUSE, 0x52, "error"),
        (Query.ERROR_CAUSE, 0x16, "recoverable"),
        (Query.ERROR_CAUSE, 0x1A, "cutter_error"),
        (Query.ERROR_CAUSE, 0x32, "unrecoverable"),
        (Query.ERROR_CAUSE, 0x52, "auto_recoverable"),
        (Query.PAPER, 0x1E, "near_end"),
        (Query.PAPER, 0x72, "paper_end"),
    ],
)
def test_each_bit_means_one_thing(query: Query, byte: int, name: str) -> None:
    assert realtime(query, byte) == dataclasses.replace(IDLE[query], **{name: True})


@given(st.sampled_from(list(Query)), st.integers(0, 255))
def test_a_byte_without_the_fixed_bits_says_nothing(query: Query, byte: int) -> None:
    known = realtime(query, byte) != PrinterFacts()
    assert known == (byte & 0x93 == 0x12) or (query is Query.PAPER and byte & 0x93 == 0x12)


@pytest.mark.parametrize("byte", [0x16, 0x1A, 0x32, 0x52])
def test_half_a_paper_sensor_is_unknown_never_out(byte: int) -> None:
    facts = realtime(Query.PAPER, byte)
    assert None in (facts.near_end, facts.paper_end)
    assert facts.paper_end is not True


def test_a_pushed_report_tells_cover_errors_and_paper() -> None:
    facts = automatic(bytes((0x38, 0x08, 0x0C, 0x0F)))
    assert (facts.offline, facts.cover_open, facts.cutter_error, facts.paper_end) == (True,) * 4
    assert automatic(b"\x10\x00\x00\x0f").offline is False
    assert automatic(b"\x10\x00\x00") == PrinterFacts()
    assert automatic(b"\x12\x00\x00\x0f") == PrinterFacts()
    assert automatic(b"\x10\x00\x90\x0f") == PrinterFacts()
    assert automatic(b"\x10\x00\x04\x0f").paper_end is None, "half a sensor"


def test_an_answer_in_turn_tells_the_paper() -> None:
    assert queued_paper(0x0F) == PrinterFacts(near_end=True, paper_end=True)
    assert queued_paper(0x00) == PrinterFacts(near_end=False, paper_end=False)
    assert queued_paper(0x12) == PrinterFacts()


def test_answers_go_to_the_questions_in_their_order() -> None:
    listener = Listener()
    listener.asked(Query.PRINTER)
    listener.asked(Query.PAPER)
    first, second = listener.feed(b"\x12\x72")
    assert first == Answer(Query.PRINTER, IDLE[Query.PRINTER])
    assert second == Answer(Query.PAPER, PrinterFacts(near_end=False, paper_end=True))


def test_an_answer_that_came_too_late_is_not_believed() -> None:
    listener = Listener()
    listener.asked(Query.PAPER)
    listener.give_up()
    assert listener.in_doubt
    listener.asked(Query.PRINTER)
    assert listener.feed(b"\x7e") == [], "the paper's late answer would have been read as offline"
    listener.give_up()
    listener.settled()
    listener.asked(Query.PRINTER)
    assert listener.feed(b"\x12") == [Answer(Query.PRINTER, IDLE[Query.PRINTER])]


def test_an_unasked_answer_is_dropped() -> None:
    assert Listener().feed(b"\x12\x7e\x16") == []


def test_a_report_may_be_cut_by_a_real_time_answer_and_flow_control() -> None:
    listener = Listener()
    listener.asked(Query.PRINTER)
    heard = listener.feed(b"\x10\x00\x12\x13\x00\x11\x0f")
    assert heard == [Answer(Query.PRINTER, IDLE[Query.PRINTER]), Pushed(automatic(b"\x10\x00\x00\x0f"))]


def test_answers_in_turn_are_counted_only_when_asked_for() -> None:
    listener = Listener()
    assert listener.feed(b"\x00") == []
    listener.marked()
    assert listener.feed(b"\x00\x00") == [Processed(PrinterFacts(near_end=False, paper_end=False))]
    listener.marked()
    listener.give_up_marks()
    assert listener.feed(b"\x00") == []


@given(st.binary(max_size=80), cuts, st.lists(st.sampled_from(list(Query)), max_size=6))
@settings(max_examples=examples(200))
def test_any_bytes_give_at_most_one_answer_to_each_question(
    data: bytes, places: list[int], queries: list[Query]
) -> None:
    listener = Listener()
    for query in queries:
        listener.asked(query)
    heard: list[Heard] = fed(listener.feed, data, places)
    assert [h.query for h in heard if isinstance(h, Answer)] == queries[: sum(map(is_answer, heard))]
    whole = Listener()
    for query in queries:
        whole.asked(query)
    assert whole.feed(data) == heard, "cutting changes nothing"


def is_answer(heard: Heard) -> bool:
    return isinstance(heard, Answer)


@given(st.integers(0, 31), st.integers(0, 3))
def test_a_flipped_bit_in_a_report_never_makes_paper_out(bit: int, _again: int) -> None:
    report = bytearray(b"\x10\x00\x00\x0f")
    report[bit // 8] ^= 1 << bit % 8
    for heard in Listener().feed(bytes(report)):
        assert isinstance(heard, Pushed)
        assert heard.facts.paper_end is not True


def test_an_echoing_line_is_learnt_and_its_echo_never_read() -> None:
    echo, listener = EchoFilter(), Listener()
    listener.asked(Query.PRINTER)
    echo.sent(ask(Query.PRINTER))
    assert listener.feed(echo.feed(b"\x10")) == []
    assert listener.feed(echo.feed(b"\x04\x01")) == []
    assert listener.feed(echo.feed(b"\x12")) == [Answer(Query.PRINTER, IDLE[Query.PRINTER])]
    assert echo.mode is EchoMode.ECHOING
    listener.asked(Query.PAPER)
    echo.sent(b"\x1d\x72\x01")
    # 0x72 is a well-formed "paper end" answer.
    assert listener.feed(echo.feed(b"\x1d\x72\x01")) == []
    assert listener.feed(echo.feed(b"\x12")) == [Answer(Query.PAPER, IDLE[Query.PAPER])]


@pytest.mark.parametrize("first", [b"\x12", b"\x10\x00\x00\x0f", b"\x10\x04\x00\x0f", b"\x1a"])
def test_a_clean_line_loses_nothing_while_that_is_learnt(first: bytes) -> None:
    echo = EchoFilter()
    assert b"".join(echo.feed(bytes((byte,))) for byte in first) == first
    assert echo.mode is EchoMode.CLEAN


def test_unknown_is_offline_and_its_supply_unknown() -> None:
    assert device_state(PrinterFacts()) is DeviceState.OFFLINE
    assert paper(PrinterFacts()) is Supply.UNKNOWN
    assert fault(PrinterFacts()) is None
    assert details(PrinterFacts())["paperJob"] == dict.fromkeys(
        ("cover", "cutter", "head", "recovery", "fault"), "unknown"
    )


@pytest.mark.parametrize(
    ("change", "device", "code"),
    [
        ({}, DeviceState.ONLINE, None),
        ({"offline": True, "cover_open": True}, DeviceState.USER_ERROR, "coverOpen"),
        ({"offline": True, "paper_end": True}, DeviceState.ONLINE, "paperOut"),
        ({"offline": True, "cutter_error": True}, DeviceState.HARDWARE_ERROR, "cutterError"),
        ({"offline": True, "recoverable": True}, DeviceState.HARDWARE_ERROR, "paperJammed"),
        ({"offline": True, "unrecoverable": True}, DeviceState.HARDWARE_ERROR, "hardwareError"),
        ({"offline": True, "auto_recoverable": True}, DeviceState.DEVICE_BUSY, "headOverheated"),
        ({"offline": True}, DeviceState.OFFLINE, "deviceOffline"),
        ({"near_end": True}, DeviceState.ONLINE, None),
    ],
)
def test_facts_become_the_standards_words(
    change: dict[str, bool], device: DeviceState, code: str | None
) -> None:
    facts = dataclasses.replace(HEALTHY, **change)
    assert (device_state(facts), fault(facts)) == (device, code)


def undo(data: bytes, width: int) -> np.ndarray:
    """A raster decoder of its own: rows of dots out of GS v 0 commands."""
    rows = []
    while data:
        assert data[:4] == b"\x1dv0\x00"
        x, y = data[4] | data[5] << 8, data[6] | data[7] << 8
        packed = np.frombuffer(data[8 : 8 + x * y], np.uint8).reshape(y, x)
        full = np.zeros((y, -(-width // 8) * 8), np.uint8)
        full[:, : x * 8] = np.unpackbits(packed, axis=1)
        rows.append(full[:, :width])
        data = data[8 + x * y :]
    return np.concatenate(rows).astype(bool)


@given(st.data(), st.integers(1, 256), st.integers(1, 300), st.integers(1, 80))
@settings(max_examples=examples(150), deadline=None)
def test_bands_carry_every_dot_and_never_more_rows_than_asked(
    data: st.DataObject, rows_per_band: int, height: int, width: int
) -> None:
    picture = np.zeros((height, width), bool)
    for top in data.draw(st.lists(st.integers(0, height - 1), max_size=5)):
        picture[top : top + data.draw(st.integers(1, 30)), data.draw(st.integers(0, width - 1)) :] = True
    made = list(bands(picture, rows_per_band))
    assert all(1 <= band.rows <= rows_per_band for band in made)
    assert sum(band.rows for band in made) == height
    assert (undo(b"".join(band.data for band in made), width) == picture).all()


def test_blank_paper_costs_a_byte_a_row() -> None:
    made = list(bands(np.zeros((800, 576), bool), 256))
    assert sum(len(band.data) for band in made) < 800 + 8 * 4 + 1


@pytest.mark.parametrize("rows", [0, 257])
def test_impossible_bands_are_refused(rows: int) -> None:
    with pytest.raises(ValueError, match="band"):
        list(bands(np.zeros((8, 8), bool), rows))


def test_chunks_helper_keeps_all_bytes() -> None:
    assert b"".join(chunks(b"abcdef", [3, 9, 100])) == b"abcdef"
