"""Whatever somebody holds before the code reader: each code that a service may ask for."""

from __future__ import annotations

from datetime import date

from kiosk.domain.errors import FieldError
from kiosk.domain.notice_codes import make_code
from kiosk.domain.own_numbers import make_number
from kiosk.domain.scanned import decoded
from kiosk.domain.title_code import LONGEST as LONGEST_TITLE
from kiosk.domain.title_code import InvoiceTitle, make_title
from kiosk.steps.scan import LONGEST as LONGEST_BY_KIND
from kiosk.steps.scan import PARSERS
from tests.fuzz.oracles import refused_by

PARSES = (
    "kiosk.domain.scanned",
    "kiosk.domain.notice_codes",
    "kiosk.domain.own_numbers",
    "kiosk.domain.taxpayer_ids",
    "kiosk.domain.title_code",
    "kiosk.domain.vehicles",
    "kiosk.steps.scan",
)
LONGEST = LONGEST_TITLE + 50
_PLACE = "https://tax.example.cn"


def check(data: bytes) -> None:
    """Any bytes, read as each kind of code: short plain text without control characters, or ``FieldError``."""
    for kind, parse in PARSERS.items():
        longest = LONGEST_BY_KIND.get(kind, 512)
        text = refused_by(FieldError, lambda longest=longest: decoded(data, longest))  # type: ignore[misc]
        found = None if text is None else refused_by(FieldError, lambda: parse(text))  # noqa: B023
        for name, value in (found or {}).items():
            if isinstance(value, str):
                assert len(value) <= longest and (value.isprintable() or not value), f"{name} of {kind}"
            if name in ("number", "key", "voucher", "code") and value:
                assert isinstance(value, str) and value.isascii() and " " not in value, f"{name} of {kind}"


def seeds() -> list[bytes]:
    """One of each, and addresses of others."""
    own = make_number("21", "5301", date(2026, 10, 12), 7)
    ticket = make_number("64", "9900", date(2026, 10, 12), 8)
    notice = make_code("530102", 2026, 3, 12345)
    title = make_title(
        InvoiceTitle(
            "云川市样张文化传播有限公司", "91990100MA00000001", "样张路1号 0871-60000000", "样张银行 0001"
        )
    )
    texts = (
        f"{_PLACE}/v?n={own}&c=ABCD2345EFGH6789&s=abc_-9",
        f"{_PLACE}/s/0199d5f0-7c1a-7abc-8def-0123456789ab",
        f"{_PLACE}/s/0199d5f0-7c1a-7abc-8def-0123456789ab?n={own}",
        f"{_PLACE}/q?no=91110108MA01K1050C&kind=1",
        "统一社会信用代码:91110108MA01K1050C;名称:样张",
        "LSVAU0334E2123456",
        f"{_PLACE}/l/{ticket}?c=ABCD2345EF",
        f"{_PLACE}/l/{ticket}?" + "c=ABCD2345EF&" * 13,
        own,
        "320260001234567890",
        notice,
        f"{_PLACE}/pay?code={notice}",
        title,
        "http://[::1",
        "01,10,044001900211,00000001,118.00,20261012,12345678901234567890,A1B2,",
    )
    return [text.encode(encoding) for text in texts for encoding in ("utf-8", "gb18030")]
