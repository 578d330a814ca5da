"""The SAM_V wire: the frames of the domain note, and no value from a line that lies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.protocols.sam_v import (
    BadFrame,
    Command,
    Deframer,
    Reply,
    card_blocks,
    checksum,
    encode,
    sam_id_text,
)
from drivers.protocols.sam_v_words import WORDS, Meaning, answers
from tests.depth import examples
from tests.drivers.protocols.splitting import cuts, fed

REQUESTS = {
    Command.STATUS: "AAAAAA9669000311FFED",
    Command.RESET: "AAAAAA9669000310FFEC",
    Command.SAM_ID: "AAAAAA9669000312FFEE",
    Command.FIND: "AAAAAA96690003200122",
    Command.SELECT: "AAAAAA96690003200221",
    Command.READ_BASE: "AAAAAA96690003300132",
}
REPLIES = {
    "AAAAAA9669000400009094": (Command.STATUS, Meaning.OK),
    "AAAAAA9669000400006064": (Command.STATUS, Meaning.OUT_OF_SERVICE),
    "AAAAAA9669000800009F0000000097": (Command.FIND, Meaning.FOUND),
    "AAAAAA9669000400008084": (Command.FIND, Meaning.NO_CARD),
    "AAAAAA9669000C00009000000000000000009C": (Command.SELECT, Meaning.OK),
    "AAAAAA9669000400008185": (Command.SELECT, Meaning.SELECT_FAILED),
    "AAAAAA9669000400004145": (Command.READ_BASE, Meaning.PLACE_AGAIN),
}


def framed(sw: int, data: bytes = b"") -> bytes:
    counted = (len(data) + 4).to_bytes(2, "big") + bytes((0, 0, sw)) + data
    return bytes.fromhex("AAAAAA9669") + counted + bytes((checksum(counted),))


def base_read(finger: bytes | None = None) -> bytes:
    lengths = bytes.fromhex("01000400") + (len(finger).to_bytes(2, "big") if finger is not None else b"")
    return framed(0x90, lengths + bytes(256) + bytes(1024) + (finger or b""))


@pytest.mark.parametrize(("command", "frame"), REQUESTS.items())
def test_every_request_is_the_frame_public_readers_send(command: Command, frame: str) -> None:
    assert encode(command).hex().upper() == frame


@pytest.mark.parametrize("frame", REPLIES)
def test_every_known_reply_is_understood_and_belongs_to_its_command(frame: str) -> None:
    command, meaning = REPLIES[frame]
    (reply,) = Deframer().feed(bytes.fromhex(frame))
    assert isinstance(reply, Reply)
    assert WORDS[reply.sw].meaning is meaning
    assert answers(command, reply)


def test_a_read_has_the_sizes_of_the_field() -> None:
    assert len(base_read()) == 1295
    assert len(base_read(bytes(1024))) == 2321
    assert base_read()[:14].hex().upper() == "AAAAAA9669050800009001000400"
    assert base_read(bytes(1024))[5:7].hex().upper() == "090A"


def test_a_read_answers_its_command_and_no_other() -> None:
    (reply,) = Deframer().feed(base_read())
    assert isinstance(reply, Reply)
    assert [command for command in Command if answers(command, reply)] == [Command.READ_BASE]


@pytest.mark.parametrize("finger", [bytes(1024), b""])
def test_a_read_with_fingers_in_it_answers_nothing_that_is_ever_asked(finger: bytes) -> None:
    """Fingers and the newest address are never read, so what holds them is a late answer to a stranger."""
    (reply,) = Deframer().feed(base_read(finger))
    assert isinstance(reply, Reply)
    for stray in (reply, Reply(0x90, bytes(70)), Reply(0x91)):
        assert not any(answers(command, stray) for command in Command)


SW3 = {
    Meaning.OK: (0x90,),
    Meaning.ABSENT: (0x91,),
    Meaning.FOUND: (0x9F,),
    Meaning.FAULT: (0x01, 0x02, 0x03, 0x05, 0x09),
    Meaning.RETRY: (0x10, 0x11, 0x21, 0x23, 0x24),
    Meaning.SECURITY: (0x31, 0x32),
    Meaning.NOT_RECOGNISED: (0x33, 0x37, 0x3F, 0x40),
    Meaning.PLACE_AGAIN: (0x41, 0x47),
    Meaning.OUT_OF_SERVICE: (0x60, 0x66),
    Meaning.NO_CARD: (0x80,),
    Meaning.SELECT_FAILED: (0x81,),
}
"""The domain note's table of status words."""


def test_every_status_word_of_the_note_has_its_meaning_and_there_is_no_other() -> None:
    assert {word: WORDS[word].meaning for word in WORDS} == {
        word: meaning for meaning, words in SW3.items() for word in words
    }


@pytest.mark.parametrize("lengths", ["01000200", "02000400", "00000000", "FFFFFFFF"])
def test_a_read_whose_inner_lengths_lie_is_refused(lengths: str) -> None:
    assert card_blocks(bytes.fromhex(lengths) + bytes(1280)) is None


def test_the_sam_number_is_printed_as_on_its_label() -> None:
    data = bytes.fromhex("0500 0100") + b"".join(
        n.to_bytes(4, "little") for n in (20120101, 12345, 987654321)
    )
    assert sam_id_text(data) == "05.01-20120101-0000012345-0987654321"
    with pytest.raises(ValueError, match="16 bytes"):
        sam_id_text(data[:-1])


def test_a_late_reply_to_another_command_is_not_an_answer() -> None:
    found, selected = Reply(0x9F, bytes(4)), Reply(0x90, bytes(8))
    assert answers(Command.FIND, found)
    assert not answers(Command.SELECT, found)
    assert not answers(Command.STATUS, selected)
    assert not answers(Command.READ_BASE, selected)
    assert not answers(Command.SELECT, Reply(0x80))
    assert not answers(Command.FIND, Reply(0x77)), "an unknown word is no answer"


@given(st.sampled_from(sorted(REPLIES)), st.binary(max_size=40), cuts)
def test_a_reply_is_found_behind_garbage_in_any_pieces(frame: str, garbage: bytes, places: list[int]) -> None:
    # What looks like the head of a frame may swallow what follows; that is what re-sending is for.
    garbage = garbage.replace(b"\xaa", b"")
    raw = bytes.fromhex(frame)
    (reply,) = fed(Deframer().feed, garbage + raw + garbage, places)
    assert reply == Reply(raw[9], raw[10:-1])


@given(cuts)
def test_a_whole_read_survives_being_cut_anywhere(places: list[int]) -> None:
    found = fed(Deframer().feed, base_read() + framed(0x80), places)
    assert [f.sw for f in found if isinstance(f, Reply)] == [0x90, 0x80]


@given(st.integers(0, 1295 * 8 - 1))
@settings(max_examples=examples(300))
def test_no_single_flipped_bit_gives_a_value(bit: int) -> None:
    raw = bytearray(base_read())
    raw[bit // 8] ^= 1 << bit % 8
    found = Deframer().feed(bytes(raw))
    assert not [f for f in found if isinstance(f, Reply)]


def test_a_good_frame_inside_a_torn_one_is_found() -> None:
    torn = base_read()[:500]
    found = Deframer().feed(torn + framed(0x80) * 80)
    assert BadFrame("check") in found
    assert Reply(0x80) in found


@given(st.binary(max_size=600), cuts)
def test_any_bytes_at_all_are_survived(data: bytes, places: list[int]) -> None:
    deframer = Deframer()
    fed(deframer.feed, data, places)
    deframer.reset()
    assert deframer.feed(framed(0x80)) == [Reply(0x80)]
