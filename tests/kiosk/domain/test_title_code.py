"""发票抬头二维码: what is written is read again, and nothing spoilt or foreign passes."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FieldError
from kiosk.domain.title_code import LONGEST, InvoiceTitle, checksum, make_title, parse_title

HEMU = InvoiceTitle("云川禾木文具有限公司", "91990199MA607F0M7X", "云川市书院区书院街40号", "工商银行 6222")
KNOWN = "$015LqR5bed56a+5pyo5paH5YW35pyJ6ZmQ5YWs5Y+4PC8+OTE5OTAxOTlNQTYwN0YwTTdYPC8+PC8+PC8+QTkxMDwvPg==$"
"""Made with the long division that the published Java samples do, two zero bytes behind the content."""


def code_of(content: str) -> str:
    return f"$01{base64.b64encode(content.encode()).decode()}$"


def test_a_code_as_other_programs_write_it() -> None:
    assert parse_title(KNOWN) == InvoiceTitle("云川禾木文具有限公司", "91990199MA607F0M7X")
    assert make_title(InvoiceTitle("云川禾木文具有限公司", "91990199MA607F0M7X")) == KNOWN


def test_the_crc_is_the_one_of_the_note() -> None:
    """CRC-16 with 0x8005, nothing reflected, from zero: its check value over ``123456789`` is FEE8."""
    assert checksum("123456789") == 0xFEE8


@given(
    st.text("云川市书院区街号 ABab019", min_size=1, max_size=40).filter(str.strip),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=15, max_size=20),
)
def test_what_is_written_is_read_again(name: str, number: str) -> None:
    title = InvoiceTitle(name.strip(), number)
    assert parse_title(make_title(title)) == title


def test_address_and_bank_go_with_it() -> None:
    assert parse_title(f" {make_title(HEMU)}\r\n") == HEMU


def test_leading_zeros_of_the_crc_may_be_missing() -> None:
    for serial in range(100_000, 200_000):
        content = f"甲</>{serial}000000000</></></>"
        if checksum(content) < 0x1000:
            break
    text = code_of(f"{content}{checksum(content):X}</>")
    assert parse_title(text).name == "甲"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "other"),
        ("https://example.test/s/1", "other"),
        ("$02" + KNOWN[3:], "other"),
        (KNOWN[:-1], "other"),
        ("$01!!!!!!!!$", "other"),
        (code_of("甲</>91990199MA607F0M7X</></>"), "other"),
        (code_of("甲</>91990199MA607F0M7X</></></>0000</>"), "checksum"),
        (code_of("甲</>91990199MA607F0M7X</></></>zzzz</>"), "checksum"),
        (code_of("😀</>91990199MA607F0M7X</></></>0000</>"), "characters"),
        ("$01" + "A" * LONGEST + "$", "other"),
    ],
)
def test_anything_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        parse_title(text)
    assert refused.value.code == code


def test_a_right_crc_makes_no_good_title_of_a_bad_one() -> None:
    for name, number in (
        ("", "91990199MA607F0M7X"),
        ("甲", "123"),
        ("甲" * 51, "91990199MA607F0M7X"),
        ("甲\x07", "9" * 15),
    ):
        content = f"{name}</>{number}</></></>"
        with pytest.raises(FieldError):
            parse_title(code_of(f"{content}{checksum(content):04X}</>"))


@pytest.mark.parametrize(
    ("name", "number", "code"),
    [
        ("😀", "91990199MA607F0M7X", "characters"),
        ("云川𠮷野餐饮有限公司", "91990199MA607F0M7X", "characters"),
        ("甲</>乙", "91990199MA607F0M7X", "characters"),
        ("甲\x07", "91990199MA607F0M7X", "characters"),
        ("甲" * 51, "91990199MA607F0M7X", "length"),
        ("", "91990199MA607F0M7X", "other"),
        ("甲", "123", "other"),
    ],
)
def test_a_title_that_no_reader_would_take_is_not_written(name: str, number: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        make_title(InvoiceTitle(name, number))
    assert refused.value.code == code


@given(st.binary(max_size=200), st.text(max_size=60))
def test_whatever_is_scanned_is_a_title_within_its_bounds_or_refused(content: bytes, text: str) -> None:
    for scanned in (text, f"$01{base64.b64encode(content).decode()}$"):
        try:
            found = parse_title(scanned)
        except FieldError:
            continue
        assert found.name and 15 <= len(found.taxpayer) <= 20
