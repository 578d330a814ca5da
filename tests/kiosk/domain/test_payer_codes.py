"""Payer's codes by the figures that each wallet publishes."""

from __future__ import annotations

import pytest

from kiosk.domain.payer_codes import payer_code


@pytest.mark.parametrize(
    "code",
    [
        "10" + "0" * 16,  # WeChat Pay, 18 digits
        "15" + "9" * 16,
        "25" + "0" * 14,  # Alipay, 16 to 24 digits
        "28" + "1" * 16,
        "30" + "5" * 22,
        "62" + "3" * 17,  # UnionPay, 19 digits
    ],
)
def test_a_wallet_s_code_is_known(code: str) -> None:
    assert payer_code(code.encode()) == code
    assert payer_code(code.encode() + b"\r\n") == code


@pytest.mark.parametrize(
    "scanned",
    [
        b"",
        b"16" + b"0" * 16,  # no wallet begins so
        b"10" + b"0" * 15,  # a digit short
        b"10" + b"0" * 17,
        b"24" + b"0" * 16,
        b"31" + b"0" * 16,
        b"30" + b"5" * 23,
        b"62" + b"3" * 16,
        b"01,10,044001900111,00000001,100.00,20261012,",  # an invoice's
        b"http://example.test/p/1",
        "二八".encode(),
        b"\xff" * 18,
    ],
)
def test_anything_else_is_none(scanned: bytes) -> None:
    assert payer_code(scanned) is None
