"""The code under which somebody takes up at a terminal what they began on a phone.

Nine drawn characters and a check character, all of the alphabet of unified social credit codes: no letter of it is
taken for a figure, and the terminal has keys for it. 31^9 is 44 bits.
"""

from __future__ import annotations

import re
import secrets

from kiosk.domain.checkdigits import USCC_ALPHABET, mod_31
from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError

DRAWN, LENGTH = 9, 10
HALF = 5
_CODE = re.compile(f"[{USCC_ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A fresh code, from the system's random source."""
    drawn = "".join(secrets.choice(USCC_ALPHABET) for _ in range(DRAWN))
    return drawn + mod_31(drawn)


def check_draft_code(text: str) -> str:
    """The code that was typed, spaces and hyphens or not.

    Raises ``FieldError`` with code ``empty``, ``length``, ``characters`` or ``check-digit``.
    """
    code = plain(text, "draft-code")
    if len(code) != LENGTH:
        raise FieldError("length", "field.draft-code.length")
    if not _CODE.fullmatch(code):
        raise FieldError("characters", "field.draft-code.characters")
    if mod_31(code[:DRAWN]) != code[DRAWN]:
        raise FieldError("check-digit", "field.draft-code.check-digit")
    return code


def grouped(code: str) -> str:
    """``7K2M9-QX4PD``, as it is read aloud and typed."""
    return f"{code[:HALF]}-{code[HALF:]}"
