"""What the journal knows of one effect: all its records under one key, and what is still to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.records import Phase, Record, SignedRecord


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """A record with its plain body; ``body`` is None when the visit's key was shredded."""

    position: int
    signed: SignedRecord
    body: Mapping[str, Any] | None

    @property
    def record(self) -> Record:
        """The record's fields."""
        return self.signed.record

    @property
    def envelope(self) -> bytes:
        """The bytes as stored and sent."""
        return self.signed.envelope


@dataclass(frozen=True, slots=True)
class EffectHistory:
    """All records under one key, oldest first; never empty."""

    key: str
    records: tuple[OpenedRecord, ...]

    @property
    def intent(self) -> OpenedRecord:
        """What was to be done."""
        return self.records[0]

    @property
    def kind(self) -> str:
        """The kind of effect."""
        return self.intent.record.kind

    @property
    def visit(self) -> str:
        """The visit it belongs to."""
        return self.intent.record.visit

    @property
    def transaction(self) -> str:
        """The transaction it belongs to."""
        return self.intent.record.transaction

    @property
    def step(self) -> str:
        """The step of the service it was begun in."""
        return self.intent.record.step

    @property
    def phase(self) -> Phase:
        """The last phase it reached; notes do not count."""
        reached = [r.record.phase for r in self.records if r.record.phase is not Phase.NOTE]
        return reached[-1]

    @property
    def outcome(self) -> OpenedRecord | None:
        """What came of it, the latest word."""
        return self._last(Phase.OUTCOME)

    @property
    def handed_over(self) -> bool:
        """True once the sync program delivers it."""
        return self._last(Phase.HANDOVER) is not None

    @property
    def settlement(self) -> OpenedRecord | None:
        """The centre's acknowledgement as it was recorded."""
        return self._last(Phase.SETTLED)

    @property
    def settled(self) -> bool:
        """True when nothing is left to be done."""
        return self.settlement is not None

    @property
    def undecided(self) -> bool:
        """True when nobody knows yet what came of it, and finding out is not the sync program's task."""
        return self.outcome is None and not self.handed_over and not self.settled

    def _last(self, phase: Phase) -> OpenedRecord | None:
        return next((r for r in reversed(self.records) if r.record.phase is phase), None)


OpenEffect = EffectHistory
"""An effect that is not settled."""
