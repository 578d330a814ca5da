"""The payment code (缴款码) of a notice of non-tax revenue (非税收入缴款通知书), and the QR code that holds it.

20 digits: region(6, GB/T 2260) + year(2) + batch(4) + serial(7) + check(1). That a notice has a code of 20 digits is
seen in provinces' payment portals; its division follows the national code of the finance ministry as we know it
(统一缴款识别码), and neither division nor check digit (ISO/IEC 7064 MOD 11,10) was compared with the ministry's text:
K?. A bureau confirms both here, in one place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.domain.checkdigits import mod_11_10
from kiosk.domain.clean import plain
from kiosk.domain.errors import DomainError, FieldError

HIGHEST_BATCH, HIGHEST_SERIAL = 9_999, 9_999_999
CENTURY = 2000
LONGEST = 512
RUN = re.compile(r"(?<![0-9])[0-9]{20}(?![0-9])")


@dataclass(frozen=True, slots=True)
class NoticeCode:
    """The parts of a code that passed its check."""

    code: str
    region: str
    year: int
    batch: int
    serial: int


def make_code(region: str, year: int, batch: int, serial: int) -> str:
    """The code of a notice; raises ``DomainError`` when a part does not fit: a mistake of the program."""
    if not re.fullmatch(r"[0-9]{6}", region) or not CENTURY <= year < CENTURY + 100:
        raise DomainError("a payment code needs a region of 6 digits and a year of this century")
    if not (0 <= batch <= HIGHEST_BATCH and 0 <= serial <= HIGHEST_SERIAL):
        raise DomainError(f"batch {batch} or serial {serial} does not fit a payment code")
    body = f"{region}{year % 100:02}{batch:04}{serial:07}"
    return body + mod_11_10(body)


def check_code(text: str) -> NoticeCode:
    """The parts of a typed code, spaces or not.

    Raises ``FieldError`` with code ``length``, ``characters`` or ``check-digit``.
    """
    code = plain(text, "notice-code")
    if len(code) != 20:
        raise FieldError("length", "field.notice-code.length")
    if not re.fullmatch(r"[0-9]{20}", code):
        raise FieldError("characters", "field.notice-code.characters")
    if mod_11_10(code[:19]) != code[19]:
        raise FieldError("check-digit", "field.notice-code.check-digit")
    return NoticeCode(code, code[:6], CENTURY + int(code[6:8]), int(code[8:12]), int(code[12:19]))


def parse_notice(text: str) -> str:
    """The payment code in a notice's QR code: bare, or the one run of 20 digits in an address of a payment portal.

    Only the digits are taken, never the address. Raises ``FieldError`` with code ``other``, or as ``check_code``.
    """
    if len(text) > LONGEST:
        raise FieldError("length", "field.scanned.length")
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{20}", digits):
        return check_code(digits).code
    found = set(RUN.findall(text)) if _address(text) else set()
    if len(found) != 1:
        raise FieldError("other", "field.scanned.other")
    return check_code(found.pop()).code


def _address(text: str) -> bool:
    try:
        return urlsplit(text.strip()).scheme in ("http", "https")
    except ValueError:
        return False
