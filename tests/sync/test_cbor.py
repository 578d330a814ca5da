"""Deterministic CBOR: one spelling for a value, and nothing else is taken."""

from __future__ import annotations

import datetime
import struct
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.cbor import MAX_DEPTH, decode, encode
from sync.errors import RecordError
from sync.records import Phase
from tests.depth import examples

NUMBERS = st.integers(min_value=0, max_value=65535)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(1 << 64), max_value=(1 << 64) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.binary(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=40), inner, max_size=4)
        | st.dictionaries(NUMBERS, inner, max_size=4)
    ),
    max_leaves=20,
)


def head(major: int, value: int) -> bytes:
    """RFC 8949, 3: the shortest head."""
    if value < 24:
        return bytes([major << 5 | value])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | code]) + value.to_bytes(size)
    raise ValueError(value)


def reference(value: Any) -> bytes:
    """A second encoder, written from RFC 8949 section 4.2.1 alone."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        for code, form in ((b"\xf9", ">e"), (b"\xfa", ">f")):
            try:
                if struct.unpack(form, struct.pack(form, value))[0] == value:
                    return code + struct.pack(form, value)
            except OverflowError:
                continue
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(reference, value))
    # 4.2.1: by the bytes of the encoded keys
    pairs = sorted((reference(k), reference(v)) for k, v in value.items())
    return head(5, len(pairs)) + b"".join(k + v for k, v in pairs)


@settings(max_examples=examples(150), deadline=None)
@given(VALUES)
def test_it_agrees_with_an_encoder_written_from_the_standard_and_reads_back(value: Any) -> None:
    raw = encode(value)
    assert raw == reference(value)
    assert encode(decode(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("1801", "an integer in a longer head than needed"),
        ("a2616201616102", "map keys out of order"),
        ("a2616101616102", "the same key twice"),
        ("bf616101ff", "indefinite length"),
        ("fb3ff8000000000000", "a float longer than needed"),
        ("f97e00", "not a number"),
        ("f97c00", "infinity"),
        ("c11a514b67b0", "a tag"),
        ("0102", "something behind it"),
        ("", "nothing"),
        ("6261", "cut short"),
        ("62c328", "text that is not UTF-8"),
        ("a1f501", "a truth value as key"),
        ("f7", "undefined"),
        ("81" * 200 + "01", "nested too deep"),
    ],
)
def test_any_other_spelling_is_refused(raw: str, why: str) -> None:
    with pytest.raises(RecordError):
        decode(bytes.fromhex(raw))
        pytest.fail(why)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.20"),
        datetime.date(2026, 10, 12),
        {1: 1, "a": 2},
        {1.5: 2},
        {None: 1},
        {1, 2},
        float("nan"),
        1 << 64,
        object(),
    ],
)
def test_what_has_no_one_meaning_is_not_encoded(value: object) -> None:
    with pytest.raises(RecordError):
        encode({"amount": value})


def test_frozen_mappings_tuples_and_enumerations_are_what_they_stand_for() -> None:
    value = MappingProxyType({"b": (Phase.INTENT, MappingProxyType({"z": 1, "a": 2})), "a": None})
    assert encode(value) == encode({"a": None, "b": ["intent", {"a": 2, "z": 1}]})


def test_what_does_not_fit_is_said_with_its_place() -> None:
    with pytest.raises(RecordError, match=r"\$\.data\[1\]\.amount: a Decimal"):
        encode({"data": [0, {"amount": Decimal("1.20")}]})


def test_nesting_is_bounded_on_the_way_in_too() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(RecordError, match="nested"):
        encode(value)


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_read_as_themselves_or_refused(raw: bytes) -> None:
    try:
        value = decode(raw)
    except RecordError:
        return
    assert encode(value) == raw
