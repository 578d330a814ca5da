"""Notices that the centre was restored from a backup, and has what it lost sent again.

Each answer carries the centre's *incarnation*. When it changes, or the centre's audit chain goes back, a new
*life* of it has begun: it may have forgotten effects it had answered. How far its chain still reaches tells
which ones it holds for certain.
"""

from __future__ import annotations

import logging
import threading

from sync.errors import StoreMissing
from sync.journal.reader import JournalReader
from sync.outbox.outbox import Outbox
from sync.store import SyncStore
from sync.uploader import Uploader

log = logging.getLogger("kiosk.sync")


class Restoration:
    """``saw`` and ``hint`` may be called from any thread; ``work`` by the one that uploads."""

    def __init__(self, reader: JournalReader, store: SyncStore, outbox: Outbox, uploader: Uploader) -> None:
        self._reader, self._store, self._outbox, self._uploader = reader, store, outbox, uploader
        self._lock = threading.Lock()
        self._incarnation: str | None = store.get("incarnation")
        outbox.life = store.life(self._incarnation) if self._incarnation else ""
        # after a restart what is still missing is found again
        self.due = self._open = store.get("restored") is not None
        self._ask = False

    def hint(self, incarnation: str) -> None:
        """An effect's answer named that incarnation: perhaps of long ago, perhaps news."""
        self._ask = self._ask or (self._incarnation is not None and incarnation != self._incarnation)

    def saw(self, incarnation: str) -> None:
        """The centre that answers now is of that incarnation; empty when the answer did not say."""
        if not incarnation:
            return
        with self._lock:
            life = self._store.life(incarnation)
            if life == self._outbox.life:
                return
            before, self._outbox.life = self._outbox.life, life
            self._incarnation = incarnation
            facts: dict[str, object] = {"incarnation": incarnation}
            if before:
                log.warning("the centre was restored from a backup: what it lost is sent again")
                facts["restored"] = {"life": life, "position": self._end()}
                self.due = self._open = True
            self._store.put(facts)

    def work(self) -> None:
        """Find out what was lost and let it wait again; raises ``BureauError``, ``ChainForked``."""
        if not self.due and not self._ask:
            return
        word = self._uploader.ask()
        self._ask = False
        self.saw(word.incarnation)
        restored = self._store.get("restored")
        if not self.due or self._outbox.life != restored["life"]:
            return
        if count := self._outbox.send_again(self._outbox.life, int(restored["position"])):
            log.warning("%d effects are sent again", count)
        self.due = False

    def settle(self) -> None:
        """Nothing waits any more: what was lost is delivered and need not be looked for at the next start."""
        if not self.due and self._open:
            self._open = False
            self._store.put({"restored": None})

    def _end(self) -> int:
        """How far the journal goes: whatever was delivered until now may be lost."""
        try:
            return self._reader.end()
        except StoreMissing:
            return 0
