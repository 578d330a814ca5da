"""A job of the dispenser and its sheets, as the book holds them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from drivers.books.totals import Totals
from drivers.ports import DispensedItem

KIND: Final = "dispense"
FEEDING: Final = "feeding"
"""Position of the one sheet that may be moving."""
DOUBLE: Final = "doubleFeed"
"""Fault of a sheet with which another came along."""
REJECT_FULL: Final = "rejectBinFull"
"""Error code, and what holds a sheet in the transport: the bin that it is to go into has no room."""
RETRACT_FULL: Final = "retractBinFull"
NOT_TAKEN: Final = "notTaken"
"""Error code of a job whose sheets left the tray when the person's time was over and they could not be drawn back."""


class JobStage(enum.StrEnum):
    """Where a job stands in the book."""

    FEEDING = "feeding"
    FED = "fed"
    PRESENTING = "presenting"
    PRESENTED = "presented"
    TAKEN = "taken"
    RETRACTING = "retracting"
    RETRACTED = "retracted"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One numbered sheet of a job."""

    index: int
    number: str
    read: str | None
    position: str
    fault: str | None
    before: Totals | None = None

    def item(self) -> DispensedItem:
        """As the port tells it."""
        return DispensedItem(self.number, self.read, self.position, self.fault)


@dataclass(frozen=True, slots=True)
class DispenseJob:
    """One job as entered; ``totals`` are the hardware's when its stage was written."""

    key: str
    unit: str
    code: str
    first: str
    last: str
    client: str
    stage: JobStage = JobStage.FEEDING
    doubt: JobStage | None = None
    outcome: str | None = None
    error_code: str | None = None
    totals: Totals | None = None
    sheets: tuple[Sheet, ...] = ()
    overdue: bool = False
    """The person's time is over, and the sheets could not be drawn back: who takes them now may be the staff."""

    @property
    def in_tray(self) -> tuple[Sheet, ...]:
        """The sheets that were brought to the tray."""
        return tuple(sheet for sheet in self.sheets if sheet.position == "tray")

    @property
    def fingerprint(self) -> str:
        """What the key stands for."""
        return f"{self.unit}:{self.code}:{self.first}-{self.last}"

    @property
    def waits_for_staff(self) -> bool:
        """Whether its sheets lie in the tray only because nothing could draw them back."""
        return self.overdue and self.stage is JobStage.PRESENTED

    @property
    def open(self) -> bool:
        """Whether its sheets lie, or may lie, in the tray."""
        if self.stage is JobStage.FED:
            return bool(self.in_tray)
        return self.stage in (JobStage.FEEDING, JobStage.PRESENTING, JobStage.PRESENTED, JobStage.RETRACTING)


def detail_of(job: DispenseJob) -> dict[str, Any]:
    """The ``detail`` column of a job."""
    return {
        "unit": job.unit,
        "code": job.code,
        "first": job.first,
        "last": job.last,
        "doubt": job.doubt.value if job.doubt else None,
        "totals": job.totals.store() if job.totals else None,
        "overdue": job.overdue,
    }


def job_of(row: Row[Any], found: tuple[Sheet, ...]) -> DispenseJob:
    """The job of a row of ``jobs`` and its sheets."""
    detail = row.detail
    return DispenseJob(
        row.key,
        detail["unit"],
        detail["code"],
        detail["first"],
        detail["last"],
        row.client,
        JobStage(row.state),
        JobStage(detail["doubt"]) if detail.get("doubt") else None,
        row.outcome,
        row.error_code,
        Totals.load(detail.get("totals")),
        found,
        detail.get("overdue", False),
    )


def sheet_of(row: Row[Any]) -> Sheet:
    """The sheet of a row of ``sheets``."""
    return Sheet(row.position_in_job, row.number, row.read, row.position, row.fault, Totals.load(row.before))
