from __future__ import annotations

import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bureau.certificates import shortsig
from bureau.certificates.sealing import SoftwareCodeSigner
from sync import paper_signature
from sync.paper_signature import key_id

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {key_id(KEY.public_key()): KEY.public_key()}
NUMBER, CODE = "21530126101200000424", "7K2M9QX4PD3A8HEW"
CONTENT = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
FROZEN = (
    "AVZHWqcmNQAAAAY1EiwmtGto_8aP-ZtFPB0wQTS4tH3g1MFKc_LBBp1eZxI6Jq"
    "ySl4IzpEEczGqWyVI2OHZZViK3_qYfdbiRh4LLuBF0ovqNCwZ5OzMz_OJm2bMG"
)
"""Made once by this code with the key 00 01 … 1f (RFC 8032); terminals check codes printed years ago."""


def made() -> str:
    return shortsig.make(NUMBER, CODE, date(2026, 10, 12), 406_802, CONTENT, SoftwareCodeSigner(KEY))


def test_the_format_stays_as_it_was_frozen() -> None:
    assert made() == FROZEN
    assert len(FROZEN) == paper_signature.TEXT_LENGTH


def test_a_genuine_signature_says_day_amount_and_content() -> None:
    facts = paper_signature.check(FROZEN, NUMBER, CODE, KEYS)
    assert facts is not None
    assert (facts.day, facts.amount_fen) == (date(2026, 10, 12), 406_802)
    assert facts.names(CONTENT)
    assert not facts.names("00" * 32)


@pytest.mark.parametrize("position", range(0, paper_signature.LENGTH, 7))
def test_any_changed_byte_is_refused(position: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(FROZEN))
    raw[position] ^= 1
    assert paper_signature.check(base64.urlsafe_b64encode(raw).decode(), NUMBER, CODE, KEYS) is None


def test_it_holds_for_its_own_number_and_code_only() -> None:
    assert paper_signature.check(FROZEN, NUMBER[:-1] + "5", CODE, KEYS) is None
    assert paper_signature.check(FROZEN, NUMBER, CODE[:-1] + "X", KEYS) is None
    assert paper_signature.check(FROZEN, NUMBER, CODE, {}) is None


def test_a_certificate_without_an_amount_says_so() -> None:
    text = shortsig.make(NUMBER, CODE, date(2026, 1, 1), None, CONTENT, SoftwareCodeSigner(KEY))
    facts = paper_signature.check(text, NUMBER, CODE, KEYS)
    assert facts is not None and facts.amount_fen is None


@pytest.mark.parametrize(
    ("day", "amount"), [(date(1999, 12, 31), 1), (date(2026, 1, 1), -1), (date(2026, 1, 1), 1 << 48)]
)
def test_what_does_not_fit_is_refused_when_it_is_made(day: date, amount: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        shortsig.make(NUMBER, CODE, day, amount, CONTENT, SoftwareCodeSigner(KEY))


@given(st.text(max_size=200) | st.text(alphabet="AQaz09-_=+/", min_size=124, max_size=124))
def test_garbage_is_refused_without_an_error(text: str) -> None:
    assert paper_signature.check(text, NUMBER, CODE, KEYS) is None
