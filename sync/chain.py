"""Walks a chain of records and says where it breaks; used by writer, uploader, bureau and salvage alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.crypto import Hash, Verifier
from sync.errors import ChainBroken, RecordError, SignatureInvalid
from sync.records import SignedRecord, genesis


@dataclass(slots=True)
class ChainWalk:
    """Follows one epoch's chain. ``seq`` and ``head`` are of the last record that fitted.

    Start with ``seq=0`` for a whole epoch, or behind any record whose hash is known. With a ``verifier``
    signatures are checked too.
    """

    terminal: str
    epoch: str
    verifier: Verifier | None = None
    seq: int = 0
    head: Hash | None = field(default=None)

    def follow(self, signed: SignedRecord) -> None:
        """Take the next record; raises ``ChainBroken`` and stays where it was when it does not fit."""
        expected = self.seq + 1
        try:
            record = signed.record if self.verifier is None else signed.verify(self.verifier)
        except SignatureInvalid as error:
            raise ChainBroken(self.epoch, expected, f"its signature is wrong ({error})") from error
        except RecordError as error:
            raise ChainBroken(self.epoch, expected, f"it cannot be read ({error})") from error
        if (record.terminal, record.epoch) != (self.terminal, self.epoch):
            raise ChainBroken(self.epoch, expected, f"it belongs to {record.terminal}/{record.epoch}")
        if record.seq != expected:
            raise ChainBroken(self.epoch, expected, f"record {record.seq} stands in its place")
        before = self.head or genesis(self.terminal, self.epoch, record.prev.algorithm)
        if record.prev.algorithm != before.algorithm:
            raise ChainBroken(self.epoch, expected, "it is chained with another hash algorithm")
        if record.prev != before:
            raise ChainBroken(self.epoch, expected, "it does not follow the record before it")
        self.seq = record.seq
        self.head = signed.hash(record.prev.algorithm)
