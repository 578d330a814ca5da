"""Modbus RTU: requests as the specification draws them, and a reply that is found, or refused, wherever it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU

from drivers.protocols.modbus_rtu import Answered, Function, Receiver, Refused, Request, crc16, sealed
from drivers.simulators.modbus_slave import RequestReader, Slave, Tables
from tests.drivers.protocols.splitting import chunks, cuts

READS = [Function.READ_COILS, Function.READ_DISCRETE_INPUTS, Function.READ_HOLDING_REGISTERS, Function.READ_INPUT_REGISTERS]  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> Request:
    function = draw(st.sampled_from(list(Function)))
    unit, address = draw(st.integers(1, 247)), draw(st.integers(0, 8))
    if function in READS:
        return Request(unit, function, address, draw(st.integers(1, 8)))
    bits = function in (Function.WRITE_COIL, Function.WRITE_COILS)
    single = function in (Function.WRITE_COIL, Function.WRITE_REGISTER)
    values = draw(st.lists(st.integers(0, 1 if bits else 0xFFFF), min_size=1, max_size=1 if single else 8))
    return Request.writing(unit, function, address, values)


def replied(request: Request, tables: Tables) -> bytes:
    def written(kind: str, address: int, value: int) -> None:
        (tables.coils if kind == "coil" else tables.holding)[address] = value

    answer = Slave(request.unit, tables, written).answer(request.encode()[:-2])
    assert answer is not None
    return answer


def test_the_check_is_the_published_one() -> None:
    assert crc16(b"123456789") == 0x4B37
    assert sealed(bytes.fromhex("010300000001")) == bytes.fromhex("010300000001840A")


@pytest.mark.parametrize(
    ("request_", "frame"),
    [
        # The examples of MODBUS Application Protocol V1.1b3, clauses 6.1 to 6.12, to slave 0x11.
        (Request(0x11, Function.READ_COILS, 0x13, 0x13), "11 01 0013 0013"),
        (Request(0x11, Function.READ_DISCRETE_INPUTS, 0xC4, 0x16), "11 02 00C4 0016"),
        (Request(0x11, Function.READ_HOLDING_REGISTERS, 0x6B, 3), "11 03 006B 0003"),
        (Request(0x11, Function.READ_INPUT_REGISTERS, 8, 1), "11 04 0008 0001"),
        (Request.writing(0x11, Function.WRITE_COIL, 0xAC, [1]), "11 05 00AC FF00"),
        (Request.writing(0x11, Function.WRITE_REGISTER, 1, [3]), "11 06 0001 0003"),
        (Request.writing(0x11, Function.WRITE_COILS, 0x13, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0]), "11 0F 0013 000A 02 CD01"),
        (Request.writing(0x11, Function.WRITE_REGISTERS, 1, [10, 0x102]), "11 10 0001 0002 04 000A 0102"),
    ],
)  # fmt: skip
def test_requests_are_those_of_the_specification(request_: Request, frame: str) -> None:
    body = bytes.fromhex(frame)
    assert request_.encode() == body + crc16(body).to_bytes(2, "little")


@given(requests())
def test_another_implementation_reads_every_request_the_same(request_: Request) -> None:
    used, pdu = FramerRTU(DecodePDU(True)).handleFrame(request_.encode(), 0, 0)
    assert used == len(request_.encode()) and pdu is not None
    assert (pdu.dev_id, pdu.function_code, pdu.address) == (
        request_.unit,
        request_.function,
        request_.address,
    )
    if not request_.reads:
        bits = request_.function in (Function.WRITE_COIL, Function.WRITE_COILS)
        told = pdu.bits if bits else pdu.registers
        assert [int(value) for value in told][: request_.count] == list(request_.values)


@given(requests(), st.lists(st.integers(0, 1), min_size=16, max_size=16), cuts, st.binary(max_size=40))
def test_a_reply_is_found_behind_noise_and_in_pieces(
    request_: Request, bits: list[int], places: list[int], noise: bytes
) -> None:
    tables = Tables(list(bits), list(bits), [5 * bit for bit in bits * 2], [0xFFFF * bit for bit in bits])
    expected = {
        Function.READ_COILS: tables.coils,
        Function.READ_DISCRETE_INPUTS: tables.inputs,
        Function.READ_HOLDING_REGISTERS: tables.holding,
        Function.READ_INPUT_REGISTERS: tables.registers,
    }
    wanted = tuple(expected[request_.function][request_.address : request_.address + request_.count]) if request_.reads else ()  # fmt: skip
    receiver = Receiver(request_)
    found = [
        reply
        for chunk in chunks(noise + replied(request_, tables), places)
        if (reply := receiver.feed(chunk))
    ]
    assert found == [Answered(wanted)]


@given(requests(), st.integers(0, 10_000))
def test_one_flipped_bit_is_never_believed(request_: Request, at: int) -> None:
    frame = bytearray(replied(request_, Tables()))
    at %= 8 * len(frame)
    frame[at // 8] ^= 1 << at % 8
    assert Receiver(request_).feed(bytes(frame)) is None


@given(requests(), st.integers(1, 255))
def test_an_exception_is_an_answer(request_: Request, code: int) -> None:
    frame = sealed(bytes((request_.unit, request_.function | 0x80, code)))
    assert Receiver(request_).feed(frame) == Refused(code)


@given(requests(), requests())
def test_the_answer_to_another_slave_function_or_place_is_not_taken(one: Request, other: Request) -> None:
    reply = Receiver(one).feed(replied(other, Tables()))
    if reply is None:
        return
    assert (one.unit, one.function) == (other.unit, other.function)
    if isinstance(reply, Refused):
        return  # an exception names neither place nor count
    if one.reads:
        assert one.reply_bytes == other.reply_bytes
    else:
        assert one.encode()[:6] == other.encode()[:6]


@given(st.lists(st.binary(max_size=300), max_size=20), requests())
def test_no_stream_breaks_the_receiver_or_fills_it(pieces: list[bytes], request_: Request) -> None:
    receiver = Receiver(request_)
    for piece in pieces:
        receiver.feed(piece)
    assert receiver.feed(replied(request_, Tables())) is not None


@given(st.lists(requests(), min_size=1, max_size=4), cuts)
def test_the_simulated_slave_finds_every_request(asked: list[Request], places: list[int]) -> None:
    reader = RequestReader()
    stream = b"".join(request_.encode() for request_ in asked)
    found = [frame for chunk in chunks(stream, places) for frame in reader.feed(chunk)]
    assert found == [request_.encode()[:-2] for request_ in asked]


@pytest.mark.parametrize(
    ("unit", "function", "address", "count", "values"),
    [
        (0, Function.READ_COILS, 0, 1, ()),
        (248, Function.READ_COILS, 0, 1, ()),
        (1, Function.READ_COILS, 0, 2001, ()),
        (1, Function.READ_HOLDING_REGISTERS, 0, 126, ()),
        (1, Function.READ_HOLDING_REGISTERS, 0xFFFF, 2, ()),
        (1, Function.READ_HOLDING_REGISTERS, 0, 1, (1,)),
        (1, Function.WRITE_COIL, 0, 1, (2,)),
        (1, Function.WRITE_REGISTER, 0, 1, (0x10000,)),
        (1, Function.WRITE_REGISTERS, 0, 2, (1,)),
    ],
)
def test_what_the_protocol_does_not_have_cannot_be_asked(
    unit: int, function: Function, address: int, count: int, values: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        Request(unit, function, address, count, values)
