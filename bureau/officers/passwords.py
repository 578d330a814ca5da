"""Passwords: what is taken, and how it is kept (Argon2id, RFC 9106; NIST SP 800-63B, 3.1.1)."""

from __future__ import annotations

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bureau.errors import PasswordWeak

SHORTEST: Final = 12
"""Characters. No kinds of characters are asked for: length is what keeps a password from being guessed."""
LONGEST: Final = 128
_DIFFERENT: Final = 6
"""So many different characters at least, which keeps out 111111111111 and abababababab."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's least for Argon2id (Password Storage Cheat Sheet): many wrong ones at once do not fill the memory."""
_NOBODY: Final = _HASHER.hash("nobody has this password")
"""What a password is compared with where there is no officer, so that an answer takes as long as any other."""


def kept(password: str, login: str) -> str:
    """The password as it is stored. Raises ``PasswordWeak`` for one that is too easily guessed."""
    same = _same(password)
    if len(same) < SHORTEST:
        raise PasswordWeak("short")
    if len(same) > LONGEST:
        raise PasswordWeak("long")
    if len(set(same)) < _DIFFERENT or _runs(same):
        raise PasswordWeak("plain")
    if login.lower() in same.lower():
        raise PasswordWeak("login")
    return _HASHER.hash(same)


def right(password: str, stored: str | None) -> bool:
    """Whether it is the stored one; takes as long where nothing is stored."""
    try:
        return _HASHER.verify(stored or _NOBODY, _same(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _same(password: str) -> str:
    """One spelling of what may be typed in several ways (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _runs(password: str) -> bool:
    """Whether each character is the next one of the character before, as in 123456789012 or abcdefghijkl."""
    steps = {ord(after) - ord(before) for before, after in zip(password, password[1:], strict=False)}
    return steps <= {1, -9} or steps <= {-1, 9}
