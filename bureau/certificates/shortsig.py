"""Makes the short signature ``s`` of a certificate's QR code; its form, and its check, in ``sync.paper_signature``."""

from __future__ import annotations

import base64
from datetime import date

from bureau.certificates.ports import CodeSigner
from sync.paper_signature import DIGEST_BYTES, EPOCH, NO_AMOUNT, VERSION, message


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
    raw = header + signer.sign(message(number, code, header))
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
