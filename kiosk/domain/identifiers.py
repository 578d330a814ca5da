"""One door to every check of an identifier; the rules live in the module named after each document."""

from __future__ import annotations

import re

from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError
from kiosk.domain.own_numbers import OwnNumber, check_number, make_number
from kiosk.domain.resident_ids import ResidentId, check_resident_id, convert_15
from kiosk.domain.taxpayer_ids import (
    TEMPORARY,
    RegisteredNumber,
    Registrar,
    Uscc,
    check_registered,
    check_taxpayer_id,
    check_uscc,
)
from kiosk.domain.travel_documents import (
    OldPermanentResident,
    Passport,
    TravelPermit,
    check_hk_macau_permit,
    check_old_permanent_resident,
    check_passport,
    check_taiwan_permit,
)

__all__ = [
    "TEMPORARY",
    "FieldError",
    "OldPermanentResident",
    "OwnNumber",
    "Passport",
    "RegisteredNumber",
    "Registrar",
    "ResidentId",
    "TravelPermit",
    "Uscc",
    "check_hk_macau_permit",
    "check_mobile",
    "check_number",
    "check_old_permanent_resident",
    "check_passport",
    "check_registered",
    "check_resident_id",
    "check_taiwan_permit",
    "check_taxpayer_id",
    "check_uscc",
    "convert_15",
    "make_number",
]


def check_mobile(text: str) -> str:
    """A mainland mobile number, 11 digits, without ``+86``; raises ``FieldError`` with code ``form``."""
    number = plain(text, "mobile").removeprefix("+86")
    if not re.fullmatch(r"1[3-9][0-9]{9}", number):
        raise FieldError("form", "field.mobile.form")
    return number
