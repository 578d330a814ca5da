"""Text as it can be seen on paper: each character in one code, and none that only says how another is to look."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from drivers.protocols.private_use import unify

_ACCENTED: Final = re.compile(".[\u0300-\u036f\u3099\u309a]+")
"""A letter and its accents apart: fonts draw them beside each other."""
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors (Unicode, 23.4). Fonts for paper draw a box for each, and the character as without."""


def visible(text: str) -> str:
    """``text`` without invisible marks, accents on their letters, private codes of GB 18030-2000 replaced.

    Compatibility characters stay: NFC would put another shape of a name's character in their place.
    """
    seen = "".join(c for c in _SELECTORS.sub("", text) if unicodedata.category(c) != "Cf")
    return unify(_ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), seen))
