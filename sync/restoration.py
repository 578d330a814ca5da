"""Notices that the centre was restored from a backup, and has what it lost sent again.

Each answer carries the centre's *incarnation*. When it changes, the centre may have forgotten effects it had
answered; how far its audit chain still reaches tells which ones it holds for certain.
"""

from __future__ import annotations

import logging
import threading

from sync.outbox.outbox import Outbox
from sync.store import SyncStore
from sync.uploader import Uploader

log = logging.getLogger("kiosk.sync")


class Restoration:
    """``saw`` and ``hint`` may be called from any thread; ``work`` by the one that uploads."""

    def __init__(self, store: SyncStore, outbox: Outbox, uploader: Uploader) -> None:
        self._store, self._outbox, self._uploader = store, outbox, uploader
        self._lock = threading.Lock()
        self._incarnation: str | None = store.get("incarnation")
        outbox.incarnation = self._incarnation or ""
        # after a restart what is still missing is found again
        self._due = store.get("restored") is not None
        self._ask = False

    def hint(self, incarnation: str) -> None:
        """An effect's answer named that incarnation: perhaps of long ago, perhaps news."""
        self._ask = self._ask or (self._incarnation is not None and incarnation != self._incarnation)

    def saw(self, incarnation: str) -> None:
        """The centre that answers now is of that incarnation; empty when the answer did not say."""
        with self._lock:
            if not incarnation or incarnation == self._incarnation:
                return
            before, self._incarnation = self._incarnation, incarnation
            self._outbox.incarnation = incarnation
            facts: dict[str, object] = {"incarnation": incarnation}
            if before is not None:
                log.warning("the centre was restored from a backup: what it lost is sent again")
                facts["restored"] = {"incarnation": incarnation, "position": self._outbox.position}
                self._due = True
            self._store.put(facts)

    def work(self) -> None:
        """Find out what was lost and let it wait again; raises ``BureauError``, ``ChainForked``."""
        if not self._due and not self._ask:
            return
        word = self._uploader.ask()
        self._ask = False
        self.saw(word.incarnation)
        restored = self._store.get("restored")
        if not self._due or word.incarnation != restored["incarnation"]:
            return
        self._due = False
        count = self._outbox.send_again(word.incarnation, int(restored["position"]))
        log.warning("%d effects are sent again", count)
