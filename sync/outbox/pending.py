"""The outbox as a query over the journal: what was handed over and has no receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.effects import EFFECT_KINDS
from sync.journal.reader import JournalReader, Row
from sync.outbox.lanes import lane_of
from sync.outbox.schedule import Item
from sync.records import Phase


@dataclass(frozen=True, slots=True)
class News:
    """What the journal told: effects to deliver, and effects that are settled."""

    waiting: list[Item] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """An effect seen in the journal and not settled yet."""

    item: Item
    handed_over: bool = False


class Pending:
    """Follows the journal from position to position. Not thread-safe: one loop uses it."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader
        self._known: dict[str, _Known] = {}
        self._position = 0

    @property
    def position(self) -> int:
        """How far the journal was read."""
        return self._position

    def refresh(self) -> News:
        """What is new since the last time; raises ``StoreError``."""
        news = News()
        while rows := self._reader.rows(self._position):
            for row in rows:
                self._take(row, news)
            self._position = rows[-1].position
        return news

    def lost(self, floors: Mapping[str, int], position: int) -> list[Item]:
        """What a restored centre does not hold any more (``floors``: how far it holds each epoch).

        Everything delivered whose settlement the restored chain does not show, whether sync or the kiosk
        delivered it, as far as the journal went (``position``) when the restoration was noticed.
        """
        effects: dict[str, tuple[Item, set[Phase], bool]] = {}
        after = 0
        while rows := self._reader.rows(after):
            for row in rows:
                if row.key is None or row.position > position:
                    continue
                if row.phase is Phase.INTENT and row.kind in EFFECT_KINDS:
                    effects[row.key] = (_item(row), set(), False)
                elif row.key in effects:
                    item, phases, held = effects[row.key]
                    phases.add(row.phase)
                    held = held or (row.phase is Phase.SETTLED and row.seq <= floors.get(row.epoch, 0))
                    effects[row.key] = (item, phases, held)
            after = rows[-1].position
        delivered = {Phase.SETTLED, Phase.HANDOVER}
        return [item for item, phases, held in effects.values() if phases & delivered and not held]

    def _take(self, row: Row, news: News) -> None:
        if row.key is None:
            return
        if row.phase is Phase.INTENT:
            self._known[row.key] = _Known(_item(row))
            return
        known = self._known.get(row.key)
        if known is None:
            return
        if row.phase is Phase.HANDOVER and not known.handed_over:
            known.handed_over = True
            news.waiting.append(known.item)
        elif row.phase is Phase.SETTLED:
            del self._known[row.key]
            news.settled.append(row.key)
            news.waiting[:] = [item for item in news.waiting if item.key != row.key]


def _item(row: Row) -> Item:
    return Item(row.key or "", row.kind, row.order_tag, row.position, lane_of(row.kind))
