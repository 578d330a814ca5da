"""发票抬头二维码: the buyer's title as a code that who issues an invoice scans.

The format is that of the public note 便捷开票二维码应用规范: ``$01``, the base64 of name, taxpayer number, address with
telephone, bank with account and a CRC-16, each ended by ``</>``, and ``$``. The CRC (polynomial X16+X15+X2+1, nothing
reflected, beginning with zero) is taken of the GBK bytes of all before it, in capitals; writers leave out its leading
zeros.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

from kiosk.domain.errors import FieldError

BEGIN, END, VERSION, SEPARATOR = "$", "$", "01", "</>"
LONGEST = 1451
"""Characters of the largest symbol that the note allows (version 25)."""
NAME, NUMBER, PLACE = 100, (15, 20), 100
POLYNOMIAL = 0x8005
_NUMBER = re.compile(r"[0-9A-Z]{15,20}")
_CODE = re.compile(r"\$01([A-Za-z0-9+/=\s]{8,1448})\$")


@dataclass(frozen=True, slots=True)
class InvoiceTitle:
    """A buyer's title. ``place`` is address and telephone, ``bank`` is bank and account; both may be empty."""

    name: str
    taxpayer: str
    place: str = ""
    bank: str = ""


def parse_title(text: str) -> InvoiceTitle:
    """The title in a code.

    Raises ``FieldError`` with code ``other`` for another code, ``checksum`` for a spoilt one, ``characters`` for one
    that GBK does not have.
    """
    found = _CODE.fullmatch(text.strip())
    if found is None or len(text) > LONGEST:
        raise _refused("other")
    try:
        content = base64.b64decode("".join(found[1].split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise _refused("other") from None
    parts = content.split(SEPARATOR)
    if len(parts) not in (5, 6) or (len(parts) == 6 and parts[5]):
        raise _refused("other")
    *fields, told = parts[:5]
    try:
        right = checksum(SEPARATOR.join(fields) + SEPARATOR)
    except UnicodeEncodeError:
        raise _refused("characters") from None
    if not re.fullmatch("[0-9A-Fa-f]{1,4}", told) or int(told, 16) != right:
        raise _refused("checksum")
    name, number, place, bank = (unicodedata.normalize("NFKC", field).strip() for field in fields)
    if not _plain(name, NAME) or not name or not _NUMBER.fullmatch(number):
        raise _refused("other")
    if not _plain(place, PLACE) or not _plain(bank, PLACE):
        raise _refused("other")
    return InvoiceTitle(name, number, place, bank)


def make_title(title: InvoiceTitle) -> str:
    """The text of the code, which ``parse_title`` reads.

    Raises ``FieldError`` with code ``characters`` for a title with a character that GBK does not have or that ends a
    field, ``length`` for one longer than the note allows, ``other`` for one without name or number.
    """
    fields = (title.name, title.taxpayer, title.place, title.bank)
    if not title.name or not _NUMBER.fullmatch(title.taxpayer):
        raise _refused("other")
    if any(SEPARATOR in field or not _printable(field) for field in fields):
        raise _refused("characters")
    if _width(title.name) > NAME or _width(title.place) > PLACE or _width(title.bank) > PLACE:
        raise _refused("length")
    content = SEPARATOR.join(fields) + SEPARATOR
    try:
        check = checksum(content)
    except UnicodeEncodeError:
        raise _refused("characters") from None
    text = f"{content}{check:04X}{SEPARATOR}"
    return f"{BEGIN}{VERSION}{base64.b64encode(text.encode()).decode()}{END}"


def checksum(content: str) -> int:
    """CRC-16 of the GBK bytes; raises ``UnicodeEncodeError``."""
    register = 0
    for byte in content.encode("gbk"):
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (POLYNOMIAL if register & 0x8000 else 0)
        register &= 0xFFFF
    return register


def _plain(text: str, most: int) -> bool:
    """No control characters, and no longer than the note allows."""
    return _width(text) <= most and _printable(text)


def _width(text: str) -> int:
    """A Chinese character counted as two, as in GBK."""
    return sum(2 if ord(char) > 0x7F else 1 for char in text)


def _printable(text: str) -> bool:
    return not any(unicodedata.category(char).startswith("C") for char in text)


def _refused(code: str) -> FieldError:
    return FieldError(code, f"field.title.{code}")
