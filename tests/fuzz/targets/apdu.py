"""Commands and answers of smart cards, and the exchange between them."""

from __future__ import annotations

from drivers.errors import DeviceError, InvalidData, ProtocolError
from drivers.protocols.apdu import CHAINING, MOST_ANSWER, SHORT_DATA, Command, Exchange, Response
from drivers.protocols.apdu_words import error_of, name, required, tries_left
from tests.fuzz.oracles import refused_by
from tests.fuzz.script import Script

LONGEST = 256
PARSES = ("drivers.protocols.apdu", "drivers.protocols.apdu_words")


def check(data: bytes) -> None:
    """Any command is the same after it was written again; any card leads an exchange to an end or an error."""
    script = Script(data)
    switches = script.byte()
    raw = script.piece() if switches & 4 else script.piece() + bytes(256 * (switches >> 4)) + script.piece()
    command = refused_by(InvalidData, lambda: Command.parse(raw))
    if command is None:
        return
    assert Command.parse(command.encode()) == command
    assert raw[4:12].hex() not in repr(command) or len(raw) < 12, "a command's data in its repr"
    refused_by((ProtocolError, InvalidData), lambda: _pass(command, switches, script))


def _pass(command: Command, switches: int, script: Script) -> None:
    """In pieces and to a card; CLA EF has no chained form, and is refused when it needs one."""
    if len(command.data) > SHORT_DATA and command.cla | CHAINING == 0xFF:
        list(command.parts())
        raise AssertionError("a command of class FF was made")
    parts = list(command.parts())
    assert b"".join(part.data for part in parts) == command.data and parts[-1].le == command.le
    _talk(Exchange(command, t0=bool(switches & 1), extended=bool(switches & 2)), script)


def _talk(exchange: Exchange, script: Script) -> None:
    sent = 0
    while exchange.answer is None and script.more:
        sent += len(exchange.sending)
        exchange.feed(script.piece())
        assert sent <= 4 * MOST_ANSWER, "an exchange without an end"
    if exchange.answer is not None:
        _read(exchange.answer)


def _read(answer: Response) -> None:
    assert len(answer.data) <= MOST_ANSWER and Response.parse(answer.encode()) == answer
    assert name(answer.sw)
    tries = tries_left(answer.sw)
    assert tries is None or 0 <= tries <= 15
    if answer.sw != 0x9000:
        assert isinstance(error_of(answer.sw, "read"), DeviceError)
    refused_by(DeviceError, lambda: required(answer, "read"))


def seeds() -> list[bytes]:
    """The four cases, chained data, a corrected length, GET RESPONSE, a PIN that is wrong."""
    select = b"\x0c\x00\xa4\x04\x00\x07\xa0\x00\x00\x00\x03\x10\x10"
    read = b"\x05\x00\xb0\x00\x00\x00"
    verify = b"\x0d\x00\x20\x00\x01\x08" + b"1234\xff\xff\xff\xff"
    long = b"\x05\x00\xd6\x00\x00\x00"
    return [
        b"\x04" + select + b"\x02\x90\x00",
        b"\x04" + read + b"\x02\x6c\x04" + b"\x06ABCD\x90\x00",
        b"\x05" + select + b"\x02\x61\x10" + b"\x12" + bytes(16) + b"\x90\x00",
        b"\x04" + verify + b"\x02\x63\xc2",
        b"\x10" + b"\x07\x00\xd6\x00\x00\x00\x01\x00" + b"\x00" + b"\x02\x90\x00" * 3,
        b"\x12" + long + b"\x01\x01" + b"\x02\x90\x00",
        b"\x04\x04\x00\x84\x00\x00" + b"\x02\x6a\x82",
    ]
