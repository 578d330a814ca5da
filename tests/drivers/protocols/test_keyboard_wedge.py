"""Key events back to codes: cut anywhere, shifted, typed as numbers, with keys missing."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.barcode import as_text, normalised
from drivers.protocols.keyboard_wedge import RECORD, Alt, WedgeCutter
from drivers.simulators.hid_events import SUFFIX_KEYS, keystrokes
from tests.drivers.protocols.splitting import cuts, fed

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
ENTER, SHIFT, CAPS, CONTROL, ALT, KEY_A, KEY_F10 = 28, 42, 58, 29, 56, 30, 68


def event(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(1, 2, kind, code, value)


def press(code: int) -> bytes:
    return event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0)


def held(code: int, inner: bytes) -> bytes:
    return event(1, code, 1) + inner + event(1, code, 0)


def test_a_record_is_the_kernels() -> None:
    assert RECORD.size == 2 * struct.calcsize("@l") + 8
    assert press(KEY_A)[RECORD.size - 8 : RECORD.size] == b"\x01\x00\x1e\x00\x01\x00\x00\x00"


@given(st.text(PRINTABLE, min_size=1, max_size=12), cuts)
def test_every_key_of_the_us_layout_comes_back_cut_anywhere(text: str, places: list[int]) -> None:
    stream = keystrokes(text.encode(), "bytes", "utf-8")
    assert fed(WedgeCutter().feed, stream, places) == [text.encode()]


def test_all_printable_characters_have_a_key() -> None:
    assert WedgeCutter().feed(keystrokes(PRINTABLE.encode(), "bytes", "utf-8")) == [PRINTABLE.encode()]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_typed_one_by_one_keep_their_encoding(encoding: str) -> None:
    data = "税票〇䶮𬭚，4095.84".encode(encoding)
    (code,) = WedgeCutter().feed(keystrokes(data, "bytes", encoding))
    assert code == data
    assert normalised(code) == "税票〇䶮𬭚，4095.84".encode()


def test_two_byte_codes_typed_as_one_number_are_gb18030() -> None:
    (code,) = WedgeCutter().feed(keystrokes("发票01".encode("gb18030"), "words", "gb18030"))
    assert (code, as_text(code)) == ("发票01".encode("gb18030"), "发票01")


def test_code_points_typed_as_numbers_are_utf8() -> None:
    text = "é发票𬭚01"
    (code,) = WedgeCutter(alt="unicode").feed(keystrokes(text.encode(), "unicode", "utf-8"))
    assert code == text.encode()


@given(st.binary(min_size=1, max_size=20), cuts)
def test_any_bytes_can_be_typed(data: bytes, places: list[int]) -> None:
    clean = data.translate(None, b"\r\n")
    found = fed(WedgeCutter().feed, keystrokes(clean, "bytes", "latin-1"), places)
    assert found == ([clean] if clean else [])


@pytest.mark.parametrize(("name", "suffix"), [("enter", b"\r"), ("tab", b"\t")])
def test_the_suffix_is_a_key(name: str, suffix: bytes) -> None:
    one, two = (keystrokes(word, "bytes", "utf-8", SUFFIX_KEYS[name]) for word in (b"one", b"two"))
    assert WedgeCutter(suffix).feed(one + two) == [b"one", b"two"]


def test_without_a_suffix_silence_ends_a_code() -> None:
    cutter = WedgeCutter(None)
    assert cutter.feed(keystrokes(b"one", "bytes", "utf-8", None)) == []
    assert cutter.idle() == [b"one"]
    assert cutter.idle() == []
    assert cutter.feed(keystrokes(b"two", "bytes", "utf-8")) == [b"two"]


def test_half_a_code_is_forgotten_in_silence() -> None:
    cutter = WedgeCutter()
    cutter.feed(keystrokes(b"of the person be", "bytes", "utf-8", None) + press(KEY_A)[:10])
    assert cutter.idle() == []
    assert cutter.feed(keystrokes(b"mine", "bytes", "utf-8")) == [b"mine"]


def test_the_rest_of_a_code_that_was_forgotten_is_no_code() -> None:
    cutter = WedgeCutter()
    cutter.feed(keystrokes(b"of the person", "bytes", "utf-8", None))
    cutter.reset()
    assert cutter.feed(keystrokes(b" before", "bytes", "utf-8")) == []
    assert cutter.feed(keystrokes(b"mine", "bytes", "utf-8")) == [b"mine"]


def test_capitals_shift_control_and_keys_without_a_character() -> None:
    typed = press(CAPS) + press(KEY_A) + held(SHIFT, press(KEY_A)) + press(2) + press(CAPS) + press(KEY_A)
    assert WedgeCutter().feed(press(KEY_F10) + typed + press(ENTER)) == [b"Aa1a"]
    separator = held(CONTROL, press(27))  # Control and ] is GS
    assert WedgeCutter().feed(press(KEY_A) + separator + press(KEY_A) + press(ENTER)) == [b"a\x1da"]
    assert WedgeCutter().feed(press(KEY_A) + held(CONTROL, press(50))) == [b"a"]  # Control and M is Enter
    assert WedgeCutter().feed(held(KEY_A, event(1, KEY_A, 2) * 5) + press(ENTER)) == [b"a"]


def test_a_code_with_missing_keys_is_dropped_and_the_next_one_read() -> None:
    cutter = WedgeCutter()
    code = keystrokes(b"01,04,053002600104", "bytes", "utf-8")
    middle = len(code) // 2 // RECORD.size * RECORD.size
    ran_over = code[:middle] + event(0, 3, 0) + code[middle + 10 * RECORD.size :]
    assert cutter.feed(ran_over + keystrokes(b"next", "bytes", "utf-8")) == [b"next"]
    assert cutter.spoilt == 1


@pytest.mark.parametrize(
    ("alt", "number"),
    [
        ("gb18030", "70000"),
        ("gb18030", "300"),
        ("unicode", "55296"),
        ("unicode", "1114112"),
        ("unicode", "9" * 11),
    ],
)
def test_a_number_that_stands_for_nothing_spoils_its_code(alt: Alt, number: str) -> None:
    keypad = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
    typed = held(ALT, b"".join(press(keypad[digit]) for digit in number))
    code = press(KEY_A) + typed + press(ENTER)
    assert WedgeCutter(alt=alt).feed(code + press(KEY_A) + press(ENTER)) == [b"a"]


def test_an_endless_code_is_dropped_whole() -> None:
    cutter = WedgeCutter(limit=16)
    assert cutter.feed(keystrokes(b"x" * 99, "bytes", "utf-8") + keystrokes(b"ok", "bytes", "utf-8")) == [
        b"ok"
    ]


@given(st.binary(max_size=400), cuts)
def test_no_bytes_break_it_and_it_recovers(noise: bytes, places: list[int]) -> None:
    cutter = WedgeCutter()
    fed(cutter.feed, noise, places)
    cutter.restart()
    assert cutter.feed(keystrokes(b"good", "bytes", "utf-8")) == [b"good"]


@given(st.integers(0, 7), st.data())
def test_a_flipped_bit_never_breaks_it(bit: int, data: st.DataObject) -> None:
    code = bytearray(keystrokes(b"A1-b2", "bytes", "utf-8"))
    code[data.draw(st.integers(0, len(code) - 1))] ^= 1 << bit
    cutter = WedgeCutter()
    cutter.feed(bytes(code))
    cutter.idle()
    cutter.restart()
    assert cutter.feed(keystrokes(b"good", "bytes", "utf-8")) == [b"good"]
