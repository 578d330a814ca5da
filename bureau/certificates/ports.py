"""What issuing needs from whoever holds the keys: a hardware module or an SM2 seal server does the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the drawn seal stands, so that a reader's click on it shows the signature.

    ``page`` counts from 0; ``box`` is left, bottom, right, top in points from the page's lower left corner.
    """

    page: int
    box: tuple[int, int, int, int]


class DocumentSealer(Protocol):
    """Signs a finished PDF; nothing may be changed in it afterwards."""

    @property
    def algorithm(self) -> str:
        """Algorithm id of the signature, such as ``ecdsa-p256-sha256``."""
        ...

    def seal(self, pdf: bytes, place: SealPlace, at: datetime) -> bytes:
        """``pdf`` with a signature over all of it, dated ``at``.

        Raises:
            SealingError: the key is not at hand or refused.
        """
        ...


class CodeSigner(Protocol):
    """Signs the few bytes of a QR code, for a check without the network."""

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key: the first four of SHA-256 over its public bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 (RFC 8032) over ``message``."""
        ...


@dataclass(frozen=True, slots=True)
class CertificateSigner:
    """The two keys of an issuing bureau."""

    document: DocumentSealer
    code: CodeSigner
