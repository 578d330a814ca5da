"""The audit chain on the wire: a batch of stored envelopes up, a signed receipt down.

The batch shows that nothing is missing; no effect is applied from it. The receipt says how far the bureau
holds the chain, and in which *incarnation*: a bureau restored from a backup has a new one, and terminals
send again what it lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sync.cbor import decode, encode
from sync.crypto import Hash, Signer, Verifier, b64, unb64
from sync.errors import RecordError, SignatureInvalid
from sync.models import AuditReceipt
from sync.records import SignedRecord, signing_input

MEDIA_TYPE = "application/cbor"
MAX_RECORDS = 100
MAX_BYTES = 256 * 1024
"""Largest batch by records and by bytes of envelopes (transactions note, 3.4)."""
_PURPOSE = "tax-kiosk audit receipt v1"


@dataclass(frozen=True, slots=True)
class AuditBatch:
    """Consecutive records of one epoch, as stored. An empty batch asks how far the bureau holds the chain."""

    terminal: str
    epoch: str
    records: Sequence[SignedRecord]

    def to_bytes(self) -> bytes:
        """``{1: version, 2: terminal, 3: epoch, 4: [envelope, …]}`` in deterministic CBOR."""
        envelopes = [signed.envelope for signed in self.records]
        return encode({1: 1, 2: self.terminal, 3: self.epoch, 4: envelopes})

    @classmethod
    def from_bytes(cls, raw: bytes) -> AuditBatch:
        """Parse a batch; raises ``RecordError``. Signatures and links are for ``ChainWalk`` to check."""
        match decode(raw):
            case {1: 1, 2: str(terminal), 3: str(epoch), 4: list(envelopes)} if len(envelopes) <= MAX_RECORDS:
                return cls(terminal, epoch, [_parsed(envelope) for envelope in envelopes])
        raise RecordError("not a version 1 audit batch")


def _parsed(envelope: object) -> SignedRecord:
    if not isinstance(envelope, bytes):
        raise RecordError("an envelope is bytes")
    return SignedRecord.parse(envelope)


def make_receipt(
    terminal: str, epoch: str, seq: int, head: Hash, incarnation: str, moment: datetime, signer: Signer
) -> AuditReceipt:
    """The bureau's signed word; ``seq`` 0 with the genesis hash when it holds nothing of the epoch."""
    unsigned = AuditReceipt(
        terminal=terminal,
        epoch=epoch,
        seq=seq,
        head=str(head),
        incarnation=incarnation,
        server_time=moment,
        signature="",
    )
    signature = signer.sign(signing_input(_PURPOSE, _payload(unsigned)))
    return unsigned.model_copy(update={"signature": f"{signer.algorithm}:{b64(signature)}"})


def verify_receipt(receipt: AuditReceipt, verifier: Verifier) -> None:
    """Return when the bureau signed it; raise ``SignatureInvalid`` (or ``RecordError``) when not."""
    algorithm, _, signature = receipt.signature.partition(":")
    if algorithm != verifier.algorithm:
        raise SignatureInvalid(f"signed with {algorithm!r}, the bureau's key is {verifier.algorithm}")
    verifier.verify(unb64(signature), signing_input(_PURPOSE, _payload(receipt)))


def _payload(receipt: AuditReceipt) -> bytes:
    """What is signed: all fields but the signature; the time in whole microseconds since 1970 UTC."""
    since = receipt.server_time - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return encode(
        {
            "terminal": receipt.terminal,
            "epoch": receipt.epoch,
            "seq": receipt.seq,
            "head": receipt.head,
            "incarnation": receipt.incarnation,
            "server_time_us": micros,
        }
    )
