"""Our interface for forms with a number: what the standard's Printer has no word for when one is spoilt."""

from __future__ import annotations

from typing import Annotated, Final

from drivers.ports import PrintOutcome
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import JobKey, Payload, word


class VoidIn(Payload):
    """Which job's form is void; ``byHand`` when somebody has marked it 作废 already, or it is lost."""

    job_key: JobKey
    by_hand: bool = False


class ConfirmIn(Payload):
    """A job in doubt whose form somebody has looked at and found whole."""

    job_key: JobKey


class OutcomeOut(Payload):
    """What the job has come to."""

    outcome: Annotated[PrintOutcome, word(PrintOutcome)]


VOID_CURRENT: Final = Command(
    "InvoicePrinter.VoidCurrent",
    VoidIn,
    OutcomeOut,
    version="1.0",
    completion="1.0",
    errors=words("unknownJob noMediaPresent paperOut paperJammed coverOpen deviceOffline"),
    moves=True,
    operator=True,
    graceful=True,
)
CONFIRM: Final = Command(
    "InvoicePrinter.Confirm",
    ConfirmIn,
    OutcomeOut,
    version="1.0",
    completion="1.0",
    errors=words("unknownJob"),
    operator=True,
)
INTERFACE: Final = Interface("InvoicePrinter", (VOID_CURRENT, CONFIRM))
