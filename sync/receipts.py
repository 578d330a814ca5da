"""What the sync program found out, as other programs read it: answers, what is parked, link and clock."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from sync.crypto import KeyStore, open_keystore
from sync.errors import StoreError, StoreMissing
from sync.journal.moments import boot_id
from sync.models import EffectAnswer
from sync.store import Trouble, receipt_context
from sync.store_reader import StoreReader
from sync.store_tables import mark, receipt, state, trouble

DRIFT_PPM = 200
"""A cheap quartz over its temperature range, with a margin; widens the clock's error bound with time."""

ESTIMATE_S = 10.0
"""How long a clock estimate is used before the file is read again."""


@dataclass(frozen=True, slots=True)
class ClockEstimate:
    """How the business clock compared with the bureau's: offset and its uncertainty, and when (same boot)."""

    offset_ms: int
    error_ms: int
    boot_id: str
    mono_ms: int

    @classmethod
    def parse(cls, fact: object) -> ClockEstimate | None:
        """From the stored fact; None when there is none."""
        if not isinstance(fact, Mapping):
            return None
        return cls(int(fact["offset_ms"]), int(fact["error_ms"]), str(fact["boot_id"]), int(fact["mono_ms"]))

    def bound_ms(self, now_mono_ms: int, boot: str) -> int | None:
        """How wrong the clock may be now, in milliseconds; None after a restart of the machine."""
        if boot != self.boot_id:
            return None
        elapsed = max(0, now_mono_ms - self.mono_ms)
        return abs(self.offset_ms) + self.error_ms + elapsed * DRIFT_PPM // 1_000_000 + 1


class Receipts:
    """Reads ``sync.db``; while it does not exist yet, nothing is known. Raises ``StoreError`` otherwise."""

    def __init__(self, path: Path, keystore: KeyStore | None = None) -> None:
        """``keystore`` opens the answers; by default the one beside the file."""
        self._store = StoreReader(path)
        self._keystore = keystore
        self._estimate: ClockEstimate | None = None
        self._estimate_until = 0.0

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def for_key(self, key: str) -> EffectAnswer | None:
        """The centre's answer to an effect; None while there is none, or after it was settled and emptied."""
        query = select(receipt.c.answer).where(receipt.c.key == key)
        try:
            with self._store.reading() as connection:
                sealed = connection.execute(query).scalar()
        except StoreMissing:
            return None
        if sealed is None:
            return None
        if self._keystore is None:
            self._keystore = open_keystore(self._store.path.parent)
        return EffectAnswer.told(self._keystore.unwrap(sealed, receipt_context(key)))

    def parked(self) -> list[Trouble]:
        """Effects set aside for a person to look at."""
        query = select(trouble).where(trouble.c.parked == 1).order_by(trouble.c.changed_us)
        try:
            with self._store.reading() as connection:
                rows = connection.execute(query).all()
        except StoreMissing:
            return []
        return [Trouble(row.key, row.refusals, True, row.reason) for row in rows]

    def fact(self, name: str) -> Any:
        """A single fact the sync program keeps (``status``, ``clock``, ``fork`` …), or None."""
        try:
            with self._store.reading() as connection:
                text = connection.execute(select(state.c.value).where(state.c.name == name)).scalar()
        except StoreMissing:
            return None
        return None if text is None else json.loads(text)

    def keys(self) -> set[str]:
        """Effects that the centre has answered."""
        try:
            with self._store.reading() as connection:
                return set(connection.execute(select(receipt.c.key)).scalars())
        except StoreMissing:
            return set()

    def held_seq(self, epoch: str) -> int:
        """How far the centre holds the audit chain of an epoch, by its last word."""
        try:
            with self._store.reading() as connection:
                return int(connection.execute(select(mark.c.seq).where(mark.c.epoch == epoch)).scalar() or 0)
        except StoreMissing:
            return 0

    def online(self) -> bool | None:
        """Whether the sync program reached the centre last time; None when it never tried."""
        status = self.fact("status")
        return None if not isinstance(status, Mapping) else bool(status.get("online"))

    def clock_error_ms(self) -> int | None:
        """The present bound of the wall clock's error in milliseconds, for ``Journal.open``; None if unknown.

        Never raises: a record can always be made.
        """
        now = time.monotonic()
        if now >= self._estimate_until:
            self._estimate_until = now + ESTIMATE_S
            with suppress(StoreError):
                self._estimate = ClockEstimate.parse(self.fact("clock"))
        return None if self._estimate is None else self._estimate.bound_ms(int(now * 1000), boot_id())
