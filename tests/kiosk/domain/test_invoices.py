"""Invoices: codes, ranges as sets, and QR payloads as scanners deliver them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.domain import invoices
from kiosk.domain.errors import FieldError, RangeError
from kiosk.domain.invoices import (
    InvoiceKind,
    InvoiceRange,
    check_code,
    check_invoice_number,
    intersect,
    normal,
    of_numbers,
    parse_invoice_qr,
    subtract,
    union,
)

CHECK = "12345678901234567890"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("4403174130", InvoiceKind.SPECIAL),
        ("4403174530", InvoiceKind.SPECIAL),
        ("4403174320", InvoiceKind.ORDINARY),
        ("4403174620", InvoiceKind.ORDINARY),
        ("4403174230", InvoiceKind.FREIGHT),
        ("4403174730", InvoiceKind.FREIGHT),
        ("4403174930", InvoiceKind.UNKNOWN),
        ("044031800104", InvoiceKind.ORDINARY),
        ("044031800105", InvoiceKind.ORDINARY),
        ("044031800106", InvoiceKind.ROLL),
        ("044031800107", InvoiceKind.ROLL),
        ("044031800111", InvoiceKind.E_ORDINARY),
        ("044031800112", InvoiceKind.TOLL),
        ("044031800113", InvoiceKind.E_SPECIAL),
        ("044031800199", InvoiceKind.UNKNOWN),
        ("144031800104", InvoiceKind.UNKNOWN),
    ],
)
def test_a_code_tells_its_kind(code: str, kind: InvoiceKind) -> None:
    assert check_code(code).kind is kind


def test_a_ten_digit_code_is_taken_apart() -> None:
    found = check_code("4403174132")
    assert (found.area, found.year, found.batch, found.copies) == ("4403", 2017, "4", 3)
    assert found.face_limit_yuan == 100_000
    assert check_code("4403174130").face_limit_yuan is None


def test_a_twelve_digit_code_is_taken_apart() -> None:
    found = check_code("044031800105")
    assert (found.area, found.year, found.batch, found.copies) == ("4403", 2018, "001", 5)


@pytest.mark.parametrize(
    ("version", "limit"), [("0", None), ("1", 10_000), ("2", 100_000), ("3", 1_000_000), ("4", 10_000_000)]
)
def test_the_last_digit_of_a_ten_digit_code_limits_the_amount(version: str, limit: int | None) -> None:
    assert check_code(f"440317413{version}").face_limit_yuan == limit


@pytest.mark.parametrize("copies", range(2, 10))
def test_the_ninth_digit_of_a_ten_digit_code_counts_the_copies(copies: int) -> None:
    assert check_code(f"44031741{copies}0").copies == copies


def test_a_folded_invoice_of_twelve_digits_has_two_or_five_copies() -> None:
    assert [check_code(f"0440318001{kind}").copies for kind in ("04", "05", "06")] == [2, 5, None]


@pytest.mark.parametrize(
    ("code", "fault"), [("44031741", "length"), ("44031741X0", "characters"), ("", "empty")]
)
def test_a_wrong_code_is_refused(code: str, fault: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_code(code)
    assert caught.value.code == fault


def test_numbers_keep_their_leading_zeros() -> None:
    assert check_invoice_number("00001234") == "00001234"
    assert check_invoice_number("26442000002693468011") == "26442000002693468011"
    for wrong in ("1234567", "1234567A", "123456789"):
        with pytest.raises(FieldError):
            check_invoice_number(wrong)


def test_digital_invoices_have_no_code() -> None:
    assert [kind for kind in InvoiceKind if kind.digital] == [
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.DIGITAL_ORDINARY,
    ]


# --- ranges -----------------------------------------------------------------------------------------------

ranges = st.builds(
    lambda first, more: InvoiceRange.starting(f"{first:08d}", more),
    st.integers(0, 60),
    st.integers(1, 20),
)
groups = st.lists(ranges, max_size=6)


def _numbers(group: list[InvoiceRange] | invoices.Ranges) -> set[str]:
    return {number for item in group for number in item}


@given(groups, groups)
def test_ranges_compute_like_sets_of_numbers(one: list[InvoiceRange], other: list[InvoiceRange]) -> None:
    left, right = _numbers(one), _numbers(other)
    assert _numbers(union(one, other)) == left | right
    assert _numbers(subtract(one, other)) == left - right
    assert _numbers(intersect(one, other)) == left & right
    assert invoices.count(one) == len(left)
    assert of_numbers(left) == normal(one)


@given(groups)
def test_the_normal_form_is_sorted_disjoint_and_joined(group: list[InvoiceRange]) -> None:
    found = normal(group)
    assert list(found) == sorted(found)
    assert all(int(b.first) > int(a.last) + 1 for a, b in zip(found, found[1:], strict=False))
    assert normal(found) == found


@given(ranges, st.integers(1, 20))
def test_a_split_loses_nothing(item: InvoiceRange, wanted: int) -> None:
    assume(wanted <= item.count)
    taken, left = item.split(wanted)
    assert taken.count == wanted
    assert union([taken], [left] if left else []) == (item,)
    assert left is None or not taken.overlaps(left)


@given(ranges, ranges)
def test_ranges_overlap_exactly_when_they_share_a_number(one: InvoiceRange, other: InvoiceRange) -> None:
    assert one.overlaps(other) == bool(set(one) & set(other))
    assert all(number in one for number in one)


def test_the_count_includes_both_ends() -> None:
    item = InvoiceRange("00000001", "00000025")
    assert item.count == 25
    assert item == InvoiceRange.starting("00000001", 25)
    assert "00000025" in item
    assert "00000026" not in item
    assert "25" not in item
    assert 25 not in item


def test_numbers_in_two_ranges_are_refused_where_they_must_be_disjoint() -> None:
    one, other = InvoiceRange("00000001", "00000010"), InvoiceRange("00000010", "00000012")
    with pytest.raises(RangeError, match="00000010 is in two ranges"):
        normal([one, other], disjoint=True)
    assert normal([one, InvoiceRange("00000011", "00000012")], disjoint=True) == (
        InvoiceRange("00000001", "00000012"),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [("2", "3"), ("00000002", "00000001"), ("0000000A", "0000000B"), ("００００００００", "00000001")],
)
def test_what_is_no_range_is_refused(first: str, last: str) -> None:
    with pytest.raises(RangeError):
        InvoiceRange(first, last)


def test_numbers_end_where_eight_digits_end() -> None:
    assert InvoiceRange.starting("99999999", 1).last == "99999999"
    for first, count in (("99999999", 2), ("00000001", 0)):
        with pytest.raises(RangeError):
            InvoiceRange.starting(first, count)
    with pytest.raises(RangeError):
        InvoiceRange("00000000", "00000001").split(3)
    with pytest.raises(RangeError):
        invoices.add("00000000", -1)


def test_subtracting_at_the_ends_of_the_numbers_works() -> None:
    whole = InvoiceRange("00000000", "99999999")
    assert whole.subtract(whole) == ()
    assert whole.subtract(InvoiceRange("00000000", "99999998")) == (InvoiceRange("99999999", "99999999"),)


# --- QR payloads ------------------------------------------------------------------------------------------


def test_the_notes_ordinary_payload_is_read() -> None:
    found = parse_invoice_qr(f"01,10,044031800111,00345678,104.72,20180613,{CHECK},1774,")
    assert (found.kind, found.code, found.number) == (InvoiceKind.E_ORDINARY, "044031800111", "00345678")
    assert (found.amount, found.issued) == (Decimal("104.72"), date(2018, 6, 13))
    assert (found.check_code, found.secret, found.amount_with_tax) == (CHECK, "1774", False)


@pytest.mark.parametrize("middle", ["20180115,,6579,", "20180115,6579,", "20180115,,6579", "20180115,6579"])
def test_a_special_invoice_is_read_with_and_without_its_empty_field(middle: str) -> None:
    found = parse_invoice_qr(f"01,01,4403174130,12345678,10545.43,{middle}")
    assert found.kind is InvoiceKind.SPECIAL
    assert (found.check_code, found.secret) == (None, "6579")
    assert (found.amount, found.issued) == (Decimal("10545.43"), date(2018, 1, 15))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("01", InvoiceKind.SPECIAL),
        ("03", InvoiceKind.MOTOR_VEHICLE),
        ("04", InvoiceKind.ORDINARY),
        ("08", InvoiceKind.E_SPECIAL),
        ("10", InvoiceKind.E_ORDINARY),
        ("11", InvoiceKind.ROLL),
        ("14", InvoiceKind.TOLL),
        ("15", InvoiceKind.USED_VEHICLE),
    ],
)
def test_every_kind_of_a_payload_is_known(code: str, kind: InvoiceKind) -> None:
    found = parse_invoice_qr(f"01,{code},044031800111,00345678,1.00,20180613,{CHECK},1774,")
    assert (found.kind, found.kind_code, found.amount_with_tax) == (kind, code, False)


@pytest.mark.parametrize(
    ("code", "kind"), [("31", InvoiceKind.DIGITAL_SPECIAL), ("32", InvoiceKind.DIGITAL_ORDINARY)]
)
def test_both_kinds_of_digital_invoice_are_known(code: str, kind: InvoiceKind) -> None:
    found = parse_invoice_qr(f"01,{code},,26442000002693468011,1.00,20260105,,AB12")
    assert (found.kind, found.code, found.amount_with_tax) == (kind, None, True)


def test_a_digital_invoice_has_no_code_and_its_amount_includes_tax() -> None:
    found = parse_invoice_qr("01,32,,26442000002693468011,1000,20260105,,AB12")
    assert (found.kind, found.code, found.number) == (
        InvoiceKind.DIGITAL_ORDINARY,
        None,
        "26442000002693468011",
    )
    assert found.amount_with_tax
    assert found.amount == 1000


@pytest.mark.parametrize(
    "wrap",
    [
        lambda t: "\ufeff" + t,
        lambda t: t + "\r\n",
        lambda t: t.replace(",", "，"),
        lambda t: t.replace(",", " , "),
        lambda t: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in t),
        lambda t: t.encode(),
        lambda t: b"\xef\xbb\xbf" + t.encode(),
        lambda t: t.replace(",", "，").encode("gb18030"),
    ],
)
def test_what_scanners_add_does_no_harm(wrap: object) -> None:
    plain = f"01,04,044031800104,12345678,-104.72,20180613,{CHECK},1774,"
    assert callable(wrap)
    assert parse_invoice_qr(wrap(plain)) == parse_invoice_qr(plain)


def test_an_unknown_kind_keeps_its_code() -> None:
    found = parse_invoice_qr("01,77,4403174130,12345678,1.00,20180115,,6579")
    assert (found.kind, found.kind_code) == (InvoiceKind.UNKNOWN, "77")


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("", "not-an-invoice"),
        ("https://example.invalid/?a=1", "not-an-invoice"),
        ("$bmFtZQ==", "not-an-invoice"),
        ("01,10", "not-an-invoice"),
        ("02,10,044031800111,12345678,1.00,20180613,,", "version"),
        ("01,10,044031800111,1234567,1.00,20180613,,", "number"),
        ("01,10,044031800111,26442000002693468011,1.00,20180613,,", "code"),
        ("01,32,,12345678,1.00,20260105,,", "code"),
        ("01,10,044031800111,12345678,1.005,20180613,,", "amount"),
        ("01,10,044031800111,12345678,1e9,20180613,,", "amount"),
        ("01,10,044031800111,12345678,NaN,20180613,,", "amount"),
        ("01,10,044031800111,12345678,99999999999999,20180613,,", "amount"),
        ("01,10,044031800111,12345678,1.00,20180631,,", "date"),
        ("01,10,044031800111,12345678,1.00,19931231,,", "date"),
        ("01,10,044031800111,12345678,1.00,2018-06-13,,", "date"),
        (f"01,10,044031800111,12345678,1.00,20180613,{CHECK},1774,extra", "rest"),
        ("01,10,044031800111,12345678,1.00,20180613,<script>,", "rest"),
        ("01,10,044031800111,12345678,1.00,20180613,\x00,", "characters"),
        ("01,10,044031800111,12345678,1.00,20180613,\u202e,", "characters"),
        ("01," * 200, "length"),
        (b"\xff\xff\xff\xff", "characters"),
    ],
)
def test_hostile_or_foreign_payloads_are_refused(payload: str | bytes, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_invoice_qr(payload)
    assert caught.value.code == code


@given(
    st.one_of(st.text(max_size=300), st.binary(max_size=300), st.text("0123456789,，-. \r\n", max_size=120))
)
def test_no_payload_does_worse_than_a_refusal(payload: str | bytes) -> None:
    try:
        found = parse_invoice_qr(payload)
    except FieldError:
        return
    assert found.number.isdigit()
