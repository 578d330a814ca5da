"""How the sync program is doing, in one small document for the screen, the command line and the staff."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sync.errors import StoreMissing
from sync.journal.reader import JournalReader
from sync.outbox.pending import Pending
from sync.outbox.schedule import Schedule
from sync.receipts import Receipts


@dataclass(frozen=True, slots=True)
class Status:
    """Counts and reasons; nothing personal. Durations in seconds."""

    online: bool = True
    down_s: float | None = None
    reason: str = ""
    queue: int = 0
    lanes: dict[str, int] = field(default_factory=dict)
    oldest_s: float | None = None
    parked: int = 0
    held: str = ""
    fork: str = ""
    audit_waiting: int = 0
    audit_trouble: str = ""
    delivered: int = 0
    last_error: str = ""

    @property
    def idle(self) -> bool:
        """True when nothing is left to be delivered or uploaded (parked effects wait for a person)."""
        return not self.queue and not self.audit_waiting

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def differs(self, other: Status | None) -> bool:
        """True when something but the passing of time has changed."""
        if other is None:
            return True
        still = {"down_s": None, "oldest_s": None}
        return self.to_dict() | still != other.to_dict() | still

    def line(self) -> str:
        """One line for ``systemctl status``."""
        link = "online" if self.online else "offline"
        extra = [f"{self.parked} parked"] if self.parked else []
        extra += ["HELD"] if self.held else []
        extra += ["FORKED"] if self.fork else []
        return ", ".join([link, f"{self.queue} waiting", f"{self.audit_waiting} to upload", *extra])


@dataclass(frozen=True, slots=True)
class Queue:
    """What the schedule looks like at one moment."""

    waiting: int
    lanes: dict[str, int]
    oldest_s: float | None
    parked: int

    @classmethod
    def of(cls, schedule: Schedule, now: float) -> Queue:
        """Count; under the outbox's lock."""
        lanes = Counter(item.lane.name.lower() for item in schedule.items())
        return cls(len(schedule), dict(lanes), schedule.oldest(now), len(schedule.parked))


def told(state_dir: Path) -> dict[str, Any]:
    """What the sync program last said, with what is left by the files; empty when it never ran."""
    receipts = Receipts(state_dir / "sync.db")
    said = receipts.fact("status")
    return said | left(JournalReader(state_dir / "journal.db"), receipts) if isinstance(said, dict) else {}


def left(reader: JournalReader, receipts: Receipts) -> dict[str, int]:
    """What is left to be delivered and uploaded by the files alone, whether or not the program runs."""
    try:
        waiting = {item.key for item in Pending(reader).refresh().waiting}
        epochs = reader.epochs()
        upload = reader.last_seq(epochs[-1]) - receipts.held_seq(epochs[-1]) if epochs else 0
    except StoreMissing:
        return {"queue": 0, "parked": 0, "audit_waiting": 0}
    parked = {trouble.key for trouble in receipts.parked()}
    waiting -= receipts.keys()
    return {
        "queue": len(waiting - parked),
        "parked": len(waiting & parked),
        "audit_waiting": max(0, upload),
    }
