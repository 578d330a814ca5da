"""The outbox: the schedule kept true to journal and ``sync.db``, shared by the threads that send."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sync.backoff import Backoff
from sync.errors import StoreMissing
from sync.journal.reader import JournalReader
from sync.models import EffectAnswer
from sync.outbox.lanes import Lane
from sync.outbox.pending import Pending
from sync.outbox.schedule import Item, Schedule
from sync.outbox.verdicts import Ruling, Verdict
from sync.store import SyncStore

PARK_AFTER = 3
"""Deterministic refusals after which an effect is set aside (transactions note, 3.4)."""
T = TypeVar("T")


class Outbox:
    """What waits for delivery. Safe to use from several threads; methods raise ``StoreError``."""

    def __init__(
        self,
        reader: JournalReader,
        store: SyncStore,
        backoff: Callable[[Lane], Backoff],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with what ``sync.db`` remembers; ``refresh`` reads the journal."""
        self._reader, self._store, self._monotonic = reader, store, monotonic
        self._schedule = Schedule(backoff)
        self._pending = Pending(reader)
        self._changed = threading.Condition()
        self.life = ""  # of the centre as it answers now (``SyncStore.life``); empty while unknown
        self._receipts = store.receipts()
        self._full = store.full_answers()
        self._parked = {trouble.key for trouble in store.troubles() if trouble.parked}

    def refresh(self) -> None:
        """Read what is new in the journal; one thread does this."""
        try:
            news = self._pending.refresh()
        except StoreMissing:
            return  # kiosk run has not started yet
        with self._changed:
            self._let_wait([item for item in news.waiting if item.key not in self._receipts])
            settled = set(news.settled)
            for key in settled:
                self._schedule.remove(key, self._monotonic())
            emptied = settled & self._full
            self._full -= emptied
        if emptied:
            self._store.forget_answers(emptied)

    def send_again(self, life: str, position: int) -> int:
        """Let wait again what the centre lost before that life of it began; how many effects that are."""
        items = self._pending.lost(self._store.floors(life), position)
        with self._changed:
            lost = [item for item in items if self._receipts.get(item.key) != life]
            self._let_wait(lost)
        return len(lost)

    def take(self, wait_s: float, may_send: Callable[[float], bool]) -> Item | None:
        """The effect to send now; waits at most ``wait_s`` for one. None when there is none."""
        with self._changed:
            now = self._monotonic()
            if may_send(now):
                item = self._schedule.take(now)
                if item is not None:
                    return item
                wake_at = self._schedule.wake_at(now)
                if wake_at is not None:
                    wait_s = min(max(wake_at - now, 0.005), wait_s)
            self._changed.wait(wait_s)
        return None

    def answered(self, item: Item, answer: EffectAnswer) -> None:
        """Keep the centre's answer durably, then let the next effect of the chain go."""
        # a repeated first answer names the incarnation that gave it first, not the one that holds it now
        life = self.life or answer.incarnation
        self._store.answered(item.kind, answer, life)
        with self._changed:
            self._receipts[item.key] = life
            self._full.add(item.key)
            self._schedule.remove(item.key, self._monotonic())
            self._changed.notify_all()

    def failed(self, item: Item, ruling: Ruling) -> None:
        """Let it wait as the ruling says; refused too often, it is set aside."""
        parked = False
        if ruling.verdict is Verdict.REFUSED:
            parked = self._store.refused(item.key, ruling.reason, PARK_AFTER).parked
        with self._changed:
            now = self._monotonic()
            self._schedule.failed(item.key, ruling, now)
            if parked:
                self._parked.add(item.key)
                self._schedule.park(item.key, now)
            self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Send nothing for so long."""
        with self._changed:
            self._schedule.pause(self._monotonic() + seconds)

    def release(self, key: str) -> bool:
        """Let a parked effect be tried again; False when none is parked under that key."""
        released = self._store.release(key)
        with self._changed:
            self._parked.discard(key)
            self._schedule.release(key, self._monotonic())
            self._changed.notify_all()
        return released

    def wake(self) -> None:
        """Something outside changed: let waiting threads look again."""
        with self._changed:
            self._changed.notify_all()

    def look(self, what: Callable[[Schedule, float], T]) -> T:
        """Look at the schedule (and change nothing)."""
        with self._changed:
            return what(self._schedule, self._monotonic())

    def _let_wait(self, items: list[Item]) -> None:
        now = self._monotonic()
        for item in items:
            self._schedule.add(item, now, parked=item.key in self._parked)
        if items:
            self._changed.notify_all()
