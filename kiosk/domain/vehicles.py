"""Numbers of vehicles: the plate (GA 36-2018) and the identification number (GB 16735-2019, ISO 3779)."""

from __future__ import annotations

import re
import unicodedata

from kiosk.domain.clean import LONGEST, plain
from kiosk.domain.errors import FieldError

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""The character a plate begins with, one a province (GA 36-2018, table of abbreviations)."""
PLATE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which would be read as 1 and 0."""
VIN_ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without I, O and Q (GB 16735-2019, 4.3)."""
PLATE = re.compile(f"[{PROVINCES}][A-HJ-NP-Z][{PLATE_ALPHABET}]{{5,6}}")
VIN_LENGTH = 17
PLATE_LENGTH = 8
"""Province, letter and five characters, six for a vehicle of new energy."""


def check_plate(text: str) -> str:
    """A number plate without blanks, dot or dash; raises ``FieldError`` with code ``empty``, ``length`` or ``form``."""
    if len(text) > LONGEST:
        raise FieldError("length", "field.plate.length")
    plate = re.sub(r"[\s·.\u200b\ufeff-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not plate:
        raise FieldError("empty", "field.plate.empty")
    if not PLATE.fullmatch(plate):
        raise FieldError("form", "field.plate.form")
    return plate


def check_vin(text: str) -> str:
    """A vehicle identification number; raises ``FieldError`` with code ``empty``, ``length`` or ``characters``.

    The check character (the ninth) is not judged: vehicles built for other markets carry numbers without one.
    """
    vin = plain(text, "vin")
    if len(vin) != VIN_LENGTH:
        raise FieldError("length", "field.vin.length")
    if any(c not in VIN_ALPHABET for c in vin):
        raise FieldError("characters", "field.vin.characters")
    return vin
