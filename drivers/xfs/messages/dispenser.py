"""Our interface for paper invoices, which leave their unit in order, by number, once."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field, model_validator

from drivers.ports import DispensedItem
from drivers.xfs.catalogue import Command, Event, Interface, words
from drivers.xfs.payload import JobKey, Nothing, Payload, UnitId, word

InvoiceCode = Annotated[str, Field(pattern=r"^[0-9]{10,12}$")]
InvoiceNumber = Annotated[str, Field(pattern=r"^([0-9]{8}|[0-9]{20})$")]
"""8 digits on paper invoices, 20 on those of the unified kind (domain note, section 2.3): no unit feeds another."""


class Outcome(enum.StrEnum):
    """How far the feeding went."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class JobState(enum.StrEnum):
    """Where a job stands. ``dispensing`` with an outcome: fed, and waiting to be presented."""

    DISPENSING = "dispensing"
    PARTIAL = "partial"
    PRESENTED = "presented"
    TAKEN = "taken"
    RETRACTED = "retracted"
    RECONCILE = "reconcile"


class RangeStatus(enum.StrEnum):
    """Whether a unit may dispense. ``locked`` after a wrong number, ``quarantined`` while counts are in doubt.

    ``otherMachine``: quarantined because the machine was changed for another since its numbers were entered.
    ``missing``: it is pulled out, or the machine has none of that name.
    """

    OK = "ok"
    LOCKED = "locked"
    QUARANTINED = "quarantined"
    OTHER_MACHINE = "otherMachine"
    MISSING = "missing"


class Item(Payload):
    """One sheet: the number expected and read, and where it lies (tray, reject, transport, retract)."""

    number: str
    read: str | None = None
    position: str
    fault: str | None = None

    @classmethod
    def of(cls, item: DispensedItem) -> Item:
        """The message of what the port told."""
        return cls(number=item.expected, read=item.read, position=item.position, fault=item.fault)


class DispenseIn(Payload):
    """Feed ``first`` to ``last`` of invoices ``code`` from ``unit``."""

    job_key: JobKey
    unit: UnitId
    code: InvoiceCode
    first: InvoiceNumber
    last: InvoiceNumber

    @model_validator(mode="after")
    def _ordered(self) -> DispenseIn:
        if len(self.first) != len(self.last) or self.first > self.last:
            raise ValueError("'last' must have as many digits as 'first' and not come before it")
        return self


class DispenseOut(Payload):
    """Every sheet that moved, and the number that lies in front of the unit now."""

    outcome: Annotated[Outcome, word(Outcome)]
    items: list[Item]
    next_number: str | None = None


class ItemBody(Payload):
    """One sheet has come to rest; ``index`` counts from 0."""

    index: int
    expected: str
    read: str | None = None
    position: str
    fault: str | None = None


class JobIn(Payload):
    """Which job."""

    job_key: JobKey


class TakenBody(Payload):
    """Whose sheets were taken."""

    job_key: str


class TakenOut(Payload):
    """False when the tray is still full at the end of the wait."""

    taken: bool


class RetractOut(Payload):
    """What was taken back."""

    count: int
    numbers: list[str]


class QueryOut(Payload):
    """What is known of a job, and what the dispenser senses now (absent when it does not answer)."""

    known: bool
    state: Annotated[JobState, word(JobState)] | None = None
    outcome: Annotated[Outcome, word(Outcome)] | None = None
    error_code: str | None = None
    items: list[Item] | None = None
    next_number: str | None = None
    sensors: dict[str, object] | None = None

    @model_validator(mode="after")
    def _whole(self) -> QueryOut:
        if self.known and (self.state is None or self.items is None):
            raise ValueError("a known job has a state and items")
        return self


class UnitRange(Payload):
    """The numbers left in a unit of ``loaded`` sheets; ``code`` and the numbers are absent when none were loaded."""

    code: str | None = None
    kind: str | None = None
    next: str | None = None
    last: str | None = None
    count: int
    loaded: int | None = None
    status: Annotated[RangeStatus, word(RangeStatus)]
    reason: str | None = None


