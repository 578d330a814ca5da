"""How many of what were done today at this terminal, told by the journal's kinds and phases alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from config.clock import CHINA
from sync.errors import StoreMissing
from sync.journal.reader import JournalReader
from sync.models import EffectKind
from sync.records import Phase

COUNTED: Final[Mapping[str, str]] = {
    EffectKind.CERTIFICATE_PRINTED: "certificates",
    EffectKind.INVOICE_COMMIT: "collections",
    EffectKind.DECLARATION_SUBMIT: "declarations",
}
_PAGE: Final = 500


class Today:
    """Reads on from where it last stopped, so that asking again costs only what is new."""

    def __init__(self, journal: Path) -> None:
        self._reader = JournalReader(journal)
        self._position = 0
        self._days: dict[date, Counter[str]] = {}

    def counts(self, today: date) -> Mapping[str, int]:
        """What was begun on ``today`` (in China), by name; blocks on the file, so call it off the loop."""
        try:
            while rows := self._reader.rows(self._position, _PAGE):
                for row in rows:
                    self._position = row.position
                    if row.phase is Phase.INTENT and row.kind in COUNTED:
                        self._count(row.epoch, row.seq, COUNTED[row.kind])
        except StoreMissing:
            return {}
        self._days = {day: counts for day, counts in self._days.items() if day >= today}
        return dict(self._days.get(today, {}))

    def close(self) -> None:
        """Let go of the journal."""
        self._reader.close()

    def _count(self, epoch: str, seq: int, name: str) -> None:
        signed = self._reader.at(epoch, seq)
        if signed is not None:
            moment = datetime.fromtimestamp(signed.record.moment.wall_us / 1e6, UTC)
            self._days.setdefault(moment.astimezone(CHINA).date(), Counter())[name] += 1
