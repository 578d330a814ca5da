"""The QR code printed on an invoice: comma-separated fields, as scanners and issuers really deliver them.

Fields are found by pattern in their order, since one known form leaves the empty check code out and
scanners add marks, line ends and full-width commas. What the payload holds was printed by a stranger:
it is measured and matched before anything is made of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_codes import InvoiceKind

LONGEST = 256
"""The longest real payload has about 90 characters."""
VERSION = "01"
NUMBER = re.compile(r"[0-9]{8}|[0-9]{20}")
AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class InvoiceQr:
    """What the code says; nothing of it is proven.

    ``amount`` (yuan) is without tax for the classic kinds and with tax for 数电票. ``secret`` is kept and
    never checked: its algorithm is not public.
    """

    kind: InvoiceKind
    kind_code: str
    code: str | None
    number: str
    amount: Decimal
    issued: date
    check_code: str | None
    secret: str | None

    @property
    def amount_with_tax(self) -> bool:
        """Whether ``amount`` includes tax."""
        return self.code is None


def parse_invoice_qr(payload: str | bytes) -> InvoiceQr:
    """Read a scanned payload.

    Raises ``FieldError`` with code ``length``, ``characters``, ``not-an-invoice``, ``version``, ``code``,
    ``number``, ``amount``, ``date``, or ``rest`` when something unknown follows.
    """
    fields = _fields(payload)
    if (
        len(fields) < 5
        or not re.fullmatch(r"[0-9]{2}", fields[0])
        or not re.fullmatch(r"[0-9]{2}", fields[1])
    ):
        raise _refused("not-an-invoice")
    if fields[0] != VERSION:
        raise _refused("version")
    rest = fields[2:]
    code = rest.pop(0) if re.fullmatch(r"[0-9]{10}|[0-9]{12}", rest[0]) else None
    number = _take(rest, NUMBER, "number")
    if (code is None) != (len(number) == 20):
        raise _refused("code")
    amount = Decimal(_take(rest, AMOUNT, "amount"))
    issued = _date(_take(rest, re.compile(r"[0-9]{8}"), "date"))
    check = rest.pop(0) if rest and re.fullmatch(r"[0-9]{20}", rest[0]) else None
    secret = rest.pop(0) if rest and re.fullmatch(r"[0-9A-Fa-f]{4}", rest[0]) else None
    if rest:
        raise _refused("rest")
    kind = InvoiceKind(fields[1]) if fields[1] in set(InvoiceKind) else InvoiceKind.UNKNOWN
    return InvoiceQr(kind, fields[1], code, number, amount, issued, check, secret)


def _fields(payload: str | bytes) -> list[str]:
    """The fields that are not empty, in order, half-width."""
    if len(payload) > LONGEST:
        raise _refused("length")
    text = _decoded(payload) if isinstance(payload, bytes) else payload
    text = unicodedata.normalize("NFKC", text.replace("\ufeff", "").strip()).replace("、", ",")
    if not (text.isascii() and text.isprintable()):
        raise _refused("characters")
    return [field.strip() for field in text.split(",") if field.strip()]


def _decoded(payload: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):  # scanners set to Chinese re-encode what they read
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("characters")


def _take(rest: list[str], pattern: re.Pattern[str], name: str) -> str:
    if not rest or not pattern.fullmatch(rest[0]):
        raise _refused(name)
    return rest.pop(0)


def _date(digits: str) -> date:
    try:
        found = datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        raise _refused("date") from None
    if found.year < 1994:  # VAT and its invoices began on 1994-01-01
        raise _refused("date")
    return found


def _refused(code: str) -> FieldError:
    return FieldError(code, f"field.invoice-qr.{code}")
