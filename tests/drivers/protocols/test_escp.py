"""ESC/P as bytes: exact commands, pictures that are no orders, and what the answers mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ports import DeviceState
from drivers.protocols import escp
from drivers.protocols.escp_terms import details, device_state, fault
from drivers.protocols.escpos_raster import pack, raster
from drivers.protocols.escpos_status import PrinterFacts, Query, realtime
from drivers.protocols.realtime_bytes import harmless
from drivers.protocols.xon_xoff import FlowControl
from drivers.simulators.escp_stream import EscpReader, RealTime
from drivers.simulators.matrix_head import DOT, Head, Strike
from tests.drivers.protocols.splitting import chunks, cuts, fed


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (escp.set_units(), "1B 28 55 01 00 0A"),
        (escp.page_length(1984), "1B 28 43 02 00 C0 07"),
        (escp.down_to(300), "1B 28 56 02 00 2C 01"),
        (escp.across_to(300), "1B 24 2C 01"),
        (escp.chinese_pitch(3), "1C 53 00 03 1C 54 00 01"),
        (escp.bit_image(np.eye(24, 2, dtype=bool)), "1B 2A 27 02 00 80 00 00 40 00 00"),
        (escp.bit_image(np.ones((8, 1), bool)), "1B 2A 27 01 00 FF 00 00"),
    ],
)
def test_commands_are_these_bytes(made: bytes, wanted: str) -> None:
    assert made == bytes.fromhex(wanted)


def test_units_are_the_360th_part_of_an_inch() -> None:
    assert (escp.units(25.4), escp.units(140), escp.units(0.035)) == (360, 1984, 0)


@pytest.mark.parametrize("call", [lambda: escp.down_to(-1), lambda: escp.across_to(40_000)])
def test_a_place_outside_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match="position"):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("shape", [(25, 1), (24, 1001), (0, 1), (1, 0)])
def test_an_image_too_large_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="image"):
        escp.bit_image(np.ones(shape, bool))


@given(st.binary(max_size=200))
def test_a_picture_never_holds_a_real_time_order(data: bytes) -> None:
    tame = harmless(data)
    assert len(tame) == len(data)
    assert not any(tame[i : i + 2] in (b"\x10\x04", b"\x10\x05", b"\x10\x14") for i in range(len(tame)))
    changed = [(a, b) for a, b in zip(data, tame, strict=True) if a != b]
    assert all((a, b) == (0x10, 0x11) for a, b in changed), "a dot more, none less"
    orders, rest = RealTime().feed(tame + b"\x00\x00")
    assert not orders and rest == tame + b"\x00\x00"


def test_receipts_are_as_harmless() -> None:
    picture = np.zeros((8, 24), bool)
    picture[3] = np.unpackbits(np.frombuffer(b"\x10\x04\x01", np.uint8)).astype(bool)
    data = raster(pack(picture))
    assert b"\x10\x04" not in data and b"\x11\x04\x01" in data


@given(cuts)
def test_a_page_is_decoded_the_same_however_it_is_split(places: list[int]) -> None:
    page = (
        escp.INITIALISE
        + escp.set_units()
        + escp.down_to(100)
        + escp.across_to(50)
        + escp.CHINESE_ON
        + "国A".encode("gbk")
        + escp.CHINESE_OFF
        + escp.bit_image(np.tri(24, 30, dtype=bool))
        + b"\r\x0c"
    )
    whole = [op for op in EscpReader().feed(page) if op.name != "text"]
    split = [op for op in fed(EscpReader().feed, page, places) if op.name != "text"]
    assert split == whole
    reader = EscpReader()
    text = b"".join(
        op.data for chunk in chunks(page, places) for op in reader.feed(chunk) if op.name == "text"
    )
    assert text == "国A".encode("gbk")


@given(cuts)
def test_questions_are_found_wherever_the_stream_is_cut(places: list[int]) -> None:
    stream = b"abc\x10\x04\x01\x1b$\x01\x02\x10\x05\x02\x10\x10\x04\x04xyz"
    seen, orders, rest = RealTime(), [], b""
    for chunk in chunks(stream, places):
        more, left = seen.feed(chunk)
        orders += more
        rest += left
    assert orders == [(4, 1), (5, 2), (4, 4)]
    assert rest == b"abc\x1b$\x01\x02\x10xyz"


def test_the_head_strikes_where_the_commands_say() -> None:
    head, struck = Head(), []
    page = (
        b"\x1b@" + escp.set_units() + escp.chinese_pitch() + escp.down_to(100) + escp.across_to(50)
        + b"\x1c&" + "国国".encode("gbk") + b"\x1c." + escp.across_to(300) + escp.bit_image(np.ones((24, 2), bool)) + b"\r"
    )  # fmt: skip
    for op in EscpReader().feed(page):
        struck += [done for done in head.obey(op) if isinstance(done, Strike)]
    (strike,) = struck
    assert strike.y == 1000
    assert [x for x, _ in strike.columns] == [500, 500 + 24 * DOT, 3000, 3000 + DOT]
    assert head.text == "国国" and head.unknown == 0


@pytest.mark.parametrize("code", [b"\x81\x30\x84\x36", "𬭚".encode("gb18030")])
def test_the_simulated_font_has_no_four_byte_code(code: bytes) -> None:
    head = Head()
    for op in EscpReader().feed(b"\x1b@\x1c&" + code + b"\x1c.\r"):
        list(head.obey(op))
    assert head.unprintable >= 1 and any(c.isascii() for c in head.text), "stray digits, as on paper"


@given(st.binary(max_size=300), cuts)
def test_no_bytes_break_the_simulated_printer(data: bytes, places: list[int]) -> None:
    head, seen, reader = Head(), RealTime(), EscpReader()
    for chunk in chunks(data, places):
        for op in reader.feed(seen.feed(chunk)[1]):
            list(head.obey(op))


def test_flow_control_is_taken_out_of_the_answers() -> None:
    flow = FlowControl()
    assert flow.feed(b"\x12") == b"\x12" and not flow.held
    assert flow.feed(b"\x13\x16") == b"\x16" and flow.held
    assert flow.feed(b"\x1e\x11\x13\x11") == b"\x1e" and not flow.held


@pytest.mark.parametrize("byte", [b for b in range(256) if b & 0x93 == 0x12])
def test_no_status_answer_looks_like_flow_control(byte: int) -> None:
    assert FlowControl().feed(bytes([byte])) == bytes([byte])


WELL = {Query.PRINTER: 0x12, Query.OFFLINE_CAUSE: 0x12, Query.ERROR_CAUSE: 0x12, Query.PAPER: 0x12}


def facts(**answers: int) -> PrinterFacts:
    found = PrinterFacts()
    for query, byte in {**WELL, **{Query[name]: byte for name, byte in answers.items()}}.items():
        found = found.merged(realtime(query, byte))
    return found


@pytest.mark.parametrize(
    ("answers", "code", "state", "media"),
    [
        ({}, None, DeviceState.ONLINE, "present"),
        ({"PRINTER": 0x1A, "PAPER": 0x7E}, None, DeviceState.ONLINE, "notPresent"),
        (
            {"PRINTER": 0x1A, "OFFLINE_CAUSE": 0x32, "PAPER": 0x7E},
            "paperOut",
            DeviceState.ONLINE,
            "notPresent",
        ),
        ({"PRINTER": 0x1A, "OFFLINE_CAUSE": 0x16}, "coverOpen", DeviceState.USER_ERROR, "present"),
        ({"PRINTER": 0x1A, "ERROR_CAUSE": 0x16}, "paperJammed", DeviceState.HARDWARE_ERROR, "jammed"),
        ({"PRINTER": 0x1A, "ERROR_CAUSE": 0x32}, "hardwareError", DeviceState.HARDWARE_ERROR, "present"),
        ({"PRINTER": 0x1A}, "deviceOffline", DeviceState.OFFLINE, "present"),
    ],
)
def test_answers_in_the_words_of_the_standard(
    answers: dict[str, int], code: str | None, state: DeviceState, media: str
) -> None:
    found = facts(**answers)
    assert (fault(found), device_state(found)) == (code, state)
    assert details(found, single=True)["printer"]["media"] == media  # type: ignore[index]


def test_the_untold_is_unknown() -> None:
    told = details(PrinterFacts(), single=False)
    assert told["printer"] == {
        "media": "unknown",
        "paper": {"upper": "unknown"},
        "ink": "unknown",
        "paperType": {"upper": "single"},
    }
    assert set(told["paperJob"].values()) == {"unknown"}  # type: ignore[attr-defined]
    assert device_state(PrinterFacts()) is DeviceState.OFFLINE
    assert details(facts(PAPER=0x7E), single=False)["printer"]["paper"] == {"upper": "out"}  # type: ignore[index]
