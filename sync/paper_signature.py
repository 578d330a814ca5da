r"""The short signature ``s`` in a certificate's QR code, checked with and without the network (docs/certificates.md).

93 bytes, 124 characters of base64url without padding::

    0   1  version, 1
    1   4  key id: first bytes of SHA-256 over the Ed25519 public key
    5   2  day of issue, days since 2000-01-01, big endian
    7   6  headline amount in fen, big endian; FF FF FF FF FF FF when there is none
    13 16  first bytes of the SHA-256 of the frozen content
    29 64  Ed25519 over  "bureau-certificate-v1\n" number "\n" code "\n" and the 29 bytes above

Number and code are under the signature, so a QR code made from parts of two papers never verifies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.crypto import b64, unb64

VERSION: Final = 1
EPOCH: Final = date(2000, 1, 1)
NO_AMOUNT: Final = (1 << 48) - 1
HEADER: Final = 29
LENGTH: Final = HEADER + 64
TEXT_LENGTH: Final = 124
DIGEST_BYTES: Final = 16
_CONTEXT: Final = b"bureau-certificate-v1\n"


@dataclass(frozen=True, slots=True)
class SignedFacts:
    """What a genuine ``s`` says by itself."""

    key_id: bytes
    day: date
    amount_fen: int | None
    digest: bytes

    def names(self, content_sha256: str) -> bool:
        """Whether this is the signature of that content."""
        return bytes.fromhex(content_sha256)[:DIGEST_BYTES] == self.digest


def key_id(public: Ed25519PublicKey) -> bytes:
    """The name of a key: first four bytes of SHA-256 over its 32 public bytes."""
    return hashlib.sha256(_raw(public)).digest()[:4]


def published(keys: Iterable[Ed25519PublicKey]) -> list[str]:
    """The public keys as text, for terminals to keep."""
    return [b64(_raw(public)) for public in keys]


def known(keys: Iterable[str]) -> dict[bytes, Ed25519PublicKey]:
    """The keys by their names, from such a text; raises ``ValueError`` for what is none."""
    read = [Ed25519PublicKey.from_public_bytes(unb64(text)) for text in keys]
    return {key_id(public): public for public in read}


def message(number: str, code: str, header: bytes) -> bytes:
    """What is signed."""
    return _CONTEXT + f"{number}\n{code}\n".encode("ascii") + header


def check(text: str, number: str, code: str, keys: Mapping[bytes, Ed25519PublicKey]) -> SignedFacts | None:
    """What ``text`` says about this number and code, or None when no known key signed just that."""
    if len(text) != TEXT_LENGTH or not (number.isascii() and code.isascii()):
        return None
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    header, signature = raw[:HEADER], raw[HEADER:]
    key = keys.get(header[1:5])
    if header[0] != VERSION or key is None:
        return None
    try:
        key.verify(signature, message(number, code, header))
    except InvalidSignature:
        return None
    amount = int.from_bytes(header[7:13], "big")
    return SignedFacts(
        key_id=header[1:5],
        day=EPOCH + timedelta(days=int.from_bytes(header[5:7], "big")),
        amount_fen=None if amount == NO_AMOUNT else amount,
        digest=header[13:HEADER],
    )


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
