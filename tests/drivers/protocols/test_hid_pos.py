"""Point-of-sale reports back to codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.protocols.barcode import aim_prefix
from drivers.protocols.hid_pos import SIZE, ReportCutter
from drivers.simulators.hid_events import reports
from tests.drivers.protocols.splitting import cuts, fed

QR = b"]Q1"


def test_the_report_of_a_makers_manual() -> None:
    """60 bytes in two reports, as the manual of an Access-IS LSR118 shows them."""
    text = b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  0000>"[:60]
    first = bytes((2, 0x38)) + b"]Q0" + text[:56] + bytes((0x73, 0, 1))
    second = bytes((2, len(text) - 56)) + b"]Q0" + text[56:].ljust(56, b"\0") + bytes((0x73, 0, 0))
    cutter = ReportCutter()
    assert cutter.feed(first) == []
    assert cutter.feed(second) == [b"]Q0" + text]


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=4), cuts)
def test_codes_of_any_length_come_back_cut_anywhere(codes: list[bytes], places: list[int]) -> None:
    stream = b"".join(reports(code, QR) for code in codes)
    # The first piece of a stream must not be empty or its first byte missing: the kernel gives whole reports.
    assert fed(ReportCutter().feed, stream, places) == [QR + code for code in codes]


def test_the_symbology_is_the_scanners_word() -> None:
    (code,) = ReportCutter().feed(reports(b"6901234567892", b"]E0"))
    assert aim_prefix(code) == ("ean13", b"6901234567892")
    assert ReportCutter().feed(reports(b"42", b"")) == [b"42"]


def test_another_report_and_half_a_code_are_passed_over() -> None:
    cutter = ReportCutter()
    assert cutter.feed(b"\x05\x02\x02\x02") == []
    assert cutter.feed(reports(b"x" * 100, QR)[:SIZE]) == []
    assert cutter.idle() == []
    assert cutter.feed(reports(b"mine", QR)) == [QR + b"mine"]


def test_the_rest_of_a_code_that_was_forgotten_is_no_code() -> None:
    cutter = ReportCutter()
    code = reports(b"x" * 100, QR)
    cutter.feed(code[:SIZE])
    cutter.reset()
    assert cutter.feed(code[SIZE:]) == []
    assert cutter.feed(reports(b"mine", QR)) == [QR + b"mine"]


def test_an_endless_code_is_dropped_and_the_next_one_read() -> None:
    cutter = ReportCutter(limit=100)
    assert cutter.feed(reports(b"x" * 5000, QR)) == []
    assert cutter.feed(reports(b"good", QR)) == [QR + b"good"]
    assert cutter.dropped == 1
    assert len(cutter._code) == 0


@pytest.mark.parametrize(("place", "value"), [(0, 9), (1, 57), (63, 2)])
def test_what_is_no_report_spoils_the_code_it_stands_in(place: int, value: int) -> None:
    one, two = reports(b"x" * 100, QR)[:SIZE], bytearray(reports(b"x" * 100, QR)[SIZE:])
    two[place] = value
    cutter = ReportCutter()
    assert cutter.feed(one + bytes(two)) == []
    cutter.idle()
    assert cutter.feed(reports(b"good", QR)) == [QR + b"good"]


@given(st.binary(max_size=400), cuts)
def test_no_bytes_break_it_and_it_recovers(noise: bytes, places: list[int]) -> None:
    cutter = ReportCutter()
    fed(cutter.feed, noise, places)
    cutter.idle()
    assert cutter.feed(reports(b"good", QR)) == [QR + b"good"]
