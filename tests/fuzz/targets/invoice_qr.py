"""The QR code on an invoice."""

from __future__ import annotations

from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_qr import parse_invoice_qr
from tests.fuzz.oracles import refused_by

PARSES = ("kiosk.domain.invoice_qr",)
LONGEST = 300


def check(data: bytes) -> None:
    """Any bytes and their text: fields within their bounds, or ``FieldError``."""
    for payload in (data, data.decode("utf-8", "replace")):
        found = refused_by(FieldError, lambda payload=payload: parse_invoice_qr(payload))  # type: ignore[misc]
        if found is None:
            continue
        assert len(found.number) == (20 if found.code is None else 8) and found.number.isascii()
        exponent = found.amount.as_tuple().exponent
        assert isinstance(exponent, int) and -2 <= exponent <= 0 and abs(found.amount) < 10**13
        assert found.issued.year >= 1994


def seeds() -> list[bytes]:
    """A classic invoice, one without check code, a fully digital one, in odd encodings."""
    classic = "01,04,044001900211,00000001,118.00,20261012,12345678901234567890,A1B2,"
    digital = "01,31,,26442000000000000001,118.00,20261012,,A1B2"
    texts = (
        classic,
        digital,
        classic.replace(",", "，"),
        "\ufeff" + classic,
        "01,10,4400190021,00000001,-1,19940101",
    )
    return [text.encode(encoding) for text in texts for encoding in ("utf-8", "gb18030")]
