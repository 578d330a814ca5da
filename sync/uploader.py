"""Uploads the audit chain, record by record in order, and notices when chain and centre disagree.

No effect depends on it: it proves that nothing is missing, and it shows a disk that was cloned or restored.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sync.audit import MAX_BYTES, MAX_RECORDS, AuditBatch
from sync.chain import ChainWalk
from sync.client import BureauClient
from sync.crypto import Hash
from sync.errors import BureauRejected, BureauTooLarge, ChainForked
from sync.journal.reader import JournalReader
from sync.models import AuditReceipt
from sync.outbox.verdicts import REFUSALS
from sync.records import SignedRecord, genesis
from sync.signed_client import CHAIN_FORK
from sync.store import SyncStore

log = logging.getLogger("kiosk.sync")


class Uploader:
    """Uploads one epoch of one terminal. Not thread-safe: one loop uses it."""

    def __init__(
        self, terminal: str, epoch: str, reader: JournalReader, store: SyncStore, client: BureauClient
    ) -> None:
        self._terminal, self._epoch = terminal, epoch
        self._reader, self._store, self._client = reader, store, client
        self._held: AuditReceipt | None = None  # the centre's word in this run of the program
        self._limit = MAX_RECORDS

    @property
    def epoch(self) -> str:
        """The epoch it uploads."""
        return self._epoch

    @property
    def word(self) -> AuditReceipt | None:
        """The centre's last word in this run of the program."""
        return self._held

    def waiting(self) -> int:
        """How many records the centre does not hold yet, as far as is known."""
        word = self._held or self._store.mark(self._epoch)
        return max(0, self._reader.last_seq(self._epoch) - (word.seq if word else 0))

    def ask(self) -> AuditReceipt:
        """Let the centre say how far it holds the chain; raises as ``step``."""
        return self._exchange([])

    def step(self) -> bool:
        """Upload the next records; True when there is more to do.

        Raises ``ChainForked`` when this disk and the centre tell different stories, ``BureauError``,
        ``StoreError``, and ``ChainBroken`` when the journal itself does not hold together.
        """
        word = self._held or self.ask()
        records = self._reader.chain(self._epoch, word.seq, self._limit, MAX_BYTES)
        if not records:
            return False
        self._walk(word, records)
        try:
            self._exchange(records)
        except BureauRejected as error:
            self._smaller(error, records)
            return True
        self._limit = min(MAX_RECORDS, self._limit * 2)
        return self.waiting() > 0

    def _walk(self, word: AuditReceipt, records: Sequence[SignedRecord]) -> None:
        """Nothing that does not follow from what the centre holds leaves this machine."""
        walk = ChainWalk(records[0].record.terminal, self._epoch)
        if word.seq:
            walk.seq, walk.head = word.seq, Hash.parse(word.head)
        for signed in records:
            walk.follow(signed)

    def _exchange(self, records: Sequence[SignedRecord]) -> AuditReceipt:
        try:
            word = self._client.audit(AuditBatch(self._terminal, self._epoch, records))
        except BureauRejected as error:
            if error.code == CHAIN_FORK:
                raise ChainForked(self._epoch, self._held.seq if self._held else 0, str(error)) from error
            raise
        self._compare(word)
        # what this very batch brought does not count as held when the centre was restored
        self._store.set_mark(word, min(word.seq, records[0].record.seq - 1) if records else word.seq)
        self._held = word
        return word

    def _compare(self, word: AuditReceipt) -> None:
        """The centre must not hold more than we do, nor something else under the same number."""
        last = self._reader.last_seq(self._epoch)
        if word.seq > last:
            reason = f"the centre holds {word.seq} records and this journal {last}: an old disk came back"
            raise ChainForked(self._epoch, last, reason)
        algorithm = Hash.parse(word.head).algorithm
        if word.seq == 0:
            expected = genesis(self._terminal, self._epoch, algorithm)
        else:
            mine = self._reader.at(self._epoch, word.seq)
            if mine is None:
                raise ChainForked(self._epoch, word.seq, "the record the centre holds is missing here")
            expected = mine.hash(algorithm)
        if str(expected) != word.head:
            raise ChainForked(self._epoch, word.seq, "the centre holds another record under this number")
        before = self._store.mark(self._epoch)
        if before and before.incarnation == word.incarnation and word.seq < before.seq:
            log.error("the centre held %d records of the chain and now holds %d", before.seq, word.seq)

    def _smaller(self, error: BureauRejected, records: Sequence[SignedRecord]) -> None:
        """Halve the batch until the one record is found that the centre cannot take."""
        if not (isinstance(error, BureauTooLarge) or error.status in REFUSALS) or len(records) == 1:
            raise error
        self._limit = max(1, len(records) // 2)
