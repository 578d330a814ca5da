"""What the simulated POS remembers without power: every reference, its batch and its counters."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from drivers.simulators.files import write_json

OPEN, APPROVED, VOIDED, DECLINED, ENDED, REVERSING, REVERSED = "OAVDEXR"
KEPT = 2000


@dataclass(slots=True)
class Record:
    """One reference. ``sent``: the bank may have it."""

    reference: str
    operation: str
    amount: int
    batch: str
    trace: str
    at: str
    original: str | None = None
    state: str = OPEN
    sent: bool = False
    result: str | None = None
    text: str | None = None
    card: str | None = None
    entry: str | None = None
    issuer: str | None = None
    rrn: str | None = None
    auth: str | None = None


@dataclass(slots=True)
class Memory:
    """Written whole after every change, as a terminal writes its flash."""

    file: Path
    records: list[Record] = field(default_factory=list)
    batch: int = 1
    trace: int = 0
    is_open: bool = False
    paper: int = 200
    settled: dict[str, Any] | None = None
    """The last settlement, as it is told when it is asked for."""

    def __post_init__(self) -> None:
        if self.file.exists():
            kept: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
            self.records = [Record(**record) for record in kept.pop("records")]
            for name, value in kept.items():
                setattr(self, name, value)

    def save(self) -> None:
        """Write it all."""
        kept = {
            "batch": self.batch,
            "trace": self.trace,
            "is_open": self.is_open,
            "paper": self.paper,
            "settled": self.settled,
        }
        write_json(self.file, {**kept, "records": [asdict(record) for record in self.records]})

    @property
    def batch_number(self) -> str:
        """The open batch, or the last one."""
        return f"{self.batch:06d}"

    def find(self, reference: str) -> Record | None:
        """The record of a reference."""
        return next((record for record in self.records if record.reference == reference), None)

    def begin(self, reference: str, operation: str, amount: int, at: str, original: str | None) -> Record:
        """Write a new reference down, before anything is done for it."""
        self.trace = self.trace % 999_999 + 1
        record = Record(reference, operation, amount, self.batch_number, f"{self.trace:06d}", at, original)
        self.records = [*self.records[1 - KEPT :], record]
        self.save()
        return record

    def counted(self, operation: str) -> tuple[int, int]:
        """Count and sum of the batch as the terminal sees it; a voided sale was a sale."""
        amounts = [
            record.amount
            for record in self.records
            if (record.batch, record.operation) == (self.batch_number, operation)
            and record.state in (APPROVED, VOIDED)
        ]
        return len(amounts), sum(amounts)

    def refunded(self, reference: str) -> int:
        """What was given back of a sale."""
        return sum(
            record.amount
            for record in self.records
            if (record.operation, record.original, record.state) == ("refund", reference, APPROVED)
        )
