"""What a scanner sends: cut at the suffix, bounded, named, readable in both encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.barcode import (
    MAX_CODE,
    Splitter,
    aim_prefix,
    as_text,
    guess_symbology,
    normalised,
)
from tests.drivers.protocols.splitting import cuts, fed


@given(
    st.lists(st.binary(min_size=1, max_size=80), max_size=6), cuts, st.sampled_from([b"\r", b"\r\n", b"\t"])
)
def test_codes_survive_being_cut_anywhere(codes: list[bytes], places: list[int], suffix: bytes) -> None:
    codes = [clean for code in codes if (clean := code.translate(None, b"\r\n\t"))]
    stream = b"".join(code + suffix for code in codes)
    assert fed(Splitter(suffix).feed, stream, places) == codes


def test_a_line_feed_behind_the_suffix_belongs_to_no_code() -> None:
    assert Splitter().feed(b"one\r\ntwo\r\n\r") == [b"one", b"two"]


@given(st.integers(1, 3), cuts)
def test_an_endless_code_is_dropped_whole_and_the_next_one_heard(times: int, places: list[int]) -> None:
    splitter = Splitter(limit=100)
    flood = b"x" * 500 * times
    assert fed(splitter.feed, flood + b"\r" + b"good\r", places) == [b"good"]
    assert splitter.dropped == 1


def test_a_flood_without_suffix_takes_no_memory() -> None:
    splitter = Splitter()
    for _ in range(100):
        splitter.feed(b"x" * 10_000)
    assert len(splitter._buffer) <= MAX_CODE + 1


def test_a_half_code_can_be_forgotten() -> None:
    splitter = Splitter()
    splitter.feed(b"of the person before")
    splitter.reset()
    assert splitter.feed(b"mine\r") == [b"mine"]


@pytest.mark.parametrize(("suffix", "limit"), [(b"", 10), (b"\r", 0)])
def test_impossible_settings_are_refused(suffix: bytes, limit: int) -> None:
    with pytest.raises(ValueError, match="needed"):
        Splitter(suffix, limit)


@pytest.mark.parametrize(
    "text", ["https://ex.test/v?n=1", "01,04,,24422000,4095.84,20261012,1234", "税票〇䶮𬭚￥"]
)
def test_both_encodings_give_the_same_text(text: str) -> None:
    assert as_text(text.encode("utf-8")) == text
    assert as_text(text.encode("gb18030")) == text
    assert normalised(text.encode("gb18030")) == text.encode("utf-8")


@pytest.mark.parametrize("code", [b"\x00\x01\x02", b"\xff\xfe", b"\x1b[2J", b"\x81"])
def test_bytes_that_are_no_text_stay_bytes(code: bytes) -> None:
    assert as_text(code) is None
    assert normalised(code) == code


@given(st.binary(max_size=200))
def test_any_code_is_named_and_normalised_without_a_crash(code: bytes) -> None:
    assert guess_symbology(code)
    assert isinstance(normalised(code), bytes)
    aim_prefix(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (b"6901234567892", "ean13"),
        (b"6901234567893", "code128"),  # wrong check digit: only a number
        (b"036000291452", "upcA"),
        (b"96385074", "ean8"),
        (b"*KIOSK-42*", "code39"),
        (b"https://ex.test/s/42", "qrCode"),
        (b"01,04,,24422000,4095.84,20261012,1234", "qrCode"),
        ("税票".encode(), "qrCode"),
        (b"x" * 60, "qrCode"),
        (b"YC2610120042", "code128"),
        (b"two words", "symbologyUnknown"),
    ],
)
def test_symbologies_are_guessed_soberly(code: bytes, name: str) -> None:
    assert guess_symbology(code) == name


def test_a_symbology_identifier_is_taken_off() -> None:
    assert aim_prefix(b"]Q1https://x") == ("qrCode", b"https://x")
    assert aim_prefix(b"]C0ABC") == ("code128", b"ABC")
    assert aim_prefix(b"]C1010690123456789210") == ("ean128", b"010690123456789210")
    assert aim_prefix(b"]E06901234567892") == ("ean13", b"6901234567892")
    assert aim_prefix(b"]E496385074") == ("ean8", b"96385074")
    assert aim_prefix(b"]?1ABC") == (None, b"]?1ABC")
    assert aim_prefix(b"]Q") == (None, b"]Q")
