"""Names that are written down as others of the same length: equal ones alike, and nothing of them to be found out.

The key of a running program is drawn when it starts and kept nowhere.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

_KEY: Final = secrets.token_bytes(32)


def alias(name: str) -> str:
    """Hexadecimal digits as many as ``name`` has bytes in UTF-8; the same for the same name until the program ends."""
    return alias_of(name.encode()).decode()


def alias_of(name: bytes) -> bytes:
    """The same of a name as it stands on the line."""
    made = b""
    while len(made) < len(name):
        counted = len(made).to_bytes(4, "big") + name
        made += hashlib.blake2b(counted, key=_KEY).hexdigest().encode()
    return made[: len(name)]
