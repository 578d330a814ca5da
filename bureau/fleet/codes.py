"""One-time codes (一次性登记码): what a person carries from the centre to a machine that shall be let in."""

from __future__ import annotations

import hashlib
from typing import Final

from bureau.certificates.codes import group_code, new_code

ONE_TIME: Final = 12
"""27^12 is 57 bits, for a code that lives for minutes and dies after use."""


def one_time() -> str:
    """A fresh code as it is read and typed: XXXX-XXXX-XXXX."""
    return group_code(new_code(ONE_TIME))


def hashed(typed: str) -> str:
    """What the store knows of a code, however its groups were typed."""
    return hashlib.sha256("".join(c for c in typed.upper() if c.isalnum()).encode()).hexdigest()
