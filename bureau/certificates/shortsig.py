r"""The short signature ``s`` of a certificate's QR code, checked without the network (docs/certificates.md).

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
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bureau.certificates.ports import CodeSigner

VERSION = 1
EPOCH = date(2000, 1, 1)
NO_AMOUNT = (1 << 48) - 1
HEADER = 29
LENGTH = HEADER + 64
TEXT_LENGTH = 124
DIGEST_BYTES = 16
_CONTEXT = b"bureau-certificate-v1\n"


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


def _message(number: str, code: str, header: bytes) -> bytes:
    return _CONTEXT + f"{number}\n{code}\n".encode("ascii") + header


def make(
    number: str, code: str, day: date, amount_fen: int | None, content_sha256: str, signer: CodeSigner
) -> str:
    """The text of ``s``.

    Raises:
        ValueError: an amount below zero or above 2^48 - 2 fen, or a day outside 2000-2179.
    """
    amount = NO_AMOUNT if amount_fen is None else amount_fen
    days = (day - EPOCH).days
    if not 0 <= amount <= NO_AMOUNT or not 0 <= days < 1 << 16:
        raise ValueError("amount or day does not fit a short signature")
    header = (
        bytes([VERSION])
        + signer.key_id
        + days.to_bytes(2, "big")
        + amount.to_bytes(6, "big")
        + bytes.fromhex(content_sha256)[:DIGEST_BYTES]
    )
    raw = header + signer.sign(_message(number, code, header))
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


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
        key.verify(signature, _message(number, code, header))
    except InvalidSignature:
        return None
    amount = int.from_bytes(header[7:13], "big")
    return SignedFacts(
        key_id=header[1:5],
        day=EPOCH + timedelta(days=int.from_bytes(header[5:7], "big")),
        amount_fen=None if amount == NO_AMOUNT else amount,
        digest=header[13:HEADER],
    )
