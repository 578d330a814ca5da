"""Commands, chains and answers of cards, against the standard's own examples and a card that knows nothing of us."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import (
    DeviceError,
    HardwareFault,
    InvalidData,
    MediaInvalid,
    ProtocolError,
    SecurityFailed,
)
from drivers.protocols import apdu_words
from drivers.protocols.apdu import MOST_ANSWER, Command, Exchange, Response, redacted

INS = st.integers(0, 255).filter(lambda ins: ins >> 4 not in (6, 9))
BYTE = st.integers(0, 255)
COMMANDS = st.builds(
    Command,
    st.integers(0, 254),
    INS,
    BYTE,
    BYTE,
    st.one_of(st.binary(max_size=300), st.binary(min_size=65500, max_size=65535)),
    st.one_of(st.none(), st.integers(1, 300), st.integers(65530, 65536)),
)


@pytest.mark.parametrize(
    ("command", "raw"),
    [
        (Command(0, 0x44, 0, 0), "00440000"),
        (Command(0, 0xB0, 0, 0, le=256), "00B0000000"),
        (Command(0, 0x84, 0, 0, le=8), "0084000008"),
        (Command(0, 0x20, 0, 0x81, b"1234"), "0020008104 31323334"),
        (
            Command(0, 0xA4, 4, 0, bytes.fromhex("A000000003000000"), 256),
            "00A4040008 A000000003000000 00",
        ),  # GlobalPlatform's card manager
        (Command(0, 0xB0, 0, 0, le=257), "00B00000 000101"),
        (Command(0, 0xB0, 0, 0, le=65536), "00B00000 000000"),
        (Command(0, 0xD6, 0, 0, bytes(256)), "00D60000 000100" + "00" * 256),
        (Command(0, 0x2A, 0x9E, 0x9A, bytes(1), 65536), "002A9E9A 000001 00 0000"),
    ],
)
def test_each_case_has_its_form(command: Command, raw: str) -> None:
    assert command.encode() == bytes.fromhex(raw)
    assert Command.parse(bytes.fromhex(raw)) == command


@settings(deadline=None)  # 64 KiB on a busy machine
@given(COMMANDS)
def test_a_command_is_read_as_it_was_written(command: Command) -> None:
    assert Command.parse(command.encode()) == command


@given(st.binary(max_size=400))
def test_any_bytes_are_a_command_or_refused(raw: bytes) -> None:
    try:
        command = Command.parse(raw)
    except InvalidData:
        return
    assert Command.parse(command.encode()) == command


@pytest.mark.parametrize(
    "raw", ["", "00A404", "00A4040003AABB", "00A40400020102030405", "FFCA000000", "00600000"]
)
def test_what_is_no_command_is_refused(raw: str) -> None:
    with pytest.raises(InvalidData):
        Command.parse(bytes.fromhex(raw))


@given(st.binary(min_size=256, max_size=2000), st.one_of(st.none(), st.integers(1, 256)))
def test_long_data_is_chained_and_the_last_piece_alone_asks(data: bytes, le: int | None) -> None:
    *first, last = Command(0x80, 0x2A, 0x9E, 0x9A, data, le).parts()
    assert all(part.cla == 0x90 and part.le is None and len(part.data) == 255 for part in first)
    assert (last.cla, last.le) == (0x80, le)
    assert b"".join(part.data for part in (*first, last)) == data


def test_data_is_never_shown() -> None:
    verify = Command(0, 0x20, 0, 0x81, b"271828", 8)
    for text in (repr(verify), redacted(verify.encode()), repr(Response(b"271828", 0x9000))):
        assert "271828" not in text and b"271828".hex() not in text.replace(" ", "").lower()
    assert redacted(verify.encode()) == "00 20 00 81 +8"


class Card:
    """Echoes chained data, gives its answer in pieces of ``piece`` (T=0 style), corrects lengths when ``strict``."""

    def __init__(self, *, piece: int = 256, strict: bool = False) -> None:
        self.piece = piece
        self.strict = strict
        self.taken = b""
        self.left = b""
        self.heard: list[bytes] = []

    def __call__(self, raw: bytes) -> bytes:
        self.heard.append(raw)
        if raw[1] == 0xC0:
            return self.give(raw[-1] or 256)
        lc = raw[4] if len(raw) > 5 else 0
        self.taken += raw[5 : 5 + lc]
        if raw[0] & 0x10:
            return b"\x90\x00"
        self.left, self.taken = self.taken, b""
        asked = raw[-1] or 256 if len(raw) in (5, 6 + lc) else None
        if self.strict and asked is not None and asked != min(256, len(self.left)) and self.left:
            self.taken = self.left[:-lc] if lc else self.left
            return bytes((0x6C, len(self.left) % 256))
        return self.give(asked or 0)

    def give(self, count: int) -> bytes:
        piece, self.left = self.left[: min(count, self.piece)], self.left[min(count, self.piece) :]
        return piece + (
            bytes((0x61, min(256, self.piece, len(self.left)) % 256)) if self.left else b"\x90\x00"
        )


def run(exchange: Exchange, card: Card) -> Response:
    while exchange.answer is None:
        card_says = card(exchange.sending)
        exchange.feed(card_says)
    return exchange.answer


@given(st.binary(min_size=1, max_size=1500), st.integers(1, 256), st.booleans())
def test_an_answer_comes_whole_however_it_is_cut(data: bytes, piece: int, t0: bool) -> None:
    card = Card(piece=piece)
    told = run(Exchange(Command(0, 0x88, 0, 0, data, 256), t0=t0), card)
    assert told == Response(data, 0x9000)


@given(st.binary(min_size=1, max_size=255), st.integers(1, 256))
def test_a_wrong_length_is_corrected_once(data: bytes, le: int) -> None:
    card = Card(strict=True)
    assert run(Exchange(Command(0, 0x88, 0, 0, data, le)), card).data == data
    assert len(card.heard) <= 2


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=30))
def test_any_answers_end_the_exchange_or_are_refused(answers: list[bytes]) -> None:
    exchange = Exchange(Command(0, 0x88, 0, 0, bytes(300), 256))
    for raw in answers:
        try:
            exchange.feed(raw)
        except ProtocolError:
            return
        if exchange.answer is not None:
            assert exchange.answer.sw >> 8 != 0x61
            return
        Command.parse(exchange.sending)


def test_a_chain_that_is_refused_ends_there() -> None:
    exchange = Exchange(Command(0, 0x2A, 0x9E, 0x9A, bytes(600), 256))
    exchange.feed(b"\x90\x00")
    exchange.feed(b"\x68\x84")
    assert exchange.answer == Response(b"", 0x6884)


def test_the_logical_channel_is_kept_and_an_endless_answer_is_not_awaited() -> None:
    exchange = Exchange(Command(0x02, 0x88, 0, 0, b"x", 256))
    exchange.feed(b"\x61\x10")
    assert exchange.sending == bytes.fromhex("02C0000010")
    with pytest.raises(ProtocolError):
        exchange.feed(b"\x61\x10")
    exchange = Exchange(Command(0, 0x88, 0, 0, b"x", 256))
    with pytest.raises(ProtocolError):
        for _ in range(MOST_ANSWER // 256 + 1):
            exchange.feed(bytes(256) + b"\x61\x00")


def test_a_card_that_takes_extended_lengths_is_sent_them() -> None:
    exchange = Exchange(Command(0, 0x2A, 0x9E, 0x9A, bytes(300), 512), extended=True)
    assert exchange.sending[4:7] == bytes.fromhex("00012C")
    exchange.feed(bytes(512) + b"\x90\x00")
    assert exchange.answer is not None and len(exchange.answer.data) == 512


@pytest.mark.parametrize(
    ("sw", "kind"),
    [(0x6A82, MediaInvalid), (0x6982, SecurityFailed), (0x63C2, SecurityFailed), (0x6581, HardwareFault), (0x6700, ProtocolError)],
)  # fmt: skip
def test_a_status_word_is_the_failure_it_stands_for(sw: int, kind: type[DeviceError]) -> None:
    with pytest.raises(kind, match=f"{sw:04X}"):
        apdu_words.required(Response(b"", sw), "select")


def test_tries_left_are_told_in_the_answer_to_verify() -> None:
    assert [apdu_words.tries_left(sw) for sw in (0x63C3, 0x63C0, 0x6983, 0x9000, 0x6300)] == [
        3,
        0,
        0,
        None,
        None,
    ]
    assert apdu_words.required(Response(b"x", 0x9000), "read") == b"x"
    assert apdu_words.name(0x63C2) == "wrong, 2 tries left" and apdu_words.name(0x9000) == "done"