class ExchangeBy(enum.StrEnum):
    """Whose storage exchange is under way, as seen by the connection that asks.

    ``left``: it was begun by a connection that has ended since, or before a restart; whoever comes may go on with it.
    """

    NOBODY = "nobody"
    OWN = "own"
    OTHER = "other"
    LEFT = "left"


class Ranges(Payload):
    """Ranges by unit, and whose exchange is under way."""

    units: dict[str, UnitRange]
    exchange: Annotated[ExchangeBy, word(ExchangeBy)] | None = None


class SetRangeIn(Payload):
    """What the staff have put into a unit; its front sheet bears ``first``."""

    unit: UnitId
    code: InvoiceCode
    kind: Annotated[str, Field(min_length=1, max_length=64)]
    first: InvoiceNumber
    last: InvoiceNumber

    @model_validator(mode="after")
    def _ordered(self) -> SetRangeIn:
        if len(self.first) != len(self.last) or self.first > self.last:
            raise ValueError("'last' must have as many digits as 'first' and not come before it")
        return self


class UnitIn(Payload):
    """Which unit."""

    unit: UnitId


class DispenserStatus(Payload):
    """The ``invoiceDispenser`` object of Common.Status."""

    transport: str | None = None
    shutter: str | None = None
    output_position: str | None = None
    media: str | None = None
    cover: str | None = None
    reject_bin: str | None = None
    retract_bin: str | None = None
    units: dict[str, str] | None = None


_MOTION = """empty jammed doubleFeed numberMismatch countUncertain mediaRetained rejectBinFull retractBinFull
    exchangeActive invalidUnit unitLocked shutterFail keyReused unknownJob nothingToPresent cabinetOpen"""
ITEM: Final = Event("InvoiceDispenser.ItemEvent", ItemBody, "1.0")
MEDIA_TAKEN: Final = Event("InvoiceDispenser.MediaTakenEvent", TakenBody, "1.0", unsolicited=True)
DISPENSE: Final = Command(
    "InvoiceDispenser.Dispense",
    DispenseIn,
    DispenseOut,
    version="1.0",
    completion="1.0",
    errors=words(_MOTION),
    events=(ITEM,),
    moves=True,
    graceful=True,
)
PRESENT: Final = Command(
    "InvoiceDispenser.Present",
    JobIn,
    Nothing,
    version="1.0",
    completion="1.0",
    errors=words(_MOTION),
    moves=True,
    graceful=True,
)
WAIT_TAKEN: Final = Command(
    "InvoiceDispenser.WaitTaken",
    JobIn,
    TakenOut,
    version="1.0",
    completion="1.0",
    errors=words(_MOTION),
    beside=True,
    moves=True,
)
RETRACT: Final = Command(
    "InvoiceDispenser.Retract",
    JobIn,
    RetractOut,
    version="1.0",
    completion="1.0",
    errors=words(_MOTION),
    moves=True,
    graceful=True,
)
RESET: Final = Command(
    "InvoiceDispenser.Reset",
    Nothing,
    Nothing,
    version="1.0",
    completion="1.0",
    errors=words(_MOTION),
    moves=True,
    graceful=True,
)
QUERY: Final = Command("InvoiceDispenser.Query", JobIn, QueryOut, version="1.0", completion="1.0")
GET_RANGES: Final = Command(
    "InvoiceDispenser.GetRanges", Nothing, Ranges, version="1.0", completion="1.0", beside=True
)
SET_RANGE: Final = Command(
    "InvoiceDispenser.SetRange",
    SetRangeIn,
    Nothing,
    version="1.0",
    completion="1.0",
    errors=words("invalidUnit noExchangeActive rangeOverlaps numberMismatch empty transactionActive"),
    operator=True,
)
UNLOCK: Final = Command(
    "InvoiceDispenser.Unlock",
    UnitIn,
    Nothing,
    version="1.0",
    completion="1.0",
    errors=words("invalidUnit mediaRetained numberMismatch"),
    operator=True,
)
INTERFACE: Final = Interface(
    "InvoiceDispenser",
    (DISPENSE, PRESENT, WAIT_TAKEN, RETRACT, RESET, QUERY, GET_RANGES, SET_RANGE, UNLOCK),
    (MEDIA_TAKEN,),
    DispenserStatus,
)
