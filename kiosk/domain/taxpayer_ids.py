"""Identifiers of taxpayers: the unified social credit code (GB 32100), its predecessors, temporary registrations."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from kiosk.domain.checkdigits import USCC_ALPHABET, org_check, uscc_check
from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError
from kiosk.domain.ids import TaxpayerId
from kiosk.domain.own_numbers import check_number

UNIFIED = 18
TEMPORARY = "01"
"""How the number of a temporary registration (临时税务登记) begins, one of this project's own numbers of 20 digits.

No credit code and no resident ID number begins so, and it is made of nothing that tells who the person is.
"""


class Registrar(enum.StrEnum):
    """What the first two characters say of the kind of body; no proof of tax registration."""

    COMPANY = "91"
    INDIVIDUAL_BUSINESS = "92"
    FARMERS_COOPERATIVE = "93"
    SOCIAL_ORGANISATION = "51"
    CIVIL_NON_ENTERPRISE = "52"
    FOUNDATION = "53"
    STATE_ORGAN = "11"
    PUBLIC_INSTITUTION = "12"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Uscc:
    """A code of the right form, and whether its two check characters agree.

    Some early legal codes carry a wrong check character, so a failed check is a warning and a question to
    the centre, never a refusal.
    """

    code: str
    check_ok: bool
    org_check_ok: bool

    @property
    def registrar(self) -> Registrar:
        """The kind of body, from the prefix."""
        prefix = self.code[:2]
        return Registrar(prefix) if prefix in set(Registrar) else Registrar.OTHER

    @property
    def area(self) -> str:
        """Six digits of the registering authority's area (GB/T 2260)."""
        return self.code[2:8]

    @property
    def org_code(self) -> str:
        """The nine characters of the organisation code inside (GB 11714)."""
        return self.code[8:17]


def check_uscc(text: str) -> Uscc:
    """Check a 统一社会信用代码; raise ``FieldError`` with code ``length``, ``characters`` or ``area``."""
    code = plain(text, "uscc")
    if len(code) != UNIFIED:
        raise FieldError("length", "field.uscc.length")
    if any(c not in USCC_ALPHABET for c in code):
        raise FieldError("characters", "field.uscc.characters")
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        raise FieldError("area", "field.uscc.area")
    return Uscc(code, uscc_check(code[:17]) == code[17], org_check(code[8:16]) == code[16])


@dataclass(frozen=True, slots=True)
class RegisteredNumber:
    """The number that a taxpayer is registered under; ``check_ok`` as for a ``Uscc``."""

    code: str
    check_ok: bool


def check_registered(text: str) -> RegisteredNumber:
    """A credit code, or the number of a temporary registration.

    Raises ``FieldError`` as ``check_uscc`` does for the one, as ``check_number`` does for the other, whose check digit
    has to agree.
    """
    number = plain(text, "uscc")
    if number.startswith(TEMPORARY):
        return RegisteredNumber(check_number(number).number, check_ok=True)
    uscc = check_uscc(number)
    return RegisteredNumber(uscc.code, uscc.check_ok)


def check_taxpayer_id(text: str) -> TaxpayerId:
    """A 纳税人识别号 of 15, 17, 18 or 20 letters and digits; whether it exists is for the centre to say.

    Raises ``FieldError`` with code ``length`` or ``characters``.
    """
    number = plain(text, "taxpayer")
    if len(number) not in (15, 17, 18, 20):
        raise FieldError("length", "field.taxpayer.length")
    if not re.fullmatch(r"[A-Z0-9]+", number):
        raise FieldError("characters", "field.taxpayer.characters")
    return TaxpayerId(number)
