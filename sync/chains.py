"""All chains of one journal: this epoch's first, then what earlier enrolments left behind."""

from __future__ import annotations

import logging

from sync.client import BureauClient
from sync.errors import BureauRejected, ChainBroken, ChainForked
from sync.identity import TerminalIdentity
from sync.journal.reader import JournalReader
from sync.store import SyncStore
from sync.uploader import Uploader

log = logging.getLogger("kiosk.sync")


class Chains:
    """Uploads one step at a time. Not thread-safe: one loop uses it."""

    def __init__(
        self, identity: TerminalIdentity, reader: JournalReader, store: SyncStore, client: BureauClient
    ) -> None:
        self._reader, self._store, self._client = reader, store, client
        self.current = Uploader(identity.terminal, identity.epoch, reader, store, client)
        self._older: list[Uploader] | None = None

    def waiting(self) -> int:
        """How many records the centre does not hold yet, as far as is known."""
        return self.current.waiting() + sum(chain.waiting() for chain in self._older or [])

    def step(self) -> bool:
        """Upload the next records; True when there is more. Raises as ``Uploader.step`` for this epoch."""
        if self.current.step():
            return True
        if self._older is None:
            self._older = self._left_behind()
        while self._older:
            chain = self._older[0]
            try:
                if chain.step():
                    return True
            except (BureauRejected, ChainForked, ChainBroken) as error:
                # an epoch that ended cannot be mended from here; its records stay in the journal
                log.error("the chain of the earlier epoch %s is given up: %s", chain.epoch, error)
                given_up = self._store.get("given_up") or []
                self._store.put({"given_up": [*given_up, chain.epoch]})
            self._older.pop(0)
        return False

    def _left_behind(self) -> list[Uploader]:
        given_up = self._store.get("given_up") or []
        found = []
        for epoch in self._reader.epochs():
            first = self._reader.at(epoch, 1)
            if epoch == self.current.epoch or epoch in given_up or first is None:
                continue
            chain = Uploader(first.record.terminal, epoch, self._reader, self._store, self._client)
            if chain.waiting():
                found.append(chain)
        return found
