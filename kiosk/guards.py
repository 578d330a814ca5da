"""Who may try how often: face comparisons of one person, and staff codes at this terminal."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""scrypt cost (RFC 7914): about 50 ms on a terminal, for six digits that are rate-limited as well."""


@dataclass(slots=True)
class Tries:
    """Counts failures by subject and locks after too many (domain note, section 8: 3 tries, 30 min)."""

    limit: int
    lock_s: float
    monotonic: Callable[[], float]
    _failures: dict[str, int] = field(default_factory=dict)
    _locked: dict[str, float] = field(default_factory=dict)

    def locked(self, subject: str) -> bool:
        """Whether the subject must wait."""
        until = self._locked.get(subject)
        if until is None:
            return False
        if self.monotonic() >= until:
            del self._locked[subject]
            return False
        return True

    def failed(self, subject: str) -> bool:
        """Count one failure; True when that was the last one allowed."""
        count = self._failures.get(subject, 0) + 1
        if count < self.limit:
            self._failures[subject] = count
            return False
        self._failures.pop(subject, None)
        self._locked[subject] = self.monotonic() + self.lock_s
        return True

    def succeeded(self, subject: str) -> None:
        """Forget the subject's failures."""
        self._failures.pop(subject, None)


def subject_of(number: str, salt: bytes) -> str:
    """A name for a person that tells nobody who it is; the salt lives as long as the program."""
    return hmac.new(salt, number.encode(), hashlib.sha256).hexdigest()


def pin_hash(pin: str, salt: bytes) -> str:
    """``scrypt:<salt>:<hash>`` for the settings file."""
    digest = hashlib.scrypt(pin.encode(), salt=salt, dklen=32, **SCRYPT)
    return f"scrypt:{salt.hex()}:{digest.hex()}"


def staff_of(pin: str, pins: Mapping[str, str]) -> str | None:
    """The staff member whose code that is, or None."""
    found = None
    for name, stored in pins.items():
        _, salt, _ = stored.split(":")
        if hmac.compare_digest(pin_hash(pin, bytes.fromhex(salt)), stored):
            found = name
    return found
