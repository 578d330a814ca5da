"""Codes on our own papers, as a reader delivers them: the address on a certificate or a slip, or a bare number.

What the code says was printed by anybody: it is measured and matched before anything is made of it, and only the
number and code within it are taken, never the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from kiosk.domain.draft_codes import check_draft_code
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import check_number
from kiosk.domain.taxpayer_ids import TEMPORARY, check_uscc
from kiosk.domain.title_code import parse_title
from kiosk.domain.vehicles import check_vin

LONGEST = 512
"""A certificate's address with its signature has about 250 characters."""
MOST_FIELDS = 12
CODE = re.compile(r"[2-9A-Z]{16}")
CLAIM = re.compile(r"[2-9A-Z]{10}")
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{0,200}")
WORDS = re.compile(r"[0-9A-Z]+")
VOUCHER = re.compile(r"[0-9]{18,20}")


@dataclass(frozen=True, slots=True)
class PaperCode:
    """A certificate's number, its verification code (验证码) and the signature that can be checked offline."""

    number: str
    code: str
    signature: str


def decoded(payload: bytes, longest: int = LONGEST) -> str:
    """The text of a read code: UTF-8, or the GB 18030 that a reader set to Chinese makes of it.

    Raises ``FieldError`` with code ``characters`` or ``length``.
    """
    if len(payload) > longest:
        raise _refused("length")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = payload.decode(encoding)
        except UnicodeDecodeError:
            continue
        return unicodedata.normalize("NFKC", text.replace("\ufeff", "")).strip()
    raise _refused("characters")


def parse_certificate(text: str) -> PaperCode:
    """The code on a certificate; raises ``FieldError`` with code ``other``, or what is wrong with its number."""
    fields = _address(text).fields
    number, code, signature = (fields.get(name, "") for name in ("n", "c", "s"))
    if not number or not CODE.fullmatch(code) or not SIGNATURE.fullmatch(signature):
        raise _refused("other")
    return PaperCode(check_number(number).number, code, signature)


def parse_slip(text: str) -> str:
    """The key in the code of a slip (回单); raises ``FieldError`` with code ``other``."""
    found = re.fullmatch(r".*/s/([0-9a-f-]{36})/?", _address(text).path)
    if found is None or not KEY.fullmatch(found[1]):
        raise _refused("other")
    return found[1]


def parse_draft(text: str) -> str:
    """The code under which something was begun on a phone, in the address that the phone shows.

    Raises ``FieldError`` with code ``other``, or what is wrong with the code.
    """
    found = re.fullmatch(r".*/d/([0-9A-Z]{10})/?", _address(text).path)
    if found is None:
        raise _refused("other")
    return check_draft_code(found[1])


def parse_ticket(text: str) -> tuple[str, str]:
    """Number and claim code in the code of a lottery ticket (奖券).

    Raises ``FieldError`` with code ``other``, or what is wrong with its number.
    """
    parts = _address(text)
    found = re.fullmatch(r".*/l/([0-9]{20})/?", parts.path)
    code = parts.fields.get("c", "")
    if found is None or not CLAIM.fullmatch(code):
        raise _refused("other")
    return check_number(found[1]).number, code


def parse_voucher(text: str) -> str:
    """The number in the bar code of a payment voucher (缴款凭证), 18 to 20 digits.

    Raises ``FieldError`` with code ``other``.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not VOUCHER.fullmatch(digits):
        raise _refused("other")
    return digits


def parse_number(text: str) -> str:
    """The number of a case or return (受理编号): bare, or in the code of its slip (``with_number``).

    Raises ``FieldError`` with code ``other`` for a slip that was printed before there was a number, else what is wrong.
    """
    if not text.lower().startswith("http"):
        return check_number(text).number
    parse_slip(text)
    number = _address(text).fields.get("n", "")
    if not number:
        raise _refused("other")
    return check_number(number).number


def with_number(address: str, number: object) -> str:
    """The address in the code of a slip, with the number that the slip shows, where it shows one of our own."""
    try:
        return f"{address}?n={check_number(str(number)).number}"
    except FieldError:
        return address


def parse_taxpayer(text: str) -> str:
    """The taxpayer's number (纳税人识别号) in a title code, or the only one in the code of a licence or notice.

    What is printed around it differs from place to place, so a number is known by its check characters.

    Raises ``FieldError`` with code ``other`` where there is none, or more than one.
    """
    if text.startswith("$"):
        return parse_title(text).taxpayer
    found: set[str] = {word for word in WORDS.findall(text.upper()) if _names_a_taxpayer(word)}
    if len(found) != 1:
        raise _refused("other")
    return found.pop()


def _names_a_taxpayer(word: str) -> bool:
    try:
        if word.startswith(TEMPORARY):
            return bool(check_number(word))
        code = check_uscc(word)
    except FieldError:
        return False
    return code.check_ok


def parse_vin(text: str) -> str:
    """The number of a vehicle (车辆识别代号) in its bar code; raises ``FieldError`` with code ``other``."""
    try:
        return check_vin(text)
    except FieldError:
        raise _refused("other") from None


def _address(text: str) -> _Parts:
    """The address in ``text``; raises ``FieldError`` with code ``other`` when it is none."""
    if len(text) > LONGEST:
        raise _refused("length")
    try:
        parts = urlsplit(text.strip())
        fields = parse_qs(parts.query, max_num_fields=MOST_FIELDS)
    except ValueError:  # none, or more fields than any of our papers has: somebody else's
        raise _refused("other") from None
    if parts.scheme not in ("http", "https"):
        raise _refused("other")
    return _Parts(parts.path, {name: values[0] for name, values in fields.items()})


@dataclass(frozen=True, slots=True)
class _Parts:
    path: str
    fields: Mapping[str, str]


def _refused(code: str) -> FieldError:
    return FieldError(code, f"field.scanned.{code}")
