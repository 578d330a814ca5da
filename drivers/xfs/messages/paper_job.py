"""Our interface for paper that must come out once: a job has the client's key, and a key prints once for ever."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final

from pydantic import Field, model_validator

from drivers.ports import PrintOutcome
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, JobKey, Payload, word


class Format(enum.StrEnum):
    """What the data is."""

    RECEIPT = "receipt"
    PDF = "pdf"
    INVOICE = "invoice"


class InvoiceIn(Payload):
    """A numbered form: its stock, its code and number, and the values of its fields (``drivers/forms.py``)."""

    form: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
    code: Annotated[str, Field(pattern=r"^[0-9]{10}([0-9]{2})?$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    fields: Annotated[dict[str, str | list[str]], Field(max_length=200, repr=False)]


class PrintIn(Payload):
    """One job; its body stands under its format's name (receipt blocks: ``drivers/receipt.py``), a PDF in ``data``."""

    job_key: JobKey
    format: Annotated[Format, word(Format)]
    data: Data | None = None
    receipt: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=500)] | None = None
    invoice: InvoiceIn | None = None
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    name: Annotated[str, Field(max_length=64)] = "document"

    @model_validator(mode="after")
    def _one_body(self) -> PrintIn:
        wanted = "data" if self.format is Format.PDF else self.format.value
        bodies = {name for name in ("data", "receipt", "invoice") if getattr(self, name) is not None}
        if bodies != {wanted}:
            raise ValueError(f"format {self.format} needs {wanted!r} and nothing else")
        return self


class PrintOut(Payload):
    """What became of the job; ``errorCode`` names the fault that spoiled it, ``sheets`` what came out.

    ``partly`` (absent for no): certainly not all of it was printed, but a part may hang out or be in a hand.
    """

    outcome: Annotated[PrintOutcome, word(PrintOutcome)]
    sheets: int = 0
    error_code: str | None = None
    partly: bool | None = None


class QueryIn(Payload):
    """Which job."""

    job_key: JobKey


class QueryOut(Payload):
    """What is known of a job; ``outcome`` is absent while it is being printed."""

    known: bool
    outcome: Annotated[PrintOutcome, word(PrintOutcome)] | None = None
    sheets: int | None = None
    error_code: str | None = None
    partly: bool | None = None


class PaperJobStatus(Payload):
    """The ``paperJob`` object of Common.Status: what the standard's Printer has no word for."""

    cover: str | None = None
    cutter: str | None = None
    head: str | None = None
    recovery: str | None = None
    fault: str | None = None


PRINT: Final = Command(
    "PaperJob.Print",
    PrintIn,
    PrintOut,
    version="1.0",
    completion="1.0",
    errors=words("keyReused numberUsed voidPending formNotFound fieldError fieldSpecFailure mediaOverflow"),
    moves=True,
    graceful=True,
)
QUERY: Final = Command("PaperJob.Query", QueryIn, QueryOut, version="1.0", completion="1.0", beside=True)
INTERFACE: Final = Interface("PaperJob", (PRINT, QUERY), status=PaperJobStatus)
